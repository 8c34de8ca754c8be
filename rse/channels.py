"""The channels, declared through the same socket as the features."""

from rse.branding import privacy as branding_privacy
from rse.branding import web as branding_web
from rse.feature import Feature
from rse.federation import cards, outbox
from rse.federation import privacy as federation_privacy
from rse.federation.events import ActivitiesArrived, ActivitiesQueued
from rse.federation.io import apply, delivery, housekeeping, pull, routes
from rse.identity import privacy as identity_privacy
from rse.identity.events import PersonChanged, PersonDeactivated, PersonReactivated
from rse.identity.sessions import forget_expired
from rse.kernel.schedule import Timed
from rse.ldap import jobs as ldap_jobs
from rse.ldap import privacy as ldap_privacy
from rse.mail import digest_letters as mail_digests
from rse.mail import drafts as mail_drafts
from rse.mail import notice_letters as mail_notices
from rse.mail import privacy as mail_privacy
from rse.mail import process as mail_process
from rse.mail import serving as mail_serving
from rse.mail import web as mail_web
from rse.mail.events import MailQueued
from rse.mail.out import queue as mail_queue
from rse.notifications import privacy as notifications_privacy
from rse.notifications import reactions as notifications_reactions
from rse.notifications import trace as notifications_trace
from rse.notifications import web as notifications_web
from rse.notifications.actions import forget_old, wake
from rse.notifications.events import NoticesCreated, PushQueued
from rse.notifications.push import sending as push_sending
from rse.privacy import web as privacy_web
from rse.privacy.answers import NothingKept
from rse.realtime import process as realtime_process
from rse.realtime import reactions as realtime_reactions
from rse.realtime import topics as realtime_topics
from rse.realtime import web as realtime_web
from rse.search import index as search_index
from rse.search import privacy as search_privacy
from rse.search import web as search_web

identity = Feature(
    name="identity",
    title="Identity",
    models="rse.identity.models",
    privacy=identity_privacy,
    schedule=[Timed(name="identity.sessions", seconds=3600, run=forget_expired)],
)

federation = Feature(
    name="federation",
    title="Federation",
    models="rse.federation.io.models",
    privacy=federation_privacy,
    web=routes.blueprint,
    reactions={
        ActivitiesArrived: [apply.apply_arrived],
        ActivitiesQueued: [delivery.wake_up],
        PersonDeactivated: [outbox.tell_of_standing],
        PersonReactivated: [outbox.tell_of_standing],
        PersonChanged: [cards.tell_of_card],
    },
    schedule=[
        Timed(name="federation.deliver", seconds=1, run=delivery.keep_delivering),
        Timed(name="federation.apply", seconds=5, run=apply.retry_waiting),
        Timed(name="federation.pull", seconds=300, run=pull.catch_up_all),
        Timed(name="federation.forget", seconds=3600, run=housekeeping.tidy),
    ],
)

realtime = Feature(
    name="realtime",
    title="Live signals",
    models=None,
    privacy=NothingKept(),
    web=realtime_web.blueprint,
    reactions={PersonDeactivated: [realtime_reactions.hang_up]},
    topics=[realtime_topics.ONESELF],
    start=realtime_process.start,
    stop=realtime_process.stop,
)

notifications = Feature(
    name="notifications",
    title="Notifications",
    models="rse.notifications.models",
    privacy=notifications_privacy,
    web=notifications_web.blueprint,
    reactions={
        NoticesCreated: [notifications_reactions.ring, push_sending.spread],
        PushQueued: [push_sending.send],
    },
    navigation=[notifications_web.navigation],
    counts=[notifications_web.count_for_bell],
    schedule=[
        Timed(name="notifications.old", seconds=86_400, run=forget_old),
        Timed(name="notifications.traces", seconds=86_400, run=notifications_trace.forget_old),
        Timed(name="notifications.wake", seconds=30, run=wake),
        Timed(name="notifications.held", seconds=30, run=push_sending.spread_held),
    ],
)

privacy = Feature(
    name="privacy",
    title="Privacy",
    models=None,
    privacy=NothingKept(),
    web=privacy_web.blueprint,
    navigation=[privacy_web.navigation],
)

branding = Feature(
    name="branding",
    title="Brand",
    models=None,
    privacy=branding_privacy,
    web=branding_web.blueprint,
)


ldap = Feature(
    name="ldap",
    title="Directories",
    models="rse.ldap.models",
    privacy=ldap_privacy,
    schedule=ldap_jobs.SCHEDULE,
    start=ldap_jobs.start,
)


mail = Feature(
    name="mail",
    title="Mail",
    models="rse.mail.models",
    privacy=mail_privacy,
    web=mail_web.blueprint,
    reactions={
        NoticesCreated: [mail_notices.send_notice],
        MailQueued: [mail_queue.send_now],
    },
    schedule=[
        Timed(name="mail.queue", seconds=5, run=mail_queue.send_due),
        Timed(name="mail.digests", seconds=60, run=mail_digests.queue_due),
        Timed(name="mail.settled", seconds=86400, run=mail_queue.forget_settled),
        Timed(name="mail.drafts", seconds=86400, run=mail_drafts.forget_expired),
        Timed(name="mail.raw", seconds=86400, run=mail_serving.purge),
    ],
    start=mail_process.start,
)

search = Feature(
    name="search",
    title="Search",
    models="rse.search.models",
    privacy=search_privacy,
    web=search_web.blueprint,
    schedule=[Timed(name="search.fill", seconds=3600, run=search_index.fill_when_empty)],
)

CHANNELS: tuple[Feature, ...] = (
    identity,
    branding,
    realtime,
    notifications,
    mail,
    federation,
    ldap,
    privacy,
    search,
)

"""The channels, declared through the same socket as the features."""

from rse.branding import privacy as branding_privacy, web as branding_web
from rse.feature import Feature
from rse.identity import privacy as identity_privacy
from rse.identity.sessions import forget_expired
from rse.identity.events import PersonDeactivated
from rse.kernel.schedule import Timed
from rse.notifications import privacy as notifications_privacy
from rse.privacy import web as privacy_web
from rse.privacy.answers import NothingKept
from rse.realtime import process as realtime_process
from rse.realtime import reactions as realtime_reactions
from rse.realtime import topics as realtime_topics
from rse.realtime import web as realtime_web

identity = Feature(
    name="identity",
    title="Identity",
    models="rse.identity.models",
    privacy=identity_privacy,
    schedule=[Timed(name="identity.sessions", seconds=3600, run=forget_expired)],
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

privacy = Feature(
    name="privacy",
    title="Privacy",
    models=None,
    privacy=NothingKept(),
    web=privacy_web.blueprint,
)

branding = Feature(
    name="branding",
    title="Brand",
    models=None,
    privacy=branding_privacy,
    web=branding_web.blueprint,
)

notifications = Feature(
    name="notifications",
    title="Notifications",
    models="rse.notifications.models",
    privacy=notifications_privacy,
)

federation = Feature(
    name="federation",
    title="Federation",
    models="rse.federation.io.models",
    privacy=NothingKept(),
)

CHANNELS: tuple[Feature, ...] = (identity, branding, realtime, notifications, federation, privacy)

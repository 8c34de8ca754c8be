"""The spaces feature."""

from rse.feature import Feature
from rse.federation.types import (
    PartnerResumed,
    PartnerSuspended,
    PartnerTerminated,
    ShareAccepted,
    ShareEnded,
)
from rse.identity.events import PersonArrived, PersonDeactivated, PersonReactivated
from rse.ldap.events import PlacesRead
from rse.people.audiences import audiences
from rse.people.tabs import add_profile_tab
from rse.profile_fields.circles import Circles, circles
from rse.realtime.topics import Topic

from . import (
    events,
    federation,
    navigation,
    notices,
    privacy,
    profile,
    queries,
    reactions,
    search,
    web,
)


async def start() -> None:
    """The composer suggests who can read the space; a profile shows the spaces one shares."""
    audiences["space"] = queries.readers
    circles["space"] = Circles(among=queries.joined_among, of=queries.circles_of)
    add_profile_tab(profile.TAB)


feature = Feature(
    name="spaces",
    title="Spaces",
    models="rse.spaces.models",
    privacy=privacy,
    web=web.blueprint,
    reactions={
        PersonArrived: [reactions.welcome],
        PersonReactivated: [reactions.welcome, federation.tell_partners],
        PersonDeactivated: [federation.tell_partners, reactions.hand_over],
        events.AccessRequested: [reactions.tell_moderators],
        events.RequestAccepted: [reactions.tell_accepted],
        events.PersonInvited: [reactions.tell_invited],
        events.OwnershipPassed: [reactions.tell_heir],
        events.SpaceOrphaned: [reactions.tell_administrators],
        events.MemberJoined: [federation.tell_partners],
        events.MemberLeft: [
            federation.tell_partners,
            reactions.stop_listening,
            reactions.forget_notices,
        ],
        events.SpaceCreated: [search.index_space],
        events.SpaceChanged: [search.index_space, reactions.stop_listening],
        PlacesRead: [reactions.keep_places],
        ShareAccepted: [federation.make_mirror, federation.tell_partners],
        ShareEnded: [federation.close_mirrors],
        PartnerSuspended: [federation.close_mirrors],
        PartnerTerminated: [federation.close_mirrors],
        PartnerResumed: [federation.reopen_mirrors],
    },
    inbox={
        ("Join", "Group"): federation.receive_join,
        ("Leave", "Group"): federation.receive_leave,
    },
    objects={"spaces": federation.group},
    notices=notices.KINDS,
    search=[search.SPACE],
    topics=[Topic("space", queries.may_listen)],
    navigation=[navigation.contribute],
    start=start,
)

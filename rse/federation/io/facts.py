"""Looks up what a decision depends on, for many activities of one partner at once."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from rse.federation import registry
from rse.federation.core.authz import Facts, Owner, Place
from rse.federation.core.ids import belongs
from rse.federation.core.vocab import Activity, Note, Ref
from rse.federation.names import local_object, on_loopback, our_actor, our_origin
from rse.kernel.reads import rows

from .senders import Sender


class OpenShare(NamedTuple):
    """A share as far as a decision asks."""

    id: int
    invite_uri: str
    group_uri: str
    state: str
    hosted_by_us: bool
    space_id: int | None


class Trace(NamedTuple):
    """What is known of an object a partner made: where it is, or that it is buried."""

    buried: bool
    uri: str
    partner_id: int
    author_uri: str
    space_id: int | None


SHARES = """
SELECT id, invite_uri, group_uri, state, hosted_by_us, space_id FROM fed_share
WHERE partner_id = ? AND state IN ('invited', 'accepted', 'active')
"""
TRACES = """
SELECT 0, uri, partner_id, author_uri, space_id FROM fed_object WHERE uri IN ({marks})
UNION ALL SELECT 1, uri, partner_id, author_uri, space_id FROM fed_tombstone WHERE uri IN ({marks})
"""
PEOPLE = "SELECT uri FROM person WHERE organisation_id = ? AND uri IN ({marks})"


class Ledger:
    """The shares, objects and people that a batch of activities speaks of, each read once."""

    def __init__(self, partner: Sender) -> None:
        self._partner = partner
        self._spaces: dict[str, int] = {}
        self._opening: set[str] = set()
        self._invites: dict[str, OpenShare] = {}
        self._objects: dict[str, Trace] = {}
        self._graves: dict[str, Trace] = {}
        self._people: set[str] = set()
        self._ours: dict[str, str | None] = {}

    @classmethod
    async def about(cls, partner: Sender, activities: Sequence[Activity]) -> "Ledger":
        ledger = cls(partner)
        await ledger._read_shares()
        await ledger._read_objects({uri for activity in activities for uri in _named(activity)})
        actors = {activity.actor for activity in activities if activity.card is None}
        if actors:
            found = await rows(str, _marked(PEOPLE, actors), partner.organisation_id, *actors)
            ledger._people = set(found)
        return ledger

    def space_of(self, audience: str | None) -> int | None:
        """Our number of the space an activity names, if it is shared with this partner."""
        return self._spaces.get(audience or "")

    def share_of(self, activity: Activity) -> OpenShare | None:
        """The open share whose invitation the activity answers or ends."""
        return self._invites.get(activity.object_id)

    def knows(self, uri: str) -> bool:
        return uri in self._objects

    def facts(self, activity: Activity) -> Facts:
        """What is true of one activity."""
        partner = self._partner
        note = activity.object if isinstance(activity.object, Note) else None
        return Facts(
            partner_origin=partner.origin,
            our_origin=our_origin(),
            partner_actor=partner.actor,
            our_actor=our_actor(),
            partner_state=partner.state,
            shared=self.space_of(activity.audience) is not None,
            opening=activity.audience in self._opening,
            object_owner=self._owner(activity),
            object_place=self._place(activity.object_id, activity.audience),
            parent=self._place(note.in_reply_to, note.audience)
            if note and note.in_reply_to
            else "none",
            tombstoned=activity.about_id in self._graves,
            grave_owner=self._grave_owner(activity),
            grave_here=self._grave_is_here(activity),
            partnership=partner.partnership_uri,
            awaited=self._is_awaited(activity),
            introduced=activity.card is not None or activity.actor in self._people,
            loopback=on_loopback(),
        )

    async def _read_shares(self) -> None:
        for share in await rows(OpenShare, SHARES, self._partner.id):
            self._invites[share.invite_uri] = share
            if share.state == "active" and share.space_id is not None:
                self._spaces[share.group_uri] = share.space_id
            elif share.hosted_by_us or share.state == "accepted":
                self._opening.add(share.group_uri)

    async def _read_objects(self, uris: set[str]) -> None:
        if not uris:
            return
        for trace in await rows(Trace, _marked(TRACES, uris), *uris, *uris):
            if trace.buried:
                self._graves[trace.uri] = trace
            else:
                self._objects[trace.uri] = trace
        for uri in uris:
            if (ours := local_object(uri)) is not None:
                document = await registry.load(*ours, self._partner.id)
                self._ours[uri] = _audience(document) if document else None

    def _owner(self, activity: Activity) -> Owner:
        uri = activity.about_id
        if belongs(uri, our_origin(), loopback=on_loopback()):
            return "us"
        known = self._objects.get(uri)
        if known is None:
            return "unknown"
        if known.partner_id != self._partner.id:
            return "other"
        return "actor" if known.author_uri == activity.actor else "colleague"

    def _grave_owner(self, activity: Activity) -> Owner:
        grave = self._graves.get(activity.about_id)
        if grave is None:
            return "unknown"
        if grave.partner_id != self._partner.id:
            return "other"
        return "actor" if grave.author_uri == activity.actor else "colleague"

    def _grave_is_here(self, activity: Activity) -> bool:
        grave = self._graves.get(activity.about_id)
        # What was deleted before it came lay nowhere yet: it may come to any shared space.
        return grave is not None and grave.space_id in (None, self.space_of(activity.audience))

    def _place(self, uri: str, audience: str | None) -> Place:
        if uri in self._ours:
            found = self._ours[uri]
            return "here" if found is not None and found == audience else "elsewhere"
        known = self._objects.get(uri)
        if known is not None:
            mine = known.partner_id == self._partner.id
            here = mine and known.space_id == self.space_of(audience)
            return "here" if here else "elsewhere"
        own = belongs(uri, self._partner.origin, loopback=on_loopback())
        return "unknown" if own else "elsewhere"

    def _is_awaited(self, activity: Activity) -> bool:
        share = self.share_of(activity)
        if share is None or not isinstance(activity.object, Ref):
            return False
        if activity.type == "Undo":
            return True
        return share.hosted_by_us and share.state == "invited"


def _marked(sql: str, values: Collection[str]) -> str:
    return sql.format(marks=",".join("?" * len(values)))


def _named(activity: Activity) -> list[str]:
    note = activity.object
    parent = note.in_reply_to if isinstance(note, Note) else None
    return [activity.about_id, *([parent] if parent else [])]


def _audience(document: object) -> str | None:
    audience = document.get("audience") if isinstance(document, dict) else None
    return audience if isinstance(audience, str) else None

"""Who may: a total, table-driven function. This module is the only one that says yes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .ids import belongs
from .vocab import Activity, Note

Code = Literal["allow", "duplicate", "defer", "malformed", "forbidden"]
Owner = Literal["unknown", "actor", "colleague", "us", "other"]
Place = Literal["none", "unknown", "here", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Decision:
    code: Code
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a decision depends on, looked up before; the defaults grant nothing."""

    partner_origin: str
    our_origin: str
    partner_actor: str
    our_actor: str
    partner_state: str
    # The space the activity names, as far as this very partner is concerned.
    shared: bool = False
    # Sharing was agreed by one side and its confirmation is on the way, on another lane.
    opening: bool = False
    object_owner: Owner = "unknown"
    object_place: Place = "unknown"
    parent: Place = "none"
    tombstoned: bool = False
    # Whose a deleted object was, and whether it lay in the space the activity names.
    grave_owner: Owner = "unknown"
    grave_here: bool = False
    # The federation id of the partnership of the two, on the partner's side.
    partnership: str = ""
    # The activity answers or ends something that is open between the two of us.
    awaited: bool = False
    # The actor's card came along or is known from before.
    introduced: bool = False
    loopback: bool = False


Check = Callable[[Activity, Facts], Decision | None]

ALLOW = Decision("allow")


def decide(activity: Activity, facts: Facts) -> Decision:
    """The decision for any activity and any facts; what no row allows is refused."""
    if facts.partner_state != "active":
        return Decision("forbidden", "the partnership is not active")
    rows = _TABLE.get(activity.key)
    if rows is None:
        return Decision("malformed", "no such activity between partners")
    for check in (*_ALWAYS, *rows):
        refusal = check(activity, facts)
        if refusal is not None:
            return refusal
    return ALLOW


def _actor_of_partner(activity: Activity, facts: Facts) -> Decision | None:
    if belongs(activity.actor, facts.partner_origin, loopback=facts.loopback):
        return None
    return Decision("forbidden", "the actor belongs to another origin than the key")


def _id_of_partner(activity: Activity, facts: Facts) -> Decision | None:
    if belongs(activity.id, facts.partner_origin, loopback=facts.loopback):
        return None
    return Decision("malformed", "the activity lies on another origin than its actor")


def _object_of_partner(activity: Activity, facts: Facts) -> Decision | None:
    if belongs(activity.object_id, facts.partner_origin, loopback=facts.loopback):
        return None
    if facts.object_owner in ("us", "other"):
        return Decision("forbidden", "the object belongs to another company")
    return Decision("malformed", "the object lies on another origin than its actor")


def _by_a_person(activity: Activity, facts: Facts) -> Decision | None:
    if activity.actor != facts.partner_actor:
        return None
    return Decision("forbidden", "an instance does not speak as a person")


def _introduced(activity: Activity, facts: Facts) -> Decision | None:
    return None if facts.introduced else Decision("malformed", "nobody knows this person")


def _by_the_instance(activity: Activity, facts: Facts) -> Decision | None:
    if activity.actor == facts.partner_actor:
        return None
    return Decision("forbidden", "only the instance itself may say this")


def _about_themselves(activity: Activity, facts: Facts) -> Decision | None:
    if activity.object_id == activity.actor:
        return None
    return Decision("forbidden", "only a person's own profile may be changed")


def _note_by_actor(activity: Activity, facts: Facts) -> Decision | None:
    note = activity.object
    if isinstance(note, Note) and note.attributed_to == activity.actor:
        return None
    return Decision("forbidden", "the object is attributed to somebody else")


def _note_in_audience(activity: Activity, facts: Facts) -> Decision | None:
    note = activity.object
    if isinstance(note, Note) and note.audience == activity.audience:
        return None
    return Decision("malformed", "the object is addressed to another space than the activity")


def _shared_space(activity: Activity, facts: Facts) -> Decision | None:
    if activity.audience and facts.shared:
        return None
    if activity.audience and facts.opening:
        return Decision("defer", "the space is not open yet")
    return Decision("forbidden", "the space is not shared with this partner")


def _group_is_audience(activity: Activity, facts: Facts) -> Decision | None:
    if activity.object_id == activity.audience:
        return None
    return Decision("malformed", "the group is not the audience")


def _not_buried(activity: Activity, facts: Facts) -> Decision | None:
    return Decision("duplicate", "the object was deleted") if facts.tombstoned else None


def _not_there_yet(activity: Activity, facts: Facts) -> Decision | None:
    if facts.object_owner == "unknown":
        return None
    if facts.object_owner == "actor":
        return Decision("duplicate", "the object is here already")
    return Decision("forbidden", "the object exists and is somebody else's")


def _own_object(activity: Activity, facts: Facts) -> Decision | None:
    if facts.object_owner == "unknown":
        return Decision("defer", "the object has not arrived")
    return _own_or_unknown(activity, facts)


def _own_or_unknown(activity: Activity, facts: Facts) -> Decision | None:
    if facts.object_owner not in ("actor", "unknown"):
        return Decision("forbidden", "the object is somebody else's")
    if facts.object_place == "elsewhere":
        return Decision("malformed", "an object does not change its space")
    return None


def _own_grave(activity: Activity, facts: Facts) -> Decision | None:
    """Only who deleted may bring back, in the same place; nothing else is ever woken."""
    if not belongs(activity.about_id, facts.partner_origin, loopback=facts.loopback):
        return Decision("malformed", "what was deleted lies on another origin")
    if not facts.tombstoned:
        if facts.object_owner == "unknown":
            return Decision("defer", "the deletion has not arrived")
        return Decision("duplicate", "the object is not deleted")
    if facts.grave_owner == "actor" and facts.grave_here:
        return None
    return Decision("forbidden", "the object was somebody else's, or elsewhere")


def _this_partnership(activity: Activity, facts: Facts) -> Decision | None:
    if facts.partnership and activity.object_id == facts.partnership:
        return None
    return Decision("forbidden", "this is about another partnership")


def _object_in_space(activity: Activity, facts: Facts) -> Decision | None:
    if facts.object_place == "here":
        return None
    if facts.object_place == "unknown":
        return Decision("defer", "the object has not arrived")
    return Decision("forbidden", "the object is not in this space")


def _parent_in_space(activity: Activity, facts: Facts) -> Decision | None:
    if facts.parent in ("none", "here"):
        return None
    if facts.parent == "unknown":
        return Decision("defer", "what it answers has not arrived")
    return Decision("forbidden", "what it answers is not in this space")


def _for_us(activity: Activity, facts: Facts) -> Decision | None:
    if activity.target == facts.our_actor:
        return None
    return Decision("forbidden", "the invitation is for somebody else")


def _awaited(activity: Activity, facts: Facts) -> Decision | None:
    return None if facts.awaited else Decision("forbidden", "nothing of ours is answered by this")


_ALWAYS: Sequence[Check] = (_actor_of_partner, _id_of_partner)
_PERSON: Sequence[Check] = (_by_a_person, _introduced)

_TABLE: Mapping[tuple[str, str], Sequence[Check]] = {
    ("Create", "Note"): (
        *_PERSON, _object_of_partner, _note_by_actor, _note_in_audience, _shared_space,
        _not_buried, _not_there_yet, _parent_in_space,
    ),
    ("Update", "Note"): (
        *_PERSON, _object_of_partner, _note_by_actor, _note_in_audience, _shared_space,
        _not_buried, _own_object,
    ),
    ("Delete", "Note"): (
        *_PERSON, _object_of_partner, _shared_space, _not_buried, _own_or_unknown,
    ),
    ("Update", "Person"): (*_PERSON, _object_of_partner, _about_themselves),
    ("Undo", "Delete"): (*_PERSON, _object_of_partner, _shared_space, _own_grave),
    ("Delete", "Person"): (*_PERSON, _object_of_partner, _about_themselves),
    ("Update", "Partnership"): (_by_the_instance, _this_partnership),
    ("Like", "Note"): (*_PERSON, _shared_space, _not_buried, _object_in_space),
    ("Undo", "Like"): (*_PERSON, _object_of_partner, _shared_space, _not_buried, _own_object),
    ("Join", "Group"): (*_PERSON, _group_is_audience, _shared_space),
    ("Leave", "Group"): (*_PERSON, _group_is_audience, _shared_space),
    ("Invite", "Group"): (_by_the_instance, _object_of_partner, _for_us),
    ("Accept", "Invite"): (_by_the_instance, _awaited),
    ("Reject", "Invite"): (_by_the_instance, _awaited),
    ("Undo", "Invite"): (_by_the_instance, _awaited),
}  # fmt: skip

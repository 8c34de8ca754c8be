"""Reads of mutes: whom an event leaves alone, and the list of one's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.kernel.reads import ids, rows
from rse.kernel.text import excerpt, to_plain
from rse.spaces import rules as spaces
from rse.spaces.models import Membership, Space

from . import queries
from .models import Mute, Post
from .rows import Id

PERSON, THREAD, SPACE = "person", "thread", "space"


async def without_mutes(person_ids: Iterable[int], targets: Sequence[int]) -> list[int]:
    """Those who muted none of these: the person, the thread, the space."""
    people = list(person_ids)
    deaf = set(await ids(Mute.filter(target_id__in=list(targets)), "person_id"))
    return [number for number in people if number not in deaf]


@dataclass(frozen=True, slots=True)
class Muted:
    """A line of one's own list; a name of what one may not see any more is not said."""

    id: int
    kind: str
    name: str
    url: str


async def mutes_of(person: Person) -> list[Muted]:
    """What somebody muted, the latest first: four reads, however many."""
    found = await Mute.filter(person_id=person.id).order_by("-id")
    numbers = {
        kind: [mute.target_id for mute in found if mute.kind == kind]
        for kind in (PERSON, THREAD, SPACE)
    }
    people = {one.id: one.display_name for one in await Person.filter(id__in=numbers[PERSON])}
    places = await _names_of_spaces(person, numbers[SPACE])
    threads = await _names_of_threads(person, numbers[THREAD])
    names = {**people, **places, **threads}
    page = {PERSON: "people", THREAD: "posts", SPACE: "spaces"}
    return [
        Muted(
            mute.target_id, mute.kind, names.get(mute.target_id, ""),
            f"/{page[mute.kind]}/{to_public(mute.target_id)}",
        )
        for mute in found
    ]  # fmt: skip


async def _names_of_spaces(person: Person, numbers: list[int]) -> dict[int, str]:
    mine = {
        row.space_id: row
        for row in await Membership.filter(person_id=person.id, space_id__in=numbers)
    }
    found = await Space.filter(id__in=numbers)
    return {s.id: s.name for s in found if spaces.may_see(person, s, mine.get(s.id))}


async def _names_of_threads(person: Person, numbers: list[int]) -> dict[int, str]:
    readable = await queries.readable_among(person, numbers)
    found = await Post.filter(id__in=readable)
    return {post.id: post.title or excerpt(to_plain(post.html), 80) for post in found}


async def is_muted(person_id: int, target_id: int) -> bool:
    """Whether somebody has muted this. Hot: on the page of every space."""
    sql = "SELECT id FROM mute WHERE person_id = ? AND target_id = ?"
    return bool(await rows(Id, sql, person_id, target_id))

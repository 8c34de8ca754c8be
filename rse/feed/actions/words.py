"""From what was typed, or came from a partner, to words that are safe to show."""

from dataclasses import dataclass, field

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from rse.feed.drafts import Arrived
from rse.feed.groups import Group, groups_for
from rse.feed.models import GroupMention, Mention
from rse.identity.models import Person
from rse.kernel.errors import Conflict, Invalid
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.kernel.text import clean_line, handles_in, render_markdown, sanitise, to_plain
from rse.spaces import queries as spaces
from rse.spaces.models import JOINED

MOST_NAMED = 50
# Signs after an @ that name nobody, as in pasted code, are no fault up to here.
MOST_HANDLES = 500


@dataclass(frozen=True, slots=True)
class Words:
    """A text three ways: as typed, as shown, and whom it names."""

    source: str
    html: str
    named: list[Person] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


async def words_of(
    author: Person, body: str, space_id: int, arrived: Arrived | None = None
) -> Words:
    """Render what was typed; sanitise what a partner sent."""
    if arrived and arrived.html is not None:
        html = sanitise(arrived.html)
        named = await _readers(space_id).filter(id__in=list(arrived.named or ())).distinct()
        return Words(body or to_plain(html), html, named)
    handles = handles_in(body, limit=10_000)
    named = await _people_named(handles, space_id)
    pages = {person.handle: f"/people/{to_public(person.id)}" for person in named}
    groups = await _groups_named([name for name in handles if name not in pages], author, space_id)
    pages |= {group.handle: group.url for group in groups}
    return Words(body, render_markdown(body, pages), named, groups)


async def _groups_named(handles: list[str], author: Person, space_id: int) -> list[Group]:
    """The spaces and companies a text names; Invalid where that would tell too many people."""
    if not handles:
        return []
    found = [g for g in await groups_for(author, space_id) if g.handle in handles]
    for group in found:
        if not group.is_allowed:
            sentence = _(
                "@%(name)s has %(n)s members: only its moderators can mention it. Write its name"
                " without @.",
                name=group.handle,
                n=group.size,
            )
            raise Invalid(sentence, {"body": sentence})
    return found


def not_empty(body: str, *, has_files: bool = False) -> None:
    """Invalid unless there is something to say or to show."""
    if not clean_line(body, 20) and not has_files:
        sentence = _("Write something first.")
        raise Invalid(sentence, {"body": sentence})


def changed_meanwhile() -> Conflict:
    """For an edit that began from words which are not the present ones any more."""
    return Conflict(
        _("This was changed elsewhere meanwhile. Your words are kept below; compare and save.")
    )


async def _people_named(handles: list[str], space_id: int) -> list[Person]:
    """Those a text names who may read it. Nobody else is named, and nobody else is told."""
    if not handles:
        return []
    found = (
        await _readers(space_id, open_to_us=await spaces.is_open(space_id))
        .filter(handle__in=handles[:MOST_HANDLES])
        .distinct()
        .limit(MOST_HANDLES)
    )
    if len({person.handle for person in found}) > MOST_NAMED or len(handles) > MOST_HANDLES:
        sentence = _("Name at most %(n)s people at once.", n=MOST_NAMED)
        raise Invalid(sentence, {"body": sentence})
    # Where two companies have the same handle, ours is meant.
    by_handle = {person.handle: person for person in sorted(found, key=lambda p: p.is_local)}
    return list(by_handle.values())


def _readers(space_id: int, *, open_to_us: bool = False) -> QuerySet[Person]:
    inside = Q(memberships__space_id=space_id, memberships__status=JOINED)
    return Person.filter(inside | Q(uri=None) if open_to_us else inside, status="active")


async def remember_mentions(words: Words, *, target_id: int, post_id: int) -> None:
    """Bring the mentions of a text up to date, inside the caller's transaction."""
    wanted = {person.id for person in words.named}
    known = {row.person_id for row in await Mention.filter(target_id=target_id)}
    await Mention.filter(target_id=target_id, person_id__in=list(known - wanted)).delete()
    await Mention.bulk_create(
        Mention(target_id=target_id, post_id=post_id, person_id=number)
        for number in sorted(wanted - known)
    )
    await GroupMention.filter(target_id=target_id).delete()
    await GroupMention.bulk_create(
        GroupMention(target_id=target_id, post_id=post_id, kind=group.kind, group_id=group.id)
        for group in words.groups
    )

"""Reads of whom a text names beside single people: spaces, partner companies, and who is missed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Q

from rse.federation import queries as federation
from rse.identity.models import ACTIVE, Person
from rse.kernel.ids import to_public
from rse.kernel.reads import ids
from rse.kernel.text import handles_in
from rse.spaces.models import JOINED, OPEN, Membership, Space

from . import rules
from .models import Comment, GroupMention, Mention, Post

SPACE, COMPANY = "space", "company"
MOST_OF_A_COMPANY = 200


@dataclass(frozen=True, slots=True)
class Group:
    """A space or a partner company, as one writer may mention it."""

    kind: str
    id: int
    name: str
    size: int
    url: str
    is_allowed: bool = True

    @property
    def handle(self) -> str:
        return rules.handle_of(self.name)


async def groups_for(author: Person, space_id: int) -> list[Group]:
    """What one can mention in a space: the spaces one is in, and the companies that read it."""
    mine = (
        await Membership.filter(person_id=author.id, status=JOINED, space__archived_at=None)
        .select_related("space")
        .order_by("-space__last_post_id")
        .limit(200)
    )
    spaces = [
        Group(
            SPACE, row.space.id, row.space.name, row.space.member_count,
            f"/spaces/{to_public(row.space.id)}",
            rules.may_mention_all(row.space.member_count, row),
        )
        for row in mine
    ]  # fmt: skip
    companies = [
        Group(COMPANY, card.organisation_id, card.name, 0, f"/spaces/{to_public(space_id)}/members")
        for card in await federation.partners_of(space_id)
    ]
    return [*spaces, *companies]


async def suggested(author: Person, text: str, space_id: int | None) -> list[Group]:
    """Groups whose handle has a word that begins like `text`, while one types."""
    begun = rules.handle_of(text)
    if not begun:
        return []
    found = await groups_for(author, space_id or 0)
    return [g for g in found if g.is_allowed and f"-{g.handle}".find(f"-{begun}") >= 0][:4]


async def named_ids(target_id: int) -> list[int]:
    """Everybody of ours a post or comment names: by themselves, or with a space they are in."""
    one_by_one = await ids(Mention.filter(target_id=target_id), "person_id")
    spaces = await ids(GroupMention.filter(target_id=target_id, kind=SPACE), "group_id")
    if not spaces:
        return one_by_one
    inside = Membership.filter(
        space_id__in=spaces, status=JOINED, person__uri=None, person__status=ACTIVE
    )
    return list(dict.fromkeys([*one_by_one, *await ids(inside, "person_id")]))


async def named_for_partners(item: Post | Comment, space_id: int) -> Sequence[Person]:
    """Whom a partner is told of: those named, and their own people who are named as a group."""
    named = [m.person for m in await Mention.filter(target_id=item.id).select_related("person")]
    groups = await GroupMention.filter(target_id=item.id)
    if not groups:
        return named
    numbers = [group.group_id for group in groups]
    theirs = (
        await Person.filter(
            Q(organisation_id__in=numbers) | Q(memberships__space_id__in=numbers),
            id__in=await _outside_members(space_id),
            status=ACTIVE,
        )
        .distinct()
        .limit(MOST_OF_A_COMPANY)
    )
    return [*named, *(person for person in theirs if person not in named)]


async def _outside_members(space_id: int) -> list[int]:
    inside = Membership.filter(space_id=space_id, status=JOINED).exclude(person__uri=None)
    return await ids(inside.limit(1000), "person_id")


async def missed(source: str, space_id: int) -> list[Person]:
    """Our people a text names who cannot read it: its author should know."""
    handles = handles_in(source)
    if not handles:
        return []
    if await Space.exists(id=space_id, access=OPEN):
        return []
    named = await Person.filter(handle__in=handles, uri=None, status=ACTIVE).order_by("id")
    inside = await ids(
        Membership.filter(
            space_id=space_id, status=JOINED, person_id__in=[person.id for person in named]
        ),
        "person_id",
    )
    return [person for person in named if person.id not in set(inside)]

"""Members and invitations, as administrators see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rse.admin import rules
from rse.config import settings
from rse.identity import invitations
from rse.identity.models import ACTIVE, ADMIN, DEACTIVATED, Account, Invitation, Person, Session
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.pages import NEWEST, Page, page_of
from rse.kernel.reads import rows
from rse.people.audiences import Where
from rse.people.queries import beyond, name_words

PAGE = 50
FILTERS = ("", "admins", "off", "local", "directory")


class MemberRow(NamedTuple):
    """One of our people with their account."""

    id: int
    display_name: str
    title: str
    avatar_digest: str | None
    status: str
    email: str | None
    login: str
    source: str
    role: str

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN

    @property
    def directory(self) -> str:
        return rules.directory_of(self.source)


_COLUMNS = """
    SELECT p.id, p.display_name, p.title, p.avatar_digest, p.status, p.email,
           a.login, a.source, a.role
    FROM account a JOIN person p ON p.id = a.person_id
"""
_CHOSEN = {
    "": Where("1 = 1", ()),
    "admins": Where("a.role = ?", (ADMIN,)),
    "off": Where("p.status = ?", (DEACTIVATED,)),
    "local": Where("a.source = ?", ("local",)),
    "directory": Where("a.source <> ?", ("local",)),
}


async def members(text: str = "", chosen: str = "", after: int | None = None) -> Page[MemberRow]:
    """Everybody with an account, by name. Hand-written for the row comparison of its keyset."""
    where = [_CHOSEN.get(chosen, _CHOSEN[""]), *name_words(text, _TYPED)]
    if after is not None:
        where.append(await beyond(after))
    conditions = " AND ".join(f"({part.sql})" for part in where)
    found = await rows(
        MemberRow,
        f"{_COLUMNS} WHERE {conditions} ORDER BY p.search_name, p.id LIMIT {PAGE + 1}",
        *(value for part in where for value in part.values),
    )
    return page_of(found, lambda member: member.id, PAGE)


_TYPED = ("a.login", "p.email")


async def member(person_id: int) -> Account:
    """The door to one member's account."""
    account = await Account.get_or_none(person_id=person_id).select_related("person__organisation")
    if account is None:
        raise NotFound(_("This person has no account here."))
    return account


async def last_seen(account_id: int) -> datetime | None:
    newest = await Session.filter(account_id=account_id).order_by("-last_seen_at").first()
    return newest.last_seen_at if newest else None


async def session_count(account_id: int) -> int:
    return await Session.filter(account_id=account_id).count()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of ours there are."""

    active: int
    off: int
    admins: int
    outside: int


async def counts() -> Counts:
    ours = Person.filter(uri=None, account__id__isnull=False)
    return Counts(
        active=await ours.filter(status=ACTIVE).count(),
        off=await ours.filter(status=DEACTIVATED).count(),
        admins=await Account.filter(role=ADMIN, person__status=ACTIVE).count(),
        outside=await Person.filter(uri__isnull=False, status=ACTIVE).count(),
    )


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation with the address of its link, while it is open."""

    id: int
    email: str
    domain: str
    inviter: str
    uses_left: int
    expires_at: datetime
    is_open: bool
    is_cancelled: bool
    url: str


async def invitation_rows(before: int | None = None) -> Page[InvitationRow]:
    found = (
        await Invitation.filter(id__lt=before or NEWEST)
        .select_related("invited_by")
        .order_by("-id")
        .limit(PAGE + 1)
    )
    page = page_of(found, lambda invitation: invitation.id, PAGE)
    return Page(_invitation_rows(page.items), page.next_cursor)


def _invitation_rows(found: Sequence[Invitation]) -> list[InvitationRow]:
    return [
        InvitationRow(
            id=one.id,
            email=one.email,
            domain=one.domain,
            inviter=one.invited_by.display_name,
            uses_left=one.uses_left,
            expires_at=one.expires_at,
            is_open=invitations.is_open(one),
            is_cancelled=one.cancelled_at is not None,
            url=f"{settings().origin}/join/{invitations.invitation_token(one)}",
        )
        for one in found
    ]


async def invitation(invitation_id: int) -> Invitation:
    """The door to one invitation."""
    found = await Invitation.get_or_none(id=invitation_id)
    if found is None:
        raise NotFound(_("This invitation does not exist."))
    return found

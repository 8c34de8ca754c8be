"""People in a person's own export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Account, Invitation, OneTimeLink, Person, Session


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "profile": await Person.filter(id=person_id).values(
            "handle",
            "display_name",
            "title",
            "about",
            "email",
            "phone",
            "mobile",
            "site",
            "pronouns",
            "details",
            "manager__display_name",
            "shows_presence",
            "language",
            "timezone",
        ),
        "account": await Account.filter(person_id=person_id).values("login", "source", "role"),
        "sessions": await Session.filter(account__person_id=person_id).values(
            "created_at", "last_seen_at", "browser"
        ),
        "invitations": await Invitation.filter(invited_by_id=person_id).values(
            "email", "domain", "expires_at"
        ),
    }


async def erase(person_id: int) -> None:
    """Remove the account and what names the person; an anonymous author remains."""
    await OneTimeLink.filter(account__person_id=person_id).delete()
    await Invitation.filter(invited_by_id=person_id).delete()
    await Account.filter(person_id=person_id).delete()
    await Person.filter(manager_id=person_id).update(manager_id=None)
    await Person.filter(id=person_id).update(
        display_name="–", search_name="", title="", about="", email=None, phone="",
        mobile="", site="", pronouns="", manager_id=None, details={},
        avatar_digest=None, handle=f"gone.{person_id}",
    )  # fmt: skip

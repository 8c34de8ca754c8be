"""Reads for signing in, joining and the settings page."""

import re
from dataclasses import dataclass
from datetime import datetime

from rse.identity import sessions
from rse.identity.models import ACTIVE, ADMIN, Account, Organisation, Person, Session
from rse.identity.sign_in import LOCAL
from rse.kernel.i18n import gettext as _
from rse.kernel.reads import ids

from .models import JoinRequest

_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
_SYSTEM_NAMES = {"Macintosh": "macOS"}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One signed-in browser as the settings page lists it."""

    id: int
    browser: str
    network: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


async def has_admin() -> bool:
    return await Account.exists(role=ADMIN)


async def our_name() -> str:
    """The company's name, as everybody before sign-in may know it."""
    ours = await Organisation.get_or_none(is_ours=True)
    return ours.name if ours else ""


async def resettable_account(address: str) -> Account | None:
    """The one active account with a password of ours and this mail address."""
    found = (
        await Account.filter(
            person__email=address, source=LOCAL, person__status="active", person__uri=None
        )
        .select_related("person")
        .limit(2)
    )
    return found[0] if len(found) == 1 else None


async def login_taken(login: str) -> bool:
    return await Account.exists(login=login)


async def address_taken(address: str) -> bool:
    return await Person.exists(email=address, uri=None) or await Account.exists(login=address)


async def session_rows(current: Session) -> list[SessionRow]:
    return [
        SessionRow(
            found.id,
            describe_browser(found.browser),
            found.network,
            found.created_at,
            found.last_seen_at,
            found.id == current.id,
        )
        for found in await sessions.sessions_of(current.account_id)
    ]


def describe_browser(agent: str) -> str:
    """« Firefox on Linux »: enough to recognise one's own."""
    browser = next((name for name in _BROWSERS if re.search(rf"\b{name}", agent)), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    if browser and system:
        return _(
            "%(browser)s on %(system)s",
            browser=_NAMES.get(browser, browser),
            system=_SYSTEM_NAMES.get(system, system),
        )
    return _NAMES.get(browser, browser) or _("Another program")


async def waiting(limit: int = 100) -> list[JoinRequest]:
    """Who waits to be let in, the longest waiting first."""
    return await JoinRequest.all().order_by("id").limit(limit)


async def admin_ids() -> list[int]:
    """The people who administrate and are here."""
    return await ids(Account.filter(role=ADMIN, person__status=ACTIVE), "person_id")

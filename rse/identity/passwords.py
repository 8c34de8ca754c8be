"""Rules for a new password, in sentences that say what to do, and its change."""

from rse.kernel.db import transaction
from rse.kernel.errors import Invalid
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext
from rse.kernel.text import fold

from .models import Account, OneTimeLink
from .sessions import end_sessions

SHORTEST, LONGEST = 12, 200


def complaint(password: str, *names: str) -> str:
    """What to change about a new password; empty when it will do. `names`: login, mail address."""
    if len(password) < SHORTEST:
        return ngettext(
            "Use at least %(n)s character; a short sentence is easy to remember.",
            "Use at least %(n)s characters; a short sentence is easy to remember.",
            SHORTEST,
        )
    if len(password) > LONGEST:
        return ngettext("Use at most %(n)s character.", "Use at most %(n)s characters.", LONGEST)
    if "\0" in password:
        return _("Leave out the invisible character.")
    if fold(password) in {fold(name) for name in names if name}:
        return _("Choose something else than your login or mail address.")
    if len(set(password)) < 4:
        return _("Use more different characters.")
    return ""


def require_good(password: str, *names: str, field: str = "password") -> None:
    """Invalid with a sentence for `field` when the password will not do."""
    if sentence := complaint(password, *names):
        raise Invalid(_("Please check the marked fields."), {field: sentence})


async def set_password(account: Account, hashed: str, *, keep_session: int | None = None) -> None:
    """Replace the password's hash; every other session and every link given out ends with it."""
    async with transaction():
        await Account.filter(id=account.id).update(password_hash=hashed)
        await OneTimeLink.filter(account_id=account.id, used_at=None).delete()
        await end_sessions(account.id, keep=keep_session)

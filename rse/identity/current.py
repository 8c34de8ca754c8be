"""Who is asking, for the length of a request."""

from contextvars import ContextVar

from rse.kernel.errors import NotAllowed, SignInRequired
from rse.kernel.i18n import gettext as _

from .models import Account, Person, Session

_session: ContextVar[Session | None] = ContextVar("current_session", default=None)


def set_current_session(session: Session | None) -> None:
    """Called by each edge before anything else."""
    _session.set(session)


def current_session() -> Session | None:
    return _session.get()


def current_account() -> Account:
    """The account that asks; SignInRequired when nobody is signed in."""
    session = _session.get()
    if session is None:
        raise SignInRequired(_("Please sign in."))
    return session.account


def current_person() -> Person:
    """The person who asks; SignInRequired when nobody is signed in."""
    return current_account().person


def current_admin() -> Account:
    """The administrator who asks; NotAllowed for everybody else."""
    account = current_account()
    if not account.is_admin:
        raise NotAllowed(_("Only administrators can open this page."))
    return account

"""Server-side sessions: opened at sign-in, listed, ended one by one or all at once."""

from collections import OrderedDict
from datetime import timedelta
from typing import TypeVar

from rse.kernel import clock, reads
from rse.kernel.crypto import hash_token, same, token
from rse.kernel.models import Record

from .models import ACTIVE, Account, Session

RecordT = TypeVar("RecordT", bound=Record)

LIFETIME = timedelta(days=30)
IDLE = timedelta(days=14)
_TOUCH_EVERY = timedelta(minutes=5)


async def open_session(account: Account, *, browser: str = "", network: str = "") -> str:
    """A new session; the token for the cookie, which is kept nowhere."""
    key, secret = token(12), token(32)
    await Session.create(
        account_id=account.id,
        token_key=key,
        token_hash=hash_token(secret),
        expires_at=clock.now() + LIFETIME,
        browser=browser[:120],
        network=network[:64],
    )
    return f"{key}.{secret}"


# Everything a request may see of who asks. One row, compared whole: what changed is read anew.
WHO_ASKS = """
SELECT s.*, a.*, p.*, o.* FROM session s JOIN account a ON a.id = s.account_id
JOIN person p ON p.id = a.person_id JOIN organisation o ON o.id = p.organisation_id
WHERE s.token_key = ?
"""


async def session_for(presented: str) -> Session | None:
    """The live session of a cookie, with its account and person; None for any other."""
    key, _dot, secret = presented.partition(".")
    if not key or not secret or len(key) > 32 or len(presented) > 200:
        return None
    session = await _known.session(key)
    now = clock.now()
    if session is None or not same(bytes(session.token_hash), hash_token(secret)):
        return None
    if session.expires_at < now or session.last_seen_at < now - IDLE:
        return None
    if session.account.person.status != ACTIVE:
        return None
    if session.last_seen_at < now - _TOUCH_EVERY:
        await Session.filter(id=session.id).update(last_seen_at=now)
    return session


class _Known:
    """Sessions met before. Each request still asks for their row, so an end or a change acts at
    once; only building the objects from it is spared."""

    def __init__(self, most: int = 5000) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[tuple[object, ...], Session]] = OrderedDict()

    async def session(self, key: str) -> Session | None:
        rows = await reads.settled_rows(_whole, WHO_ASKS, key)
        if not rows:
            self._kept.pop(key, None)
            return None
        found = rows[0]
        kept = self._kept.get(key)
        if kept is None or kept[0] != found:
            session = await Session.get_or_none(token_key=key).select_related(
                "account__person__organisation"
            )
            if session is None:
                return None
            kept = self._kept[key] = (found, session)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return _copy(kept[1])


def _whole(*columns: object) -> tuple[object, ...]:
    return columns


def _copy(session: Session) -> Session:
    """A request may change its objects and then fail: the next one must not see that."""
    mine, account, person = _twin(session), _twin(session.account), _twin(session.account.person)
    account.person, mine.account = person, account
    return mine


def _twin(record: RecordT) -> RecordT:
    """What `copy` does, without its detour through pickling: on every request."""
    twin = object.__new__(type(record))
    twin.__dict__.update(record.__dict__)
    return twin


_known = _Known()


async def end_session(session_id: int, account_id: int) -> bool:
    """End one session of an account; False when it has no such session."""
    return bool(await Session.filter(id=session_id, account_id=account_id).delete())


async def end_sessions(account_id: int, keep: int | None = None) -> int:
    """End every session of an account, save perhaps the one in use. How many ended."""
    gone = Session.filter(account_id=account_id)
    return await (gone.exclude(id=keep) if keep else gone).delete()


async def sessions_of(account_id: int) -> list[Session]:
    return await Session.filter(account_id=account_id).order_by("-last_seen_at").limit(100)


async def forget_expired() -> None:
    """Remove sessions nobody can use any more."""
    await Session.filter(expires_at__lt=clock.now()).delete()

"""Time-ordered 63-bit ids, minted before insert.

Layout: milliseconds since 2024-01-01 (41 bits) | node (10) | sequence (12). One number is primary
key, cursor and full-text rowid. Outside it is written as 13 characters of Crockford base32.
"""

from datetime import UTC, datetime
from functools import lru_cache

from werkzeug.routing import BaseConverter, ValidationError

from . import clock
from .errors import NotFound
from .i18n import gettext as _

EPOCH_MS = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 13
_NODE_BITS, _SEQUENCE_BITS = 10, 12
_READ_AS = {**{c: i for i, c in enumerate(ALPHABET)}, "o": 0, "i": 1, "l": 1}


class Mint:
    """Makes ids that only grow, even when the machine's clock steps back."""

    def __init__(self, node: int = 0) -> None:
        self.node = node
        self._last = 0

    def forget(self) -> None:
        """Follow the clock again, wherever it was before; for tests that moved it."""
        self._last = 0

    def next(self) -> int:
        start = (int(clock.now().timestamp() * 1000) - EPOCH_MS) << _SEQUENCE_BITS
        # A full or backward millisecond borrows from the next one instead of waiting.
        self._last = max(self._last + 1, start)
        milliseconds, sequence = divmod(self._last, 1 << _SEQUENCE_BITS)
        return (milliseconds << _NODE_BITS | self.node) << _SEQUENCE_BITS | sequence


mint = Mint()


def new_id() -> int:
    """An id greater than any this process made before."""
    return mint.next()


def at_time(moment: datetime) -> int:
    """The smallest id that could have been made at `moment`."""
    milliseconds = int(moment.timestamp() * 1000) - EPOCH_MS
    return max(0, milliseconds) << (_NODE_BITS + _SEQUENCE_BITS)


def made_at(number: int) -> datetime:
    """When an id was made."""
    milliseconds = (number >> (_NODE_BITS + _SEQUENCE_BITS)) + EPOCH_MS
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def minutes_since(number: int, now: datetime) -> int:
    """How many whole minutes ago an id was made; less than none for one of the future."""
    made_ms = (number >> (_NODE_BITS + _SEQUENCE_BITS)) + EPOCH_MS
    return int(now.timestamp() * 1000 - made_ms) // 60_000


@lru_cache(16_384)
def to_public(number: int) -> str:
    """The id as it is shown outside: 13 characters."""
    return "".join(ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def parse_public(text: str) -> int:
    """Read an outside id; NotFound for anything that cannot be one."""
    number = 0
    for character in text.lower():
        number = number << 5 | _READ_AS.get(character, 1 << 63)
    if len(text) != LENGTH or number >> 63:
        raise NotFound(_("This does not exist, or not any more."))
    return number


def is_public(text: str) -> bool:
    """Whether a text can be an outside id."""
    try:
        parse_public(text)
    except NotFound:
        return False
    return True


class IdConverter(BaseConverter):
    """`<id:post_id>` in a route."""

    regex = f"[0-9a-zA-Z]{{{LENGTH}}}"
    weight = 90

    def to_python(self, value: str) -> int:
        try:
            return parse_public(value)
        except NotFound:
            raise ValidationError from None

    def to_url(self, value: int) -> str:
        return to_public(value)

"""Attribute values as directories spell them: ids, times, flags, clean text, mail."""

import re
import unicodedata
import uuid
from datetime import UTC, datetime, timedelta

UAC_DISABLED = 0x2
NEVER = (0, 0x7FFFFFFFFFFFFFFF)
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_GENERALIZED = re.compile(
    r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,](\d+))?(Z|[+-]\d{2}(?:\d{2})?)?"
)
_MAIL = re.compile(
    r"[^\s@<>()\[\]\",;:\\]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def guid(value: bytes) -> str | None:
    """Active Directory's objectGUID: 16 bytes, the first three fields little-endian."""
    return str(uuid.UUID(bytes_le=value)) if len(value) == 16 else None


def uuid_text(value: bytes) -> str | None:
    """entryUUID or ipaUniqueID: the usual text, in any case."""
    try:
        text = value.decode("ascii")
        return str(uuid.UUID(text)) if len(text) == 36 else None
    except ValueError:
        return None


def ns_unique_id(value: bytes) -> str | None:
    """389 Directory Server's nsUniqueId: four groups of eight hex digits."""
    text = value.decode("ascii", "replace").lower()
    return text if re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{8}){3}", text) else None


def opaque(value: bytes) -> str | None:
    """Any other immutable id: its text as it stands, when it is a reasonable one."""
    text = value.decode("utf-8", "replace").strip()
    return text if 0 < len(text) <= 200 and "\ufffd" not in text else None


def guid_bytes(text: str) -> bytes:
    return uuid.UUID(text).bytes_le


def rid(value: bytes) -> int | None:
    """The last part of a binary SID, by which Active Directory names primary groups."""
    if len(value) < 12 or len(value) != 8 + 4 * value[1]:
        return None
    return int.from_bytes(value[-4:], "little")


def number(value: bytes | None) -> int | None:
    try:
        return int(value) if value is not None and len(value) <= 20 else None
    except ValueError:
        return None


def filetime(value: bytes | None) -> datetime | None:
    """100 ns since 1601; None for "never", and for what no calendar of ours can hold."""
    ticks = number(value)
    if ticks is None or ticks in NEVER or ticks < 0:
        return None
    try:
        return _FILETIME_EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def generalized_time(value: bytes) -> datetime | None:
    match = _GENERALIZED.fullmatch(value.decode("ascii", "replace").strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return moment - _offset(match.group(8))
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5] or 0))
    return -size if zone[0] == "-" else size


def text(value: bytes) -> str:
    """Readable text: never refused, only cleaned of what can't or mustn't be shown."""
    decoded = unicodedata.normalize("NFC", value.decode("utf-8", "replace"))
    kept = (
        " " if char in "\t\r\n" else char for char in decoded if char in "\t\r\n" or _may_show(char)
    )
    return " ".join("".join(kept).split())


def _may_show(char: str) -> bool:
    return char not in _BIDI and unicodedata.category(char) not in ("Cc", "Cs")


def is_damaged(value: bytes) -> bool:
    """Whether a value was not UTF-8, so that its text carries replacement signs."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def mail(value: str) -> str | None:
    """A mail address, out of `MAILTO:` or a display name if need be; None when it is none."""
    found = value.strip()
    if found[:7].lower() == "mailto:":
        found = found[7:]
    if found.endswith(">") and "<" in found:
        found = found[found.rindex("<") + 1 : -1]
    found = found.strip()
    return found if len(found) <= 254 and _MAIL.fullmatch(found) else None


def login_key(login: str) -> str:
    """The form in which logins are compared, however keyboard or directory spell them."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).casefold()).strip()

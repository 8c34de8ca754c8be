"""Transfer encodings undone leniently: what is broken is read as far as it goes."""

import base64
import quopri
import re
from typing import Final

_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")


def undo(raw: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding; an unknown one leaves the bytes as they are."""
    name = encoding.strip().casefold()
    if name == "base64":
        return lenient_base64(raw)
    if name == "quoted-printable":
        return quopri.decodestring(raw)
    return raw


def lenient_base64(text: bytes) -> bytes:
    """Decode what is there: strangers in the alphabet and missing padding do no harm."""
    clean = _NOT_BASE64.sub(b"", text)
    # One letter left over holds no whole byte.
    usable = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    return base64.b64decode(usable + b"=" * (-len(usable) % 4))

"""Bytes to text: the declared charset if it is true, then UTF-8, then Windows-1252."""

import re
from typing import Final

from rse.kernel.text import clean_line
from rse.mail.transfer import lenient_base64

_WORD: Final = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?\r\n]{0,1000})\?=")
_BETWEEN_WORDS: Final = re.compile(r"(\?=)\s{1,8}(?==\?)")
# Only codecs that are cheap and mean text: UTF-7 hides markup, idna and punycode are slow.
_KNOWN: Final = re.compile(
    r"(?:utf[-_]?(?:8|16|32)(?:[-_]?(?:le|be|sig))?|us-ascii|ascii|iso-?8859-?\d{1,2}|windows-?\d{3,4}|cp\d{3,4}"
    r"|koi8-[rtu]|big5(?:-?hkscs)?|gb(?:2312|k|18030)|hz|iso-?2022-?(?:jp(?:-\w{1,6})?|kr)|euc-?(?:jp|kr)"
    r"|shift_?jis|mac-?(?:roman|cyrillic|greek|latin2|turkish)|tis-?620)\Z"
)
_ALIASES: Final = {
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "iso-8859-8-i": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    # Whoever says Latin-1 nearly always wrote Windows-1252.
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
}


def decode(raw: bytes, declared: str = "") -> str:
    """Decode without ever failing; NUL is dropped."""
    for name in (_known(declared), "utf-8", "cp1252"):
        if name:
            try:
                return raw.decode(name).replace("\0", "")
            except (UnicodeError, LookupError):
                continue
    return raw.decode("latin-1").replace("\0", "")


def decode_header(value: str, limit: int = 998) -> str:
    """Decode RFC 2047 words into one safe line; controls and bidi marks are gone."""
    joined = _BETWEEN_WORDS.sub(r"\1", value[: limit * 8])
    return clean_line(_WORD.sub(_decoded_word, joined), limit)


def _decoded_word(found: re.Match[str]) -> str:
    charset, encoding, text = found.groups()
    raw = _unbase64(text) if encoding in "bB" else _unquote(text)
    return decode(raw, charset.partition("*")[0])


def _unbase64(text: str) -> bytes:
    return lenient_base64(text.encode("ascii", "ignore"))


def _unquote(text: str) -> bytes:
    spaced = text.replace("_", " ").encode("utf-8", "surrogateescape")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), spaced)


def _known(declared: str) -> str:
    name = declared.strip(" \t\"'").casefold()[:40]
    name = _ALIASES.get(name, name)
    return name if _KNOWN.match(name) else ""

"""The path argument of MAIL and RCPT, read in one pass."""

import re
from typing import Final

# Dot-atoms or one quoted string, a domain or an address literal: nothing nests.
_PATH: Final = re.compile(
    r"<(?:@[^:<>\s]{1,255}:)?"
    r'((?:[^\s<>()\[\]\\,;:"@]{1,128}|"(?:[^"\\\r\n]|\\.){0,64}")@(?:[^\s<>()\[\]\\,;:"@]{1,255}|\[[0-9A-Fa-f:.IPv]{1,64}\]))>'
)
_BARE: Final = re.compile(r'([^\s<>()\[\]\\,;:"@]{1,128}@[^\s<>()\[\]\\,;:"@]{1,255})(?=\s|$)')
NULL_PATH: Final = "<>"


def path_and_parameters(argument: str) -> tuple[str, str] | None:
    """Give the address (or the null path) and the rest of the line; None when malformed."""
    text = argument.strip()
    if text.startswith(NULL_PATH):
        return NULL_PATH, text[2:].strip()
    found = _PATH.match(text) or _BARE.match(text)
    if found is None:
        return _postmaster(text)
    return found.group(1), text[found.end() :].strip()


def _postmaster(text: str) -> tuple[str, str] | None:
    # RFC 5321 4.1.1.3: the one recipient that needs no domain.
    if text[:12].casefold() == "<postmaster>":
        return "postmaster", text[12:].strip()
    return None

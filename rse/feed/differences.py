"""What changed between two texts, word by word. Pure."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

SAME, GONE, NEW = "same", "gone", "new"
# Comparing costs the square of the words; longer texts are compared line by line.
MOST_WORDS = 3000
_PIECES = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """A stretch of text that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The new text with what the old one had beside it."""
    before, after = _pieces(old), _pieces(new)
    if max(len(before), len(after)) > MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(after[c:d])))
            continue
        if a < b:
            found.append(Piece("gone", "".join(before[a:b])))
        if c < d:
            found.append(Piece("new", "".join(after[c:d])))
    return found


def _pieces(text: str) -> list[str]:
    return _PIECES.findall(text)

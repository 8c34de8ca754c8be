"""The surest cut: we know the text that is answered, in any language, by any program."""

import re
from collections.abc import Sequence
from typing import Final

_WORD: Final = re.compile(r"\w+")
_RUN: Final = 4
_PARENT_CHARS: Final = 200_000


def quoted_lines(lines: Sequence[str], parent: str) -> set[int]:
    """Number the lines that repeat the parent's words, however they were wrapped or marked."""
    words = _words(parent[:_PARENT_CHARS])
    runs = {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    short = {tuple(_words(line)) for line in parent[:_PARENT_CHARS].splitlines()}
    found = set()
    for number, line in enumerate(lines):
        line_words = _words(line[:2000])
        if len(line_words) >= _RUN:
            if _share(line_words, runs) >= 0.8:
                found.add(number)
        elif line_words and tuple(line_words) in short:
            found.add(number)
    # A short line proves nothing alone: "Bonjour," opens both mails.
    return {
        number
        for number in found
        if len(_words(lines[number])) >= _RUN or _leans_on(number, found, lines)
    }


def _share(words: list[str], runs: set[tuple[str, ...]]) -> float:
    total = len(words) - _RUN + 1
    return sum(1 for at in range(total) if tuple(words[at : at + _RUN]) in runs) / total


def _leans_on(number: int, found: set[int], lines: Sequence[str]) -> bool:
    """Whether the nearest line with words, above or below, is a long one of the parent."""
    above = range(number - 1, max(-1, number - 6), -1)
    below = range(number + 1, min(len(lines), number + 6))
    for side in (above, below):
        near = next((other for other in side if _words(lines[other][:2000])), None)
        if near in found and len(_words(lines[near or 0])) >= _RUN:
            return True
    return False


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())

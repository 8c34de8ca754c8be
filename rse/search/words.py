"""Words as the index knows them: without case, accents, elision and the usual endings.

Both engines get the words already made, so that they find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from rse.kernel.text import fold

MOST_WORDS: Final = 15_000  # PostgreSQL numbers positions up to 16 383
LONGEST: Final = 64
WORD: Final = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")
_ELIDED: Final = re.compile(
    r"(?<![^\W_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=[^\W_])", re.IGNORECASE
)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ENDINGS: Final = ("ern", "en", "er", "es", "em", "e")
_DIGRAPHS: Final = (("œ", "o"), ("æ", "a"), ("ø", "o"), ("ae", "a"), ("oe", "o"), ("ue", "u"))


def plain(word: str) -> str:
    """A word without case and accents; Müller, Mueller and Muller are the same."""
    text = fold(word)
    for two, one in _DIGRAPHS:
        text = text.replace(two, one)
    return "".join(letter for letter in text if letter.isalnum())[:LONGEST]


def stem(word: str) -> str:
    """A plain word without the endings of plurals and cases. Light: it must never surprise."""
    if len(word) > 4 and word.endswith("aux"):  # journaux, but niveaux → niveau
        word = word[:-1] if word.endswith("eaux") else f"{word[:-2]}l"
    word = _without_s(word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    word = _without_s(word)
    return f"{word[:-1]}i" if len(word) > 3 and word.endswith("y") else word


def _without_s(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def spoken(text: str) -> Iterator[str]:
    """The words of a text as they are written, without elided articles."""
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    for match in WORD.finditer(_ELIDED.sub("", visible)):
        yield match.group()


def terms(text: str, most: int = MOST_WORDS) -> list[str]:
    """The text's words as they stand in the index, in order."""
    found = []
    for word in spoken(text):
        term = stem(plain(word))
        if term:
            found.append(term)
        if len(found) >= most:
            break
    return found


def distance(one: str, other: str, most: int = 2) -> int:
    """How many letters to change, add, drop or swap; `most` + 1 when it is more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        current = [i]
        for j, letter2 in enumerate(other, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (letter != letter2))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter2:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return min(previous[-1], most + 1)

"""The cut: parent first, then what the program marked, then tables; in doubt words stay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rse.mail.reply import parent as by_parent
from rse.mail.reply import tables

MAX_CHARS: Final = 300_000
MAX_LINES: Final = 3_000
_ATTRIBUTION_LINES: Final = 5
_SIGNATURE_LINES: Final = 15
_BLANKS: Final = re.compile("[\u00a0\u202f\u2007]")
_INVISIBLE: Final = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Reply:
    """The words typed and the part put aside; `is_empty` when nothing was typed at all."""

    text: str
    elided: str
    method: str

    @property
    def is_empty(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class _Cut:
    """Lines kept are those before `at` that are not in `drop`."""

    at: int
    method: str


def normalised(text: str) -> str:
    """One kind of line end and blank, nothing invisible, and a size that bounds the work."""
    plain = text[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n")
    plain = _INVISIBLE.sub("", _BLANKS.sub(" ", plain)).replace("\u2019", "'")
    return "\n".join(plain.split("\n")[:MAX_LINES])


def extract(text: str, parent: str = "") -> Reply:
    """Keep what was typed. A mail that is nothing but a forward comes back whole."""
    original = text[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [line.strip() for line in normalised(text).split("\n")]
    original = original[: len(lines)]
    bare = [_unquoted(line) for line in lines]
    known = by_parent.quoted_lines(bare, normalised(parent)) if parent else set()
    quoted = {number for number, line in enumerate(lines) if line.startswith(">")} | known
    cut = _cut(bare, quoted, known)
    forward = next(
        (number for number, line in enumerate(bare) if tables.is_forward(line)), len(bare)
    )
    if forward <= cut.at and forward < len(bare):
        # What is passed on is what the writer wanted to say.
        return Reply("\n".join(original).strip(), "", "forward")
    if cut.at < len(lines) and _types_between(lines, quoted, cut.at):
        cut = _Cut(len(lines), "interleaved")
    kept = _without_tail(lines, cut.at, quoted if cut.method != "interleaved" else set())
    return _finished(original, kept, cut)


def _cut(bare: Sequence[str], quoted: set[int], known: set[int]) -> _Cut:
    """Find the first line that belongs to the quote."""
    found = _by_tables(bare)
    if known:
        first = min(known)
        upward = _announced_at(bare, first)
        candidates = [upward, *([found] if found is not None and found <= first else [])]
        return _Cut(min(candidates), "parent")
    if found is not None:
        return _Cut(found, "tables")
    trailing = _trailing_quote(bare, quoted)
    return _Cut(trailing, "quoted" if trailing < len(bare) else "whole")


def _by_tables(bare: Sequence[str]) -> int | None:
    for number, line in enumerate(bare):
        if not line:
            continue
        if tables.is_separator(line) or _is_header_block(bare, number):
            return _with_rule(bare, number)
        if line.endswith(":"):
            start = _attribution_start(bare, number)
            if start is not None:
                return start
    return None


def _is_header_block(bare: Sequence[str], start: int) -> bool:
    """At least three known keys close together, a date or a subject among them."""
    if not tables.header_key(bare[start]):
        return False
    keys = {tables.header_key(line) for line in bare[start : start + 8]}
    return len(keys - {""}) >= 3 and bool(keys & {"date", "subject"})


def _with_rule(bare: Sequence[str], start: int) -> int:
    """A rule of underscores right above belongs to the program, not to the writer."""
    above = start - 1
    while above >= 0 and not bare[above]:
        above -= 1
    return above if above >= 0 and tables.RULE.match(bare[above]) else start


def _attribution_start(bare: Sequence[str], end: int) -> int | None:
    """The shortest run of lines that reads as an attribution, so that no typed line is eaten."""
    for start in range(end, max(-1, end - _ATTRIBUTION_LINES), -1):
        if not bare[start]:
            return None
        if tables.is_attribution(" ".join(bare[start : end + 1])):
            if (
                start > 0
                and not tables.opens_attribution(bare[start])
                and tables.opens_attribution(bare[start - 1])
            ):
                return start - 1
            return start
    return None


def _announced_at(bare: Sequence[str], first: int) -> int:
    """Move up from the first known line over the program's own announcement of it."""
    for number in range(first, max(-1, first - 12), -1):
        line = bare[number]
        if tables.is_separator(line) or _is_header_block(bare, number):
            return _with_rule(bare, number)
        if line.endswith(":") and number < first:
            start = _attribution_start(bare, number)
            if start is not None:
                return start
    return first


def _trailing_quote(bare: Sequence[str], quoted: set[int]) -> int:
    """Where a quote that runs to the end begins; the end itself when the last words are typed."""
    at = len(bare)
    while at > 0 and (at - 1 in quoted or not bare[at - 1]):
        at -= 1
    return at if any(number in quoted for number in range(at, len(bare))) else len(bare)


def _types_between(lines: Sequence[str], quoted: set[int], at: int) -> bool:
    """Whether unquoted words follow a marked quote below the cut: an answer between the lines."""
    marked = [number for number in range(at, len(lines)) if number in quoted]
    if not marked:
        return False
    typed = [
        number for number in range(marked[0], len(lines)) if lines[number] and number not in quoted
    ]
    tail = _without_tail(lines, len(lines), set())
    return any(number in tail and not _is_program_line(lines, number) for number in typed)


def _is_program_line(lines: Sequence[str], number: int) -> bool:
    line = _unquoted(lines[number])
    return (
        bool(tables.header_key(line))
        or tables.is_separator(line)
        or _attribution_start(lines, number) is not None
    )


def _without_tail(lines: Sequence[str], at: int, quoted: set[int]) -> set[int]:
    """Number the kept lines: before the cut, without signature, mobile footer and disclaimer."""
    kept = [number for number in range(at) if number not in quoted]
    for position, number in enumerate(kept):
        if _ends_the_words(lines, kept, position):
            return _without_footer(lines, kept[:position])
        if position > 0 and tables.is_disclaimer(" ".join(lines[number : number + 3])):
            return _without_footer(lines, kept[:position])
    return _without_footer(lines, kept)


def _ends_the_words(lines: Sequence[str], kept: Sequence[int], position: int) -> bool:
    """A signature is short; what goes on for long below two dashes was typed."""
    if not tables.is_signature_mark(lines[kept[position]]):
        return False
    return sum(1 for number in kept[position + 1 :] if lines[number]) <= _SIGNATURE_LINES


def _without_footer(lines: Sequence[str], kept: Sequence[int]) -> set[int]:
    end = len(kept)
    while end and (not lines[kept[end - 1]] or tables.is_mobile_footer(lines[kept[end - 1]])):
        end -= 1
    return set(kept[:end])


def _finished(original: Sequence[str], kept: set[int], cut: _Cut) -> Reply:
    text = "\n".join(
        line.rstrip() for number, line in enumerate(original) if number in kept
    ).strip()
    elided = "\n".join(line for number, line in enumerate(original) if number not in kept).strip()
    return Reply(text, elided, cut.method)


def _unquoted(line: str) -> str:
    return line.lstrip("> ").strip() if line.startswith(">") else line

"""A list of people to invite, as a spreadsheet saves it: read line by line. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from rse.account.drafts import mail_address
from rse.kernel.errors import Invalid
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line, fold

MOST_LINES: Final = 2_000
MOST_BYTES: Final = 1_000_000
_MAIL_HEADS: Final = frozenset(
    ("email", "mail", "e-mail", "adresse", "address", "courriel", "adresse mail", "mail address",
     "mailadresse", "e-mail-adresse", "adresse e-mail")
)  # fmt: skip
_NAME_HEADS: Final = frozenset(
    ("name", "nom", "full name", "nom complet", "prenom nom", "vollstandiger name", "display name")
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `error`: a word for why it is not invited; `outcome`: what came of it."""

    line: int
    email: str
    name: str = ""
    error: str = ""
    outcome: str = ""

    def kept(self) -> dict[str, Any]:
        return asdict(self)


NO_ADDRESS, TWICE, KNOWN, WAITING, INVITED = "address", "twice", "known", "waiting", "invited"


def read(content: bytes) -> list[Line]:
    """The lines of a list; Invalid with a sentence when it is none at all."""
    if len(content) > MOST_BYTES:
        raise _refused(_("This list is too large: 1 MB at most."))
    rows = _rows(_text(content))
    if not rows:
        raise _refused(_("There is no line in this list. Put one mail address on each."))
    if len(rows) > MOST_LINES + 1:
        raise _refused(_("Invite at most %(n)s people with one list.", n=MOST_LINES))
    mail, name, has_head = _columns(rows[0][1])
    return _checked(
        [_line(number, row, mail, name) for number, row in (rows[1:] if has_head else rows)]
    )


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"list": sentence})


def _text(content: bytes) -> str:
    """As spreadsheets of this century and the last one save it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The lines that say something, by their number in the file."""
    text = text.replace("\0", "")
    first = text.partition("\n")[0]
    mark = max(";,\t", key=first.count) if any(mark in first for mark in ";,\t") else ";"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        sentence = _("Line %(n)s cannot be read.", n=reader.line_num)
        raise _refused(sentence) from None


def _columns(first: Sequence[str]) -> tuple[int, int | None, bool]:
    """Which column has addresses, which names, and whether the first line says so."""
    heads = [fold(cell).strip() for cell in first]
    mail = next((n for n, head in enumerate(heads) if head in _MAIL_HEADS), None)
    name = next((n for n, head in enumerate(heads) if head in _NAME_HEADS), None)
    if mail is not None:
        return mail, name, True
    guessed = next((n for n, cell in enumerate(first) if "@" in cell), 0)
    others = [n for n in range(len(first)) if n != guessed]
    return guessed, others[0] if others else None, False


def _line(number: int, row: Sequence[str], mail: int, name: int | None) -> Line:
    written = row[mail] if mail < len(row) else ""
    called = clean_line(row[name], 120) if name is not None and name < len(row) else ""
    try:
        return Line(number, mail_address(written), called)
    except ValueError:
        return Line(number, clean_line(written, 100), called, NO_ADDRESS)


def _checked(lines: Sequence[Line]) -> list[Line]:
    """The second of two with one address is marked."""
    seen: set[str] = set()
    checked = []
    for line in lines:
        is_again = not line.error and line.email in seen
        checked.append(replace(line, error=TWICE) if is_again else line)
        seen.add(line.email)
    return checked


def sentence(word: str) -> str:
    """Why a line is not invited, or what came of it."""
    return {
        NO_ADDRESS: _("This is no mail address, such as name@company.example."),
        TWICE: _("This address stands further up already."),
        KNOWN: _("Is here already."),
        WAITING: _("Has an open invitation already; no second mail is sent."),
        INVITED: _("Invited."),
    }.get(word, "")

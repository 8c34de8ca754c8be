"""A field's value as a person writes it, as it is kept, and as it is shown."""

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from rse.kernel.i18n import current_language, format_date, ngettext
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line, clean_text

from .models import CHOICE, DATE, LINK, LIST, LONG, PHONE, ProfileField

LONGEST_LINE, LONGEST_TEXT, LONGEST_LINK = 200, 4000, 500
MOST_ENTRIES, LONGEST_ENTRY = 20, 100
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{2,50}")


class Shown(NamedTuple):
    """A field of one person as a page shows it. A link or a phone has an address."""

    key: str
    name: str
    kind: str
    lines: tuple[str, ...]
    url: str = ""


def name_of(field: ProfileField) -> str:
    """The field's name in the language in force, or in English."""
    return str(getattr(field, f"name_{current_language()}", "") or field.name_en)


def cleaned(field: ProfileField, text: str) -> str:
    """What is kept of what was written; ValueError with a sentence for what cannot be kept."""
    if field.kind == LONG:
        return _at_most(clean_text(text).strip(), LONGEST_TEXT)
    if field.kind == LIST:
        return _entries(text)
    line = clean_line(text, LONGEST_TEXT)
    if not line:
        return ""
    _CHECKS.get(field.kind, _anything)(field, line)
    return _at_most(line, LONGEST_LINK if field.kind == LINK else LONGEST_LINE)


def shown(field: ProfileField, value: str) -> Shown:
    """Forgiving: a directory may hold what nobody could have typed."""
    lines = tuple(value.split("\n")) if field.kind in {LIST, LONG} else (value,)
    url = ""
    if field.kind == LINK and _is_link(value):
        url = value
    elif field.kind == PHONE and _PHONE.fullmatch(value):
        url = "tel:" + re.sub(r"[^0-9+]", "", value)
    elif field.kind == DATE and (day := _day(value)):
        lines = (format_date(day),)
    return Shown(field.key, name_of(field), field.kind, lines, url)


def _entries(text: str) -> str:
    entries = [clean_line(line, LONGEST_TEXT) for line in text.splitlines()]
    kept = list(dict.fromkeys(entry for entry in entries if entry))
    if len(kept) > MOST_ENTRIES:
        raise ValueError(_("Write at most %(n)s lines.", n=MOST_ENTRIES))
    for entry in kept:
        _at_most(entry, LONGEST_ENTRY)
    return "\n".join(kept)


def _at_most(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(
            ngettext(
                "Shorten this to %(n)s character.", "Shorten this to %(n)s characters.", longest
            )
        )
    return text


def _anything(_field: ProfileField, _line: str) -> None:
    return None


def _a_choice(field: ProfileField, line: str) -> None:
    if line not in field.options:
        raise ValueError(_("Choose one of the options."))


def _a_date(_field: ProfileField, line: str) -> None:
    if _day(line) is None:
        raise ValueError(_("Write a date such as 2026-03-31."))


def _a_link(_field: ProfileField, line: str) -> None:
    if not _is_link(line):
        raise ValueError(_("Write an address that begins with https://."))


def _a_phone(_field: ProfileField, line: str) -> None:
    if not _PHONE.fullmatch(line):
        raise ValueError(_("Write a number such as +33 1 23 45 67 89."))


_CHECKS = {CHOICE: _a_choice, DATE: _a_date, LINK: _a_link, PHONE: _a_phone}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_link(text: str) -> bool:
    """Only the web: whatever else a link may begin with would run or open something."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text

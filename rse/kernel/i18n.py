"""Words, dates and numbers in the reader's language.

Catalogues are gettext files, read once; English is the source. The language in force is a
context variable set by each edge: a request, a mail, a job.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("en", "fr", "de")
LOCALES = {"en": "en_GB", "fr": "fr_FR", "de": "de_DE"}
FOLDER = Path(__file__).resolve().parent.parent / "locale"

# After six days a moment is told by its date.
DATED_AFTER_MINUTES = 6 * 24 * 60

_language: ContextVar[str] = ContextVar("language", default="en")
_zone: ContextVar[str] = ContextVar("zone", default="Europe/Paris")


@contextmanager
def using(language: str, zone: str | None = None) -> Iterator[None]:
    """Speak `language` inside the block."""
    before = _language.set(language if language in LANGUAGES else "en")
    zone_before = _zone.set(zone or _zone.get())
    try:
        yield
    finally:
        _language.reset(before)
        _zone.reset(zone_before)


def use(language: str, zone: str | None = None) -> None:
    """Speak `language` for the rest of this task; for edges that own their task."""
    _language.set(language if language in LANGUAGES else "en")
    if zone:
        _zone.set(zone)


def current_language() -> str:
    return _language.get()


def current_zone() -> str:
    return _zone.get()


@cache
def catalogue(language: str) -> Catalog:
    """The translations of one language; empty for English."""
    path = FOLDER / language / "LC_MESSAGES" / "rse.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


@cache
def _translated(language: str, message: str) -> str:
    found = catalogue(language).get(message)
    text = found.string if found else ""
    return text if isinstance(text, str) and text else message


@cache
def _plural(language: str, one: str, many: str, form: int) -> str:
    found = catalogue(language).get((one, many)) or catalogue(language).get(one)
    forms = found.string if found else None
    if isinstance(forms, list | tuple) and form < len(forms) and forms[form]:
        return str(forms[form])
    return (one, many)[form > 0]


def gettext(message: str, /, **values: object) -> str:
    """`message` in the language in force, its %(name)s filled in."""
    text = _translated(_language.get(), message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The form that `n` asks for; %(n)s is filled in, grouped as the language does."""
    language = _language.get()
    form = int(n > 1) if language == "fr" else int(n != 1)
    return _plural(language, one, many, form) % {"n": format_number(n), **values}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


def locale() -> Locale:
    return Locale.parse(LOCALES[_language.get()])


def format_number(value: float) -> str:
    return _formatted(value, _language.get())


@lru_cache(4096)
def _formatted(value: float, language: str) -> str:
    return numbers.format_decimal(value, locale=LOCALES[language])


def format_date(value: date | datetime) -> str:
    moment = value.astimezone(ZoneInfo(_zone.get())) if isinstance(value, datetime) else value
    return dates.format_date(moment, "long", locale=locale())


def format_datetime(value: datetime) -> str:
    """Day and time in the reader's zone, the year only when it is not this year's."""
    moment = value.astimezone(ZoneInfo(_zone.get()))
    skeleton = "MMMd" if moment.year == datetime.now(moment.tzinfo).year else "yMMMd"
    day = dates.format_skeleton(skeleton, moment, locale=locale())
    return f"{day}, {format_time(value)}"


def format_time(value: datetime) -> str:
    moment = value.astimezone(ZoneInfo(_zone.get()))
    if _language.get() == "fr":
        return moment.strftime("%-H\u00a0h\u00a0%M")
    return dates.format_time(moment, "short", locale=locale())


def zone_in_words() -> str:
    """The reader's time zone as people call it: « Central European Time (Paris) »."""
    zone, where = ZoneInfo(_zone.get()), locale()
    name = dates.get_timezone_name(zone, width="long", zone_variant="generic", locale=where)
    city = _zone.get().rpartition("/")[2].replace("_", " ")
    return name if city in name else f"{name} ({city})"


def format_relative(value: datetime, reference: datetime) -> str:
    """« il y a 3 min »; a page that lives on is refreshed by script from the same moment."""
    age = (reference - value) // timedelta(minutes=1)
    return format_age(age) or format_datetime(value)


def format_age(minutes: int) -> str:
    """So many minutes ago, in words; nothing for what is told by its date."""
    if minutes in {0, -1}:  # clocks differ by some seconds
        return gettext("just now")
    return _age(minutes, _language.get()) if abs(minutes) <= DATED_AFTER_MINUTES else ""


@lru_cache(32_768)
def _age(minutes: int, language: str) -> str:
    return dates.format_timedelta(
        timedelta(minutes=-minutes), granularity="minute", add_direction=True, format="short",
        locale=LOCALES[language],
    )  # fmt: skip


def format_list(items: list[str]) -> str:
    return lists.format_list(items, locale=locale())


def format_size(size: int) -> str:
    """Bytes as people read them."""
    units = {"fr": ("o", "Ko", "Mo", "Go")}.get(_language.get(), ("B", "KB", "MB", "GB"))
    value, unit = float(size), units[0]
    for unit in units:
        if value < 1000 or unit == units[-1]:
            break
        value /= 1000
    shown = round(value) if unit == units[0] or value >= 100 else round(value, 1)
    return f"{format_number(shown)}\u00a0{unit}"

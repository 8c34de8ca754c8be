"""Catalogues against the code; `python -m tests.house.catalogues` adds what is missing."""

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from rse.kernel.i18n import FOLDER, LANGUAGES
from tests.house import tree

_METHODS = [
    ("**/migrations/**.py", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**/templates/**.xml", "jinja2"),
]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
_JINJA = {"extensions": "jinja2.ext.do", "silent": "false"}
_HEADER = """msgid ""
msgstr ""
"Language: {}\\n"
"Plural-Forms: {}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")

Message = str | tuple[str, ...]


@cache
def in_code() -> dict[Message, list[tuple[str, int]]]:
    """Each message of the code and the themes, and where it stands."""
    places: dict[Message, list[tuple[str, int]]] = {}
    for folder in (tree.RSE, tree.ROOT / "themes"):
        for path, line, message in _extracted(folder):
            places.setdefault(message, []).append((f"{folder.name}/{path}", line))
    return places


def catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def untranslated(language: str) -> list[Message]:
    known = catalogue(language)
    return [message for message in in_code() if not _is_translated(known, message)]


def unused(language: str) -> list[Message]:
    ids = [_as_message(entry.id) for entry in catalogue(language) if entry.id]
    return [message for message in ids if message not in in_code()]


def update(language: str) -> int:
    """Write the catalogue with every message of the code, sorted; returns how many lack words."""
    old = catalogue(language) if _path(language).exists() else Catalog(locale=language)
    new = Catalog(locale=language)
    for message in sorted(in_code(), key=str):
        kept = old.get(message if isinstance(message, str) else message[0])
        new.add(message, kept.string if kept else None, flags=kept.flags if kept else ())
    _path(language).parent.mkdir(parents=True, exist_ok=True)
    with _path(language).open("wb") as file:
        # Babel's own header has dates and places to fill in: noise in every change.
        file.write(_HEADER.format(language, new.plural_forms).encode())
        write_po(file, new, width=100, omit_header=True)
    return len(untranslated(language))


def _extracted(folder: Path) -> Iterator[tuple[str, int, Message]]:
    found = extract_from_dir(
        folder, _METHODS, {"**/templates/**": _JINJA}, keywords=_KEYWORDS, comment_tags=()
    )
    for path, line, message, _comments, _context in found:
        yield path, line, _as_message(message)


def _as_message(message: str | Iterable[str]) -> Message:
    return message if isinstance(message, str) else tuple(message)


def _is_translated(known: Catalog, message: Message) -> bool:
    entry = known.get(message if isinstance(message, str) else message[0])
    if entry is None or entry.fuzzy:
        return False
    return all([entry.string] if isinstance(entry.string, str) else entry.string or [""])


def _path(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "rse.po"


if __name__ == "__main__":
    for lang in TRANSLATED:
        print(f"{lang}: {update(lang)} of {len(in_code())} messages lack a translation")
    sys.exit(0)

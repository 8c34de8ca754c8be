"""The text of a PDF, page by page. Runs in the reading process alone."""

import contextlib
import importlib
import io
import logging
import pkgutil
from collections.abc import Iterator

import pypdf
from pypdf.errors import PdfReadError

from .unread import PROTECTED, Unread

MOST_PAGES = 500


def load_everything() -> None:
    """Import all of the library now: behind the walls nothing can be imported."""
    logging.disable()
    for module in pkgutil.walk_packages(pypdf.__path__, "pypdf."):
        with contextlib.suppress(ImportError):  # one of its ways to another library
            importlib.import_module(module.name)


def pieces(content: bytes) -> Iterator[str]:
    """The words of each page; a page that cannot be read is left out."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    # Many are sealed against changes only, and open with an empty password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unread(PROTECTED)
    for number in range(min(len(reader.pages), MOST_PAGES)):
        yield f"{_words(reader, number)}\n"


def _words(reader: pypdf.PdfReader, number: int) -> str:
    try:
        return reader.pages[number].extract_text()
    except (PdfReadError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return ""

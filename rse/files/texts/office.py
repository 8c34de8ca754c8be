"""The text of Office files: a ZIP of XML parts. Runs in the reading process alone.

No XML of theirs has a document type, so one that has is refused: without it no entity can grow.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from .unread import DAMAGED, LARGE, LEGACY, PROTECTED, Unread

# Together, when unpacked: counted while reading, whatever the archive says of itself.
MOST_UNPACKED: Final = 40_000_000
MOST_PARTS: Final = 5_000
CHUNK: Final = 65_536
LONGEST_TOKEN: Final = 4_000_000
_WORD = re.compile(r"word/(document|footnotes|endnotes|comments|header\d+|footer\d+)\.xml")
_SLIDES = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml")
_SHEETS = re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml")
_OPEN_DOCUMENT = re.compile(r"content\.xml")
_NUMBER = re.compile(r"\d+")
# Local names of elements whose characters are text, by family; those that end a word or a line.
_OOXML_TEXT = frozenset({"t", "v"})
_BREAKS = frozenset(
    {"p", "br", "tab", "cr", "h", "si", "c", "row", "s", "line-break", "table-cell"}
)
_NO_TEXT_CELLS = frozenset({"s", "b", "e"})


def pieces(content: bytes) -> Iterator[str]:
    """The words of the parts that have some, in their order."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise Unread(DAMAGED) from None
    infos = archive.infolist()
    if len(infos) > MOST_PARTS:
        raise Unread(LARGE)
    budget = _Budget()
    for info in _parts(infos):
        if info.flag_bits & 1:
            raise Unread(PROTECTED)
        yield from _words(archive, info, budget)


def _parts(infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    for family in (_WORD, _SLIDES, _SHEETS, _OPEN_DOCUMENT):
        found = [info for info in infos if family.fullmatch(info.filename)]
        if found:
            return sorted(found, key=_place)
    raise Unread(LEGACY)


def _place(info: zipfile.ZipInfo) -> tuple[bool, bool, int]:
    """The document before its notes, the shared words before the sheets, slide 2 before 10."""
    number = _NUMBER.search(info.filename)
    is_first = "/document" in info.filename or "/sharedStrings" in info.filename
    return not is_first, "notes" in info.filename, int(number.group()) if number else 0


class _Budget:
    left = MOST_UNPACKED

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unread(LARGE)


def _words(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Iterator[str]:
    collector = _Collector(is_ooxml=info.filename != "content.xml")
    try:
        with archive.open(info) as part:
            while chunk := part.read(CHUNK):
                budget.take(len(chunk))
                yield collector.read(chunk)
        collector.parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, EOFError, NotImplementedError):
        raise Unread(DAMAGED) from None
    yield "\n"


class _Collector:
    """Gathers the characters that are text while the parser walks through."""

    def __init__(self, *, is_ooxml: bool) -> None:
        self._found: list[str] = []
        self._is_ooxml = is_ooxml
        self._inside = 0 if is_ooxml else 1
        self._cell = ""
        self._given = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._document_type

    def read(self, chunk: bytes) -> str:
        """The words that this piece of the part ends."""
        self.parser.Parse(chunk, False)
        self._given += len(chunk)
        # One that never ends is parsed from its beginning with each chunk.
        if self._given - self.parser.CurrentByteIndex > LONGEST_TOKEN:
            raise Unread(LARGE)
        text, self._found = "".join(self._found), []
        return text

    def _document_type(self, *_declared: object) -> None:
        raise Unread(DAMAGED)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell = attributes.get("t", "")
        if self._is_text(local):
            self._inside += 1

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if self._is_text(local):
            self._inside -= 1
        if local in _BREAKS:
            self._found.append(" ")

    def _is_text(self, local: str) -> bool:
        if not self._is_ooxml or local not in _OOXML_TEXT:
            return False
        # A cell's value may be the number of a shared word: that word is read where it stands.
        return local != "v" or self._cell not in _NO_TEXT_CELLS

    def _text(self, text: str) -> None:
        if self._inside:
            self._found.append(text)

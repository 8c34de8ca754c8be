"""The reading process: a file comes in, its text or the reason why not goes out. Nothing else."""

import codecs
import json
import sys
from collections.abc import Iterable

from . import office, pdf, walls
from .unread import (
    DAMAGED,
    EMPTY,
    LARGE,
    LEGACY,
    MOST_BYTES,
    MOST_CHARACTERS,
    PROTECTED,
    Unread,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Found by name while a text is read; behind the walls no file can be opened any more.
_CODECS = (
    "utf-8", "utf-16", "utf-16-be", "utf-16-le", "cp1252", "latin-1", "ascii",
    "charmap", "unicode_escape", "mac_roman", "cp437", "gbk", "gb18030", "big5", "shift_jis",
    "cp932", "euc_jp", "euc_kr", "cp949", "utf-32-be", "idna",
)  # fmt: skip


def main() -> None:
    """Shut oneself in, then read."""
    for name in _CODECS:
        codecs.lookup(name)
    pdf.load_everything()
    walls.limit_resources()
    shut = walls.refuse_system_calls()
    text, reason = "", ""
    try:
        text = read(sys.stdin.buffer.read(MOST_BYTES + 1))
    except Unread as unread:
        reason = unread.reason
    except MemoryError:
        reason = LARGE
    except Exception:  # boundary: a reader of foreign files fails in any way it likes
        reason = DAMAGED
    answer = {"text": text, "reason": reason, "shut": shut}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


def read(content: bytes) -> str:
    """The text of a file, as far as search looks. Its bytes say what it is, not its name."""
    if len(content) > MOST_BYTES:
        raise Unread(LARGE)
    text = _joined(_pieces(content))
    if not text:
        raise Unread(EMPTY)
    return text


def _pieces(content: bytes) -> Iterable[str]:
    if content.startswith(b"%PDF-"):
        return pdf.pieces(content)
    if content.startswith(b"PK\x03\x04"):
        return office.pieces(content)
    if content.startswith(_OLE):
        is_sealed = "EncryptedPackage".encode("utf-16-le") in content
        raise Unread(PROTECTED if is_sealed else LEGACY)
    raise Unread(LEGACY)


def _joined(pieces: Iterable[str]) -> str:
    """The pieces until there is enough, without what no database keeps."""
    kept, size = [], 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= MOST_CHARACTERS:
            break
    return "".join(kept)[:MOST_CHARACTERS].replace("\0", " ").strip()


if __name__ == "__main__":
    main()

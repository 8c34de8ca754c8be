"""Takes out of a picture what the camera wrote: place, owner, device. The pixels stay untouched."""

import struct
from collections.abc import Iterator

_EXIF, _COMMENT, _SCAN = 0xE1, 0xFE, 0xDA
_DROPPED_JPEG = {_EXIF, 0xED, _COMMENT}
_DROPPED_PNG = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_DROPPED_WEBP = {b"EXIF", b"XMP "}
_ORIENTATION = 0x0112


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The same picture without what was noted beside it; a file that ends too early as it is."""
    strip = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type)
    if strip is None:
        return content
    try:
        return strip(content)
    except (struct.error, IndexError):
        return content


def _jpeg(content: bytes) -> bytes:
    kept, place, turned = [b"\xff\xd8"], 2, 1
    while content[place] == 0xFF and content[place + 1] != _SCAN:
        marker = content[place + 1]
        (length,) = struct.unpack_from(">H", content, place + 2)
        segment = content[place : place + 2 + length]
        if marker == _EXIF and segment[4:10] == b"Exif\0\0":
            turned = _orientation(segment[10:]) or turned
        if marker not in _DROPPED_JPEG:
            kept.append(segment)
        place += 2 + length
    # How the camera was held is needed to show the picture upright; it tells nothing of anybody.
    return b"".join([kept[0], _only_orientation(turned), *kept[1:], content[place:]])


def _orientation(tiff: bytes) -> int:
    order = "<" if tiff[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for number in range(min(count, 200)):
        tag, _kind, _count, value = struct.unpack_from(
            order + "HHIH", tiff, start + 2 + 12 * number
        )
        if tag == _ORIENTATION:
            return value if 1 <= value <= 8 else 1
    return 0


def _only_orientation(turned: int) -> bytes:
    if turned == 1:
        return b""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept, place = [content[:8]], 8
    while place < len(content):
        (length,) = struct.unpack_from(">I", content, place)
        chunk = content[place : place + 12 + length]
        if chunk[4:8] not in _DROPPED_PNG:
            kept.append(chunk)
        place += 12 + length
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    kept = [chunk for chunk in _riff(content) if chunk[:4] not in _DROPPED_WEBP]
    if kept and kept[0][:4] == b"VP8X":
        flags = kept[0][8] & ~0b1100  # no EXIF, no XMP
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _riff(content: bytes) -> Iterator[bytes]:
    place = 12
    while place + 8 <= len(content):
        (length,) = struct.unpack_from("<I", content, place + 4)
        padded = length + length % 2
        yield content[place : place + 8 + padded]
        place += 8 + padded

"""What an upload really is, and pictures made safe to show."""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from rse.kernel.errors import Invalid
from rse.kernel.i18n import gettext as _

# What decoders raise on bytes that are no whole picture; Pillow promises no single kind.
DAMAGED = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error,
)  # fmt: skip
MAX_PIXELS = 50_000_000
PREVIEW_WIDTH = 1360
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A preview for pages: WebP without metadata, and the picture's own size in pixels."""

    preview: bytes
    width: int
    height: int


def true_type(name: str, head: bytes) -> str:
    """The media type by content; what a browser said of it is not asked."""
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            if media_type == "application/zip":
                return OFFICE.get(name.rpartition(".")[2].lower(), media_type)
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if b"\x00" in head:
        return "application/octet-stream"
    return "text/plain"


def picture(content: bytes, media_type: str, width: int = PREVIEW_WIDTH) -> Picture | None:
    """The preview of an image, None for other files; Invalid for one that is broken or a bomb."""
    if media_type not in _FORMATS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a camera's notes may be cut off
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=[_FORMATS[media_type]])
            _check_pixels(image)
            return _preview(image, width)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(_("This picture has too many pixels. Make it smaller.")) from None
    except DAMAGED:
        raise Invalid(_("This picture cannot be read. Save it again and retry.")) from None


def _check_pixels(image: Image.Image) -> None:
    """By what the header says, before anything is unfolded."""
    if image.width * image.height > MAX_PIXELS:
        raise Image.DecompressionBombError


def _preview(image: Image.Image, width: int) -> Picture:
    turned = ImageOps.exif_transpose(image)
    size = turned.size
    turned.thumbnail((width, width * 3))
    clean = turned.convert(
        "RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB"
    )
    buffer = io.BytesIO()
    clean.save(buffer, "WEBP", quality=82, method=4)
    return Picture(buffer.getvalue(), *size)

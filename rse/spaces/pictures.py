"""Covers: whatever picture arrives, what is kept is a broad one we wrote ourselves."""

import io
import struct
import zlib

from PIL import Image, ImageOps

from rse.identity.portraits import FORMATS, MAX_BYTES, MAX_PIXELS
from rse.kernel.errors import Invalid
from rse.kernel.i18n import format_size
from rse.kernel.i18n import gettext as _

BREADTH, HEIGHT = 1600, 320
_DAMAGED = (
    OSError, ValueError, SyntaxError, struct.error, zlib.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def check(content: bytes, declared_type: str) -> None:
    """Refuse what need not be opened to be refused."""
    if not content:
        raise _refused(_("Choose a picture first."))
    if len(content) > MAX_BYTES:
        raise _refused(_("Choose a picture of at most %(size)s.", size=format_size(MAX_BYTES)))
    if declared_type not in FORMATS:
        raise _refused(_("Choose a JPEG, PNG, WebP or GIF picture."))


def broad(content: bytes, declared_type: str) -> bytes:
    """Decode, turn upright, cut and write anew: no metadata and no trick of the file survives."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[declared_type]]) as image:
            # Only the head was read so far: a bomb is refused before it is unpacked.
            if image.width * image.height > MAX_PIXELS:
                raise _refused(_("This picture has too many pixels. Make it smaller first."))
            image.draft("RGB", (BREADTH, BREADTH))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except _DAMAGED as error:
        raise _refused(
            _("This file is not the picture its name says. Save it again as JPEG or PNG.")
        ) from error
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    written = io.BytesIO()
    ImageOps.fit(ground, (BREADTH, HEIGHT), Image.Resampling.LANCZOS).save(
        written, "WEBP", quality=82, method=4
    )
    return written.getvalue()


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"cover": sentence})

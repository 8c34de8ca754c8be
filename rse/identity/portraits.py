"""Portraits: whatever picture arrives, what is kept is a small square we made ourselves."""

import asyncio
import io
import struct
import zlib
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from rse.kernel.db import transaction
from rse.kernel.errors import Invalid
from rse.kernel.i18n import format_size
from rse.kernel.i18n import gettext as _
from rse.kernel.storage import blobs

from .events import PersonChanged
from .models import Person

MAX_BYTES = 8_000_000
MAX_PIXELS = 50_000_000
SIDE = 384
_DAMAGED = (
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
    OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error,
)  # fmt: skip
# The longest side of the square, in thousandths of the picture's shorter edge.
LEAST_SIDE, WHOLE_SIDE = 100, 1000
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}


class Cut(NamedTuple):
    """The square to keep, in thousandths: its place in the room that is left, and its side."""

    across: int = 500
    down: int = 500
    side: int = WHOLE_SIDE

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels; whatever was asked, inside the picture."""
        share = min(max(self.side, LEAST_SIDE), WHOLE_SIDE) / WHOLE_SIDE
        side = max(1, round(min(width, height) * share))
        left = round((width - side) * min(max(self.across, 0), 1000) / 1000)
        top = round((height - side) * min(max(self.down, 0), 1000) / 1000)
        return left, top, left + side, top + side


MIDDLE = Cut()


async def set_portrait(
    person: Person, content: bytes, declared_type: str, cut: Cut = MIDDLE
) -> str:
    """Keep a picture as the person's portrait; the digest of what was kept."""
    if len(content) > MAX_BYTES:
        raise _refused(_("Choose a picture of at most %(size)s.", size=format_size(MAX_BYTES)))
    if declared_type not in FORMATS:
        raise _refused(_("Choose a JPEG, PNG, WebP or GIF picture."))
    square = await asyncio.to_thread(_square, content, FORMATS[declared_type], cut)
    blob = await blobs().put(square)
    await _remember(person, blob.digest)
    return blob.digest


async def remove_portrait(person: Person) -> None:
    """Back to initials."""
    await _remember(person, None)


async def _remember(person: Person, digest: str | None) -> None:
    async with transaction() as change:
        await Person.filter(id=person.id).update(avatar_digest=digest)
        change.record(PersonChanged(person.id))
    person.avatar_digest = digest


def _square(content: bytes, expected: str, cut: Cut) -> bytes:
    """Decode, turn upright, cut and write anew: no metadata and no trick of the file survives."""
    try:
        with Image.open(io.BytesIO(content), formats=[expected]) as image:
            # Only the head was read so far: a bomb is refused before it is unpacked.
            if image.width * image.height > MAX_PIXELS:
                raise _refused(_("This picture has too many pixels. Make it smaller first."))
            # Drafting a large JPEG small saves time; a cut-out piece needs its pixels.
            image.draft("RGB", (SIDE * 2 * WHOLE_SIDE // max(cut.side, LEAST_SIDE),) * 2)
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except _DAMAGED as error:
        raise _refused(
            _("This file is not the picture its name says. Save it again as JPEG or PNG.")
        ) from error
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    written = io.BytesIO()
    square = ground.resize(
        (SIDE, SIDE), Image.Resampling.LANCZOS, box=cut.box(ground.width, ground.height)
    )
    square.save(written, "WEBP", quality=84, method=4)
    return written.getvalue()


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"portrait": sentence})

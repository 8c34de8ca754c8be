"""Icons of every size from one mark: a tile in the brand's colour with the mark on it."""

import io
from collections.abc import Iterable
from functools import cached_property

from PIL import Image, ImageChops, ImageDraw

from .outline import Polygon, polygons
from .svg import Drawing

SAMPLE = 1024
# Part of the tile's side that the mark fills; a maskable icon keeps to the inner 80 %.
PLAIN, MASKABLE = 0.64, 0.5
CORNER = 0.22
PNG = {
    "apple-180.png": 180,
    "icon-192.png": 192,
    "icon-512.png": 512,
    "mail-128.png": 128,
}
FAVICON = (16, 32, 48)


class IconSet:
    """The icons of one brand, drawn when they are first asked for."""

    def __init__(self, mark: Drawing, *, ground: str, ink: str):
        self.mark, self.ground, self.ink = mark, ground, ink

    def names(self) -> set[str]:
        return {*PNG, "maskable-512.png", "icon.svg", "favicon.ico"}

    def get(self, name: str) -> tuple[bytes, str]:
        """An icon's bytes and type; KeyError for a name there is not."""
        if name == "icon.svg":
            return self.svg().encode(), "image/svg+xml"
        if name == "favicon.ico":
            return self._favicon(), "image/vnd.microsoft.icon"
        if name == "maskable-512.png":
            return _png(_resized(self._full_bleed, 512)), "image/png"
        return _png(_resized(self._tile, PNG[name])), "image/png"

    def svg(self) -> str:
        """The tile as SVG."""
        left, top, width, height = self.mark.box
        side = max(width, height) / PLAIN
        x, y = left + width / 2 - side / 2, top + height / 2 - side / 2
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x:g} {y:g} {side:g} {side:g}">'
            f'<rect x="{x:g}" y="{y:g}" width="{side:g}" height="{side:g}" rx="{side * CORNER:g}"'
            f' fill="{self.ground}"/><g fill="{self.ink}">{self.mark.body()}</g></svg>'
        )

    def _favicon(self) -> bytes:
        out = io.BytesIO()
        largest = _resized(self._tile, FAVICON[-1])
        largest.save(out, "ICO", sizes=[(size, size) for size in FAVICON])
        return out.getvalue()

    @cached_property
    def _tile(self) -> Image.Image:
        corners = Image.new("L", (SAMPLE, SAMPLE))
        box = (0, 0, SAMPLE - 1, SAMPLE - 1)
        ImageDraw.Draw(corners).rounded_rectangle(box, SAMPLE * CORNER, fill=255)
        image = self._draw(PLAIN)
        image.putalpha(corners)
        return image

    @cached_property
    def _full_bleed(self) -> Image.Image:
        return self._draw(MASKABLE)

    def _draw(self, part: float) -> Image.Image:
        image = Image.new("RGB", (SAMPLE, SAMPLE), self.ground)
        for form in self.mark.forms:
            outlines = [self._placed(outline, part) for outline in polygons(form)]
            image.paste(form.fill or self.ink, mask=_mask(outlines, even_odd=form.even_odd))
        return image

    def _placed(self, outline: Polygon, part: float) -> Polygon:
        left, top, width, height = self.mark.box
        scale = SAMPLE * part / max(width, height)
        x, y = left + width / 2, top + height / 2
        half = SAMPLE / 2
        return [(half + (px - x) * scale, half + (py - y) * scale) for px, py in outline]


def _mask(outlines: Iterable[Polygon], *, even_odd: bool) -> Image.Image:
    """Where a form covers: by winding number, or by parity."""
    left, right = (Image.new("L", (SAMPLE, SAMPLE)) for _ in range(2))
    for outline in outlines:
        one = Image.new("L", (SAMPLE, SAMPLE))
        ImageDraw.Draw(one).polygon(outline, fill=1)
        if even_odd or _turns_right(outline):
            right = ImageChops.add(right, one)
        else:
            left = ImageChops.add(left, one)
    if even_odd:
        return right.point([255 * (value % 2) for value in range(256)])
    return ImageChops.difference(left, right).point([0] + [255] * 255)


def _turns_right(outline: Polygon) -> bool:
    ahead = [*outline[1:], outline[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(outline, ahead, strict=True)) > 0


def _resized(image: Image.Image, size: int) -> Image.Image:
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()

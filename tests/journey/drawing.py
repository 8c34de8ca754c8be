"""Draws what people attach: a plan of the canopy as a picture, its calendar as a document."""

import io

from PIL import Image, ImageDraw

SIZE = (1200, 720)
SKY, GROUND, STEEL, CLOTH, WATER = "#dfeeee", "#8aa79a", "#2f4a52", "#e8a07a", "#6fa3b5"


def canopy() -> bytes:
    """The textile canopy over the quay, seen from the river, as PNG."""
    image = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(image)
    for row in range(0, 460, 2):
        shade = 223 - row // 14
        pen.line((0, row, SIZE[0], row), fill=(shade, 238 - row // 24, 238))
    pen.rectangle((0, 520, SIZE[0], 600), fill=GROUND)
    pen.rectangle((0, 600, SIZE[0], SIZE[1]), fill=WATER)
    for wave in range(620, SIZE[1], 26):
        pen.line((0, wave, SIZE[0], wave), fill="#86b7c6", width=3)
    for left in range(90, 1000, 300):
        _bay(pen, left)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def _bay(pen: ImageDraw.ImageDraw, left: int) -> None:
    """Two masts and the cloth between them."""
    top, foot, right = 210, 524, left + 250
    pen.polygon(
        [(left, top), (right, top + 40), (right + 40, top + 130), (left - 40, top + 96)],
        fill=CLOTH,
        outline=STEEL,
        width=4,
    )
    for mast in (left, right):
        pen.line((mast, top - 60, mast, foot), fill=STEEL, width=9)
        pen.line((mast, top - 60, mast - 70, foot), fill=STEEL, width=2)
        pen.line((mast, top - 60, mast + 70, foot), fill=STEEL, width=2)


def calendar() -> bytes:
    """The weeks of the assembly as a one-page PDF."""
    page = Image.new("RGB", (842, 595), "white")
    pen = ImageDraw.Draw(page)
    for week in range(10):
        left = 60 + week * 74
        pen.rectangle((left, 80, left + 70, 110), outline=STEEL, width=2)
        pen.text((left + 22, 88), f"S{31 + week}", fill=STEEL)
    spans = ((0, 3, GROUND), (2, 5, CLOTH), (4, 8, WATER), (7, 10, STEEL))
    for row, (first, last, colour) in enumerate(spans):
        top = 150 + row * 80
        pen.rectangle((60 + first * 74, top, 56 + last * 74, top + 40), fill=colour)
    output = io.BytesIO()
    page.save(output, "PDF")
    return output.getvalue()

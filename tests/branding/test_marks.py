"""Marks: nothing active gets in, and every size of icon comes out."""

import io

import pytest
from PIL import Image

from rse.branding.icons import IconSet
from rse.branding.outline import polygons, segments
from rse.branding.svg import Form, UnusableSvg, inline, read

BOX = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'


def drawn(body: str) -> IconSet:
    return IconSet(read(f"{BOX}{body}</svg>".encode()), ground="#000000", ink="#ffffff")


def inked(body: str) -> float:
    """The part of a maskable icon that the mark covers."""
    image = Image.open(io.BytesIO(drawn(body).get("maskable-512.png")[0])).convert("L")
    return sum(image.tobytes()) / 255 / (512 * 512)


HOSTILE = f"""{BOX}
<script>alert(1)</script><style>*{{}}</style><image href="https://elsewhere.example/x.png"/>
<foreignObject><p>hello</p></foreignObject><a href="javascript:alert(1)"><path d="M0 0h9v9z"/></a>
<use href="https://elsewhere.example/x.svg#a"/>
<g onclick="alert(1)" id="x"><path onload="alert(1)" d="M10 10h80v80H10z" class="y"/></g></svg>"""


def test_only_plain_forms_are_taken_in() -> None:
    markup = str(inline(read(HOSTILE.encode())))
    assert markup == (
        '<svg class="mark" viewBox="0 0 100 100" aria-hidden="true">'
        '<path d="M10 10h80v80H10z"/></svg>'
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"<svg", "not well-formed"),
        (b'<!DOCTYPE svg [<!ENTITY x "y">]><svg><path d="M0 0h1z"/></svg>', "DOCTYPE"),
        (b"<html/>", "not an SVG"),
        (f"{BOX}</svg>".encode(), "no filled"),
        (f'{BOX}<path d="M0 0h9z" transform="scale(2)"/></svg>'.encode(), "uses transform"),
        (f'{BOX}<path d="M0 0h9z" stroke="#000"/></svg>'.encode(), "uses stroke"),
        (f'{BOX}<path d="M0 0h9z" style="fill:red"/></svg>'.encode(), "uses style"),
        (f'{BOX}<path d="M0 0&quot;/&gt;"/></svg>'.encode(), "use numbers"),
        (f'{BOX}<path d="M0 0h9z" fill="url(#a)"/></svg>'.encode(), "use a colour"),
        (b'<svg viewBox="0 0 0 9"><path d="M0 0h9z"/></svg>', "width and height"),
        (b'<svg viewBox="a"><path d="M0 0h9z"/></svg>', "four numbers"),
        (b"<svg>" + b" " * 100_001 + b"</svg>", "larger than"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_refused_with_what_to_change(source: bytes, reason: str) -> None:
    with pytest.raises(UnusableSvg, match=reason):
        read(source)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<rect x="0" y="0" width="100" height="100"/>', 0.25),
        ('<circle cx="50" cy="50" r="50"/>', 0.25 * 0.785),
        ('<ellipse cx="50" cy="50" rx="50" ry="25"/>', 0.25 * 0.393),
        ('<polygon points="0,0 100,0 0,100"/>', 0.125),
        ('<path d="M0 50A50 50 0 0 1 100 50 50 50 0 1 1 0 50z"/>', 0.25 * 0.785),
        ('<path d="M0 50a50 50 0 01100 0 50 50 0 11-100 0z"/>', 0.25 * 0.785),
        ('<path d="M0 0H100V100H0zM25 25V75H75V25z"/>', 0.25 * 0.75),
        ('<path fill-rule="evenodd" d="M0 0H100V100H0zM25 25H75V75H25z"/>', 0.25 * 0.75),
        ('<path d="M0 0H100V100H0zM25 25H75V75H25z"/>', 0.25),
        ('<path d="M0 0Q100 0 100 100T200 200L0 100z"/>', None),
        ('<path d="M0 0C50 0 50 0 100 0S100 50 100 100L0 100z"/>', None),
        ('<rect width="100" height="100" rx="50"/>', 0.25 * 0.785),
    ],
)
def test_forms_cover_what_they_should(body: str, expected: float | None) -> None:
    part = inked(body)
    assert part > 0.01
    if expected is not None:
        assert part == pytest.approx(expected, abs=0.01)


def test_a_path_that_breaks_off_is_drawn_as_far_as_it_goes() -> None:
    assert list(segments("M0 0L10 10 5")) == [("M", [0, 0]), ("L", [10, 10])]
    assert polygons(Form("path", (("d", "M0 0L9"),), "", even_odd=False)) == []


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("apple-180.png", 180),
        ("icon-192.png", 192),
        ("icon-512.png", 512),
        ("maskable-512.png", 512),
    ],
)
def test_every_size_is_made(name: str, size: int) -> None:
    body, content_type = drawn('<circle cx="50" cy="50" r="50"/>').get(name)
    assert (Image.open(io.BytesIO(body)).size, content_type) == ((size, size), "image/png")


def test_a_maskable_icon_keeps_to_the_safe_zone() -> None:
    body, _type = drawn('<rect width="100" height="100"/>').get("maskable-512.png")
    image = Image.open(io.BytesIO(body)).convert("L").point([0] * 128 + [255] * 128)
    left, top, right, bottom = image.getbbox() or (0, 0, 0, 0)
    assert min(left, top, 512 - right, 512 - bottom) >= 512 * 0.1


def test_the_favicon_holds_three_sizes() -> None:
    body, _type = drawn('<circle cx="50" cy="50" r="50"/>').get("favicon.ico")
    assert Image.open(io.BytesIO(body)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}

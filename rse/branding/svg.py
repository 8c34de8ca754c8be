"""SVG intake: a mark is rebuilt from an allow-list, so that nothing active can be inside."""

import re
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

LIMIT_BYTES = 100_000
NUMBER = re.compile(r"^-?\d*\.?\d+$")
PATH = re.compile(r"^[MmLlHhVvCcSsQqTtAaZz0-9eE\s,.+-]+$")
POINTS = re.compile(r"^[0-9eE\s,.+-]+$")
GEOMETRY = {
    "path": {"d": PATH},
    "circle": {"cx": NUMBER, "cy": NUMBER, "r": NUMBER},
    "ellipse": {"cx": NUMBER, "cy": NUMBER, "rx": NUMBER, "ry": NUMBER},
    "rect": {
        "x": NUMBER, "y": NUMBER, "width": NUMBER, "height": NUMBER, "rx": NUMBER, "ry": NUMBER,
    },
    "polygon": {"points": POINTS},
}  # fmt: skip
# What would change the picture if it were dropped in silence is refused instead.
REFUSED = ("transform", "stroke", "mask", "clip-path", "filter", "style")
COLOUR = re.compile(r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")


class UnusableSvg(Exception):
    """The mark cannot be taken in; `line` says where."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Form:
    """One filled form: its element, geometry, own colour if any, and fill rule."""

    tag: str
    geometry: tuple[tuple[str, str], ...]
    fill: str
    even_odd: bool

    def number(self, name: str) -> float:
        return float(dict(self.geometry).get(name, "0"))

    def text(self, name: str) -> str:
        return dict(self.geometry).get(name, "")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A mark, rebuilt: its box and its filled forms."""

    box: tuple[float, float, float, float]
    forms: tuple[Form, ...]

    def body(self) -> str:
        return "".join(_write(form) for form in self.forms)


def read(source: bytes) -> Drawing:
    """Take in an SVG file; UnusableSvg says what to change."""
    if len(source) > LIMIT_BYTES:
        raise UnusableSvg(1, f"is larger than {LIMIT_BYTES // 1000} kB.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise UnusableSvg(error.lineno or 1, f"is not well-formed: {error.msg}.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnusableSvg(1, "has a DOCTYPE; remove it.")
    if _tag(root) != "svg":
        raise UnusableSvg(1, "is not an SVG file.")
    forms = tuple(_forms(root, "", even_odd=False))
    if not forms:
        raise UnusableSvg(1, "has no filled path, circle, ellipse, rect or polygon.")
    return Drawing(_box(root), forms)


def inline(drawing: Drawing) -> Markup:
    """The mark for a page; what has no colour of its own takes that of the text."""
    box = " ".join(f"{value:g}" for value in drawing.box)
    return Markup('<svg class="mark" viewBox="{}" aria-hidden="true">{}</svg>').format(
        box,
        Markup(drawing.body()),  # noqa: S704 - rebuilt from the allow-list above
    )


def _forms(element: etree._Element, fill: str, *, even_odd: bool) -> list[Form]:
    found: list[Form] = []
    for child in element:
        tag = _tag(child)
        if tag not in GEOMETRY and tag != "g":
            continue
        _refuse(child)
        own = child.get("fill", fill)
        rule = child.get("fill-rule", "evenodd" if even_odd else "") == "evenodd"
        if tag == "g":
            found += _forms(child, own, even_odd=rule)
        elif own != "none":
            found.append(Form(tag, _geometry(child, tag), _colour(child, own), rule))
    return found


def _refuse(element: etree._Element) -> None:
    for name in REFUSED:
        if element.get(name, "none") != "none":
            raise UnusableSvg(
                element.sourceline or 1,
                f"uses {name}; export the mark as plain filled shapes, without {name}.",
            )


def _geometry(element: etree._Element, tag: str) -> tuple[tuple[str, str], ...]:
    kept = []
    for name, allowed in GEOMETRY[tag].items():
        value = (element.get(name) or "").strip()
        if value and not allowed.match(value):
            raise UnusableSvg(element.sourceline or 1, f'has {name}="{value[:40]}"; use numbers.')
        if value:
            kept.append((name, " ".join(value.split())))
    return tuple(kept)


def _colour(element: etree._Element, value: str) -> str:
    if value in {"", "currentColor", "black"}:
        return ""
    if not COLOUR.match(value):
        raise UnusableSvg(
            element.sourceline or 1,
            f'has fill="{value[:40]}"; use a colour such as "#0b5c5a".',
        )
    return value


def _box(root: etree._Element) -> tuple[float, float, float, float]:
    values = (root.get("viewBox") or "").replace(",", " ").split()
    if not values:
        values = ["0", "0", root.get("width", "0"), root.get("height", "0")]
    try:
        left, top, width, height = (float(value.removesuffix("px")) for value in values)
    except ValueError:
        raise UnusableSvg(1, "needs a viewBox of four numbers.") from None
    if width <= 0 or height <= 0:
        raise UnusableSvg(1, "needs a viewBox with width and height.")
    return left, top, width, height


def _tag(element: etree._Element) -> str:
    tag = element.tag
    return etree.QName(tag).localname if isinstance(tag, str) else ""


def _write(form: Form) -> str:
    values = "".join(f' {name}="{value}"' for name, value in form.geometry)
    fill = f' fill="{form.fill}"' if form.fill else ""
    rule = ' fill-rule="evenodd"' if form.even_odd else ""
    return f"<{form.tag}{values}{fill}{rule}/>"

"""From the forms of a drawing to polygons: paths are flattened, curves become short lines."""

import math
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from .svg import Form

Point = tuple[float, float]
Polygon = list[Point]
STEPS = 24
TOKEN = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def polygons(form: Form) -> list[Polygon]:
    """The closed outlines of a form."""
    return SHAPES[form.tag](form)


def _circle(form: Form) -> list[Polygon]:
    radius = form.number("r")
    return [_round(form.number("cx"), form.number("cy"), radius, radius)]


def _ellipse(form: Form) -> list[Polygon]:
    number = form.number
    return [_round(number("cx"), number("cy"), number("rx"), number("ry"))]


def _round(x: float, y: float, rx: float, ry: float) -> Polygon:
    turn = 2 * math.pi / (STEPS * 4)
    return [(x + rx * math.cos(turn * n), y + ry * math.sin(turn * n)) for n in range(STEPS * 4)]


def _rect(form: Form) -> list[Polygon]:
    x, y, width, height = (form.number(name) for name in ("x", "y", "width", "height"))
    rx = min(form.number("rx") or form.number("ry"), width / 2)
    ry = min(form.number("ry") or form.number("rx"), height / 2)
    corners = ((x + width - rx, y + height - ry), (x + rx, y + height - ry),
               (x + rx, y + ry), (x + width - rx, y + ry))  # fmt: skip
    outline: Polygon = []
    for quarter, (cx, cy) in enumerate(corners):
        for step in range(STEPS + 1):
            angle = math.pi / 2 * (quarter + step / STEPS)
            outline.append((cx + rx * math.cos(angle), cy + ry * math.sin(angle)))
    return [outline]


def _polygon(form: Form) -> list[Polygon]:
    values = [float(value) for value in form.text("points").replace(",", " ").split()]
    return [list(zip(values[::2], values[1::2], strict=False))]


def _path(form: Form) -> list[Polygon]:
    pen = Pen()
    for command, values in segments(form.text("d")):
        pen.draw(command, values)
    return [outline for outline in pen.outlines if len(outline) > 2]


def segments(d: str) -> Iterator[tuple[str, list[float]]]:
    """Commands with their numbers; numbers that go on repeat the command before them."""
    tokens, at, command = _tokens(d), 0, ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        count = COUNT[command.upper()] if command else 0
        values = tokens[at : at + count]
        if len(values) < count or any(value.isalpha() for value in values):
            return
        yield command, [float(value) for value in values]
        at += count
        if not count and at < len(tokens) and not tokens[at].isalpha():
            return
        command = {"M": "L", "m": "l"}.get(command, command)


def _tokens(d: str) -> list[str]:
    """Arc flags may be written without space (« a1 1 0 012 2 »): they are one digit each."""
    tokens: list[str] = []
    command, place, at = "", 0, 0
    while found := TOKEN.search(d, at):
        text = found[0]
        if text.isalpha():
            command, place = text.upper(), 0
        elif command == "A" and place % 7 in {3, 4}:
            text, place = text[0], place + 1
        else:
            place += 1
        tokens.append(text)
        at = found.start() + len(text)
    return tokens


class Pen:
    """Walks along a path and leaves polygons."""

    def __init__(self) -> None:
        self.outlines: list[Polygon] = []
        self.here: Point = (0.0, 0.0)
        self.control: Point | None = None
        self.before = ""

    def draw(self, command: str, values: list[float]) -> None:
        kind = command.upper()
        points = values if kind == "A" else self._absolute(command, values)
        start, self.control = (self.control, None)
        match kind:
            case "M":
                self.outlines.append([])
                self._line((points[0], points[1]))
            case "Z":
                self._close()
            case "H" | "V" | "L":
                self._line((points[0], points[1]))
            case "C" | "S":
                self._cubic(self._pairs(kind, points, start, "CS"))
            case "Q" | "T":
                self._quadratic(self._pairs(kind, points, start, "QT"))
            case "A":
                self._arc(values, relative=command.islower())
        self.before = kind

    def _absolute(self, command: str, values: list[float]) -> list[float]:
        x, y = self.here
        if command == "H":
            return [values[0], y]
        if command == "V":
            return [x, values[0]]
        if command == "h":
            return [x + values[0], y]
        if command == "v":
            return [x, y + values[0]]
        if command.isupper():
            return values
        return [value + (y if n % 2 else x) for n, value in enumerate(values)]

    def _pairs(
        self, kind: str, values: list[float], last: Point | None, family: str
    ) -> list[Point]:
        points = list(zip(values[::2], values[1::2], strict=True))
        if kind in "ST":
            mirrored = self.here
            if last and self.before and self.before in family:
                mirrored = (2 * self.here[0] - last[0], 2 * self.here[1] - last[1])
            points.insert(0, mirrored)
        return points

    def _line(self, to: Point) -> None:
        if not self.outlines:
            self.outlines.append([self.here])
        self.outlines[-1].append(to)
        self.here = to

    def _close(self) -> None:
        if self.outlines and self.outlines[-1]:
            self.here = self.outlines[-1][0]
            self.outlines.append([self.here])

    def _cubic(self, points: list[Point]) -> None:
        start, (one, two, end) = self.here, points
        self._curve(lambda t: _mix(t, (start, one, two, end)))
        self.control = two

    def _quadratic(self, points: list[Point]) -> None:
        middle, end = points
        start = self.here
        self._curve(lambda t: _mix(t, (start, middle, end)))
        self.control = middle

    def _curve(self, at: Callable[[float], Point]) -> None:
        for step in range(1, STEPS + 1):
            self._line(at(step / STEPS))

    def _arc(self, values: list[float], *, relative: bool) -> None:
        rx, ry, tilt, large, sweep, x, y = values
        start = self.here
        end = (x + start[0], y + start[1]) if relative else (x, y)
        if not rx or not ry or start == end:
            self._line(end)
            return
        for point in _arc_points(start, end, (abs(rx), abs(ry), tilt), (bool(large), bool(sweep))):
            self._line(point)


def _mix(t: float, points: tuple[Point, ...]) -> Point:
    """De Casteljau: the point at `t` of a curve of any degree."""
    while len(points) > 1:
        points = tuple(
            (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(points)
        )
    return points[0]


def _arc_points(
    start: Point,
    end: Point,
    radii: tuple[float, float, float],
    flags: tuple[bool, bool],
) -> Iterator[Point]:
    """SVG 1.1 appendix F.6.5: from end points to the centre, then around it."""
    rx, ry, tilt = radii
    large, sweep = flags
    cos, sin = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    px, py = cos * dx + sin * dy, -sin * dx + cos * dy
    scale = max(1.0, math.sqrt((px / rx) ** 2 + (py / ry) ** 2))
    rx, ry = rx * scale, ry * scale
    under = (rx * ry) ** 2 - (rx * py) ** 2 - (ry * px) ** 2
    factor = math.sqrt(max(0.0, under / ((rx * py) ** 2 + (ry * px) ** 2)))
    factor = -factor if large == sweep else factor
    ux, uy = factor * rx * py / ry, -factor * ry * px / rx
    cx = cos * ux - sin * uy + (start[0] + end[0]) / 2
    cy = sin * ux + cos * uy + (start[1] + end[1]) / 2
    first = math.atan2((py - uy) / ry, (px - ux) / rx)
    last = math.atan2((-py - uy) / ry, (-px - ux) / rx)
    turn = (last - first) % (2 * math.pi)
    turn = turn if sweep else turn - 2 * math.pi
    for step in range(1, STEPS + 1):
        angle = first + turn * step / STEPS
        x, y = rx * math.cos(angle), ry * math.sin(angle)
        yield cx + cos * x - sin * y, cy + sin * x + cos * y


SHAPES: dict[str, Callable[[Form], list[Polygon]]] = {
    "path": _path, "circle": _circle, "ellipse": _ellipse, "rect": _rect, "polygon": _polygon,
}  # fmt: skip

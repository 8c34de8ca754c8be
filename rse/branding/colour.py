"""Colour maths: hex and OKLCH, what sRGB can show, and WCAG contrast."""

import math
from functools import cache
from typing import NamedTuple

Rgb = tuple[float, float, float]


class Oklch(NamedTuple):
    """A colour as lightness 0-1, chroma and hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def from_hex(text: str) -> Oklch:
    """OKLCH of `#rrggbb` or `#rgb`."""
    red, green, blue = (_to_linear(part) for part in channels(text))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def to_hex(colour: Oklch) -> str:
    """`#rrggbb`; chroma beyond sRGB is cut, so that lightness and hue stay."""
    chroma = min(colour.chroma, max_chroma(round(colour.lightness, 4), round(colour.hue, 2)))
    linear = _linear(colour.lightness, chroma, colour.hue)
    return "#" + "".join(f"{round(_from_linear(part) * 255):02x}" for part in linear)


@cache
def max_chroma(lightness: float, hue: float) -> float:
    """The largest chroma that sRGB shows at this lightness and hue."""
    low, high = 0.0, 0.4
    for _ in range(24):
        middle = (low + high) / 2
        inside = all(-1e-4 <= part <= 1 + 1e-4 for part in _linear(lightness, middle, hue))
        low, high = (middle, high) if inside else (low, middle)
    return low


def contrast(one: str, other: str) -> float:
    """The WCAG 2 ratio of two hex colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(text: str) -> float:
    red, green, blue = (_to_linear(part) for part in channels(text))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(text: str) -> Rgb:
    """Red, green and blue, 0-1."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def over(ink: str, alpha: float, ground: str) -> str:
    """`ink` at `alpha` laid over `ground`, as browsers mix it."""
    mixed = (
        a * alpha + b * (1 - alpha) for a, b in zip(channels(ink), channels(ground), strict=True)
    )
    return "#" + "".join(f"{round(part * 255):02x}" for part in mixed)


def _linear(lightness: float, chroma: float, hue: float) -> Rgb:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _to_linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _from_linear(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)

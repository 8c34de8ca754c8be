"""From a palette to the roles that components use, light and dark, each pair proven.

A role's lightness never depends on the brand, so its contrast holds for any hue.
"""

from dataclasses import dataclass
from typing import NamedTuple

from .colour import Oklch, contrast, over, to_hex

Roles = dict[str, str]
MOST_CHROMA, MOST_NEUTRAL = 0.22, 0.02
CATEGORIES = (25, 50, 75, 95, 130, 155, 180, 200, 225, 255, 290, 330)


@dataclass(frozen=True, slots=True)
class Palette:
    """What a brand gives: accent and brand colour as hue and chroma, and a tint of the greys."""

    accent_hue: float
    accent_chroma: float
    brand_hue: float
    brand_chroma: float
    neutral_hue: float
    neutral_chroma: float
    brand_bar: bool = False

    @classmethod
    def of(cls, *, accent: Oklch, brand: Oklch, neutral: Oklch, brand_bar: bool) -> "Palette":
        """Chroma is bounded here and cut once more per role, where lightness is known."""
        return cls(
            accent.hue, min(accent.chroma, MOST_CHROMA),
            brand.hue, min(brand.chroma, MOST_CHROMA),
            neutral.hue, min(neutral.chroma, MOST_NEUTRAL), brand_bar,
        )  # fmt: skip


class Pair(NamedTuple):
    """A role that is read on another, and the least contrast it must have."""

    front: str
    back: str
    least: float


BACKS = ("canvas", "surface", "raised", "sunken")
BESIDE_SURFACE = ("canvas", "raised", "sunken")
SIGNALS = ("ok", "warn", "danger")
PAIRS = (
    Pair("text", "surface", 14),
    Pair("text-2", "surface", 7.8),
    *(Pair("text", back, 11) for back in (*BESIDE_SURFACE, "accent-soft")),
    *(Pair("text-2", back, 6.9) for back in (*BESIDE_SURFACE, "accent-soft")),
    *(Pair("text-3", back, 4.6) for back in (*BACKS, "accent-soft")),
    Pair("on-accent", "accent", 5.1),
    Pair("on-accent", "accent-hover", 5.1),
    *(Pair("accent-text", back, 5.8) for back in (*BACKS, "accent-soft")),
    *(Pair("accent", back, 3) for back in BACKS),
    Pair("line-strong", "surface", 3.4),
    *(Pair("line-strong", back, 3) for back in BESIDE_SURFACE),
    *(Pair("focus", back, 4.9) for back in BACKS),
    *(Pair(kind, f"{kind}-soft", 4.5) for kind in SIGNALS),
    *(Pair(kind, back, 4.5) for kind in SIGNALS for back in BACKS),
    Pair("on-count", "count", 4.5),
    Pair("bar-text", "bar-bg", 10),
    Pair("bar-dim", "bar-field-solid", 4.5),
    Pair("bar-mark", "bar-bg", 3),
    Pair("on-bar-button", "bar-button", 5.1),
    Pair("on-bar-button", "bar-button-hover", 4.5),
)


class Faint(Exception):
    """A pair that cannot be read; says which and by how much."""

    def __init__(self, mode: str, pair: Pair, ratio: float):
        super().__init__(
            f"{pair.front} on {pair.back} ({mode}) is {ratio:.2f}:1, needs {pair.least}:1"
        )


def roles(palette: Palette, *, dark: bool) -> Roles:
    """Every colour role of one mode as hex."""
    made = _dark(palette) if dark else _light(palette)
    made |= _bar(palette, made, dark=dark)
    prove(made, "dark" if dark else "light")
    return made


def prove(made: Roles, mode: str) -> None:
    """Assert every pair of the table."""
    for pair in PAIRS:
        ratio = contrast(made[pair.front], made[pair.back])
        if ratio < pair.least:
            raise Faint(mode, pair, ratio)


def ratios(made: Roles) -> dict[tuple[str, str], float]:
    """What each pair came to, for the administrator's page."""
    return {(p.front, p.back): round(contrast(made[p.front], made[p.back]), 1) for p in PAIRS}


def _light(p: Palette) -> Roles:
    def grey(lightness: float, times: float = 1) -> str:
        return to_hex(Oklch(lightness, p.neutral_chroma * times, p.neutral_hue))

    def accent(lightness: float, times: float = 1, *, plus: float = 0, least: float = 0) -> str:
        return to_hex(Oklch(lightness, max(least, p.accent_chroma * times + plus), p.accent_hue))

    return {
        "canvas": grey(0.975), "surface": "#ffffff", "raised": "#ffffff", "sunken": grey(0.962),
        "text": grey(0.235, 2), "text-2": grey(0.42, 2), "text-3": grey(0.52, 2),
        "hover": grey(0.3) + _alpha(0.055), "press": grey(0.3) + _alpha(0.1),
        "line": grey(0.3) + _alpha(0.11), "line-strong": grey(0.63),
        "accent": accent(0.52), "accent-hover": accent(0.46), "on-accent": "#ffffff",
        "accent-text": accent(0.46), "accent-soft": accent(0.957, 0.16, least=0.017),
        "accent-line": accent(0.86, 0.5), "focus": accent(0.5, plus=0.03),
        "ok": to_hex(Oklch(0.5, 0.12, 155)), "ok-soft": to_hex(Oklch(0.955, 0.035, 155)),
        "warn": to_hex(Oklch(0.5, 0.11, 65)), "warn-soft": to_hex(Oklch(0.96, 0.045, 80)),
        "danger": to_hex(Oklch(0.53, 0.19, 25)), "danger-soft": to_hex(Oklch(0.955, 0.03, 20)),
        "count": to_hex(Oklch(0.56, 0.2, 25)), "on-count": "#ffffff",
        "presence": to_hex(Oklch(0.7, 0.17, 155)),
        **_cover(p, (0.86, 0.66, 0.5, 0.72)),
    }  # fmt: skip


def _dark(p: Palette) -> Roles:
    def grey(lightness: float) -> str:
        return to_hex(Oklch(lightness, p.neutral_chroma, p.neutral_hue))

    def accent(lightness: float, times: float) -> str:
        return to_hex(Oklch(lightness, p.accent_chroma * times, p.accent_hue))

    return {
        "canvas": grey(0.175), "surface": grey(0.215), "raised": grey(0.255), "sunken": grey(0.19),
        "text": grey(0.945), "text-2": grey(0.79), "text-3": grey(0.68),
        "hover": "#ffffff" + _alpha(0.06), "press": "#ffffff" + _alpha(0.1),
        "line": "#ffffff" + _alpha(0.095), "line-strong": grey(0.55),
        "accent": accent(0.76, 0.85), "accent-hover": accent(0.81, 0.8),
        "on-accent": to_hex(Oklch(0.2, 0.03, p.accent_hue)),
        "accent-text": accent(0.80, 0.75), "accent-soft": accent(0.295, 0.4),
        "accent-line": accent(0.42, 0.6), "focus": accent(0.84, 1),
        "ok": to_hex(Oklch(0.79, 0.14, 155)), "ok-soft": to_hex(Oklch(0.29, 0.05, 155)),
        "warn": to_hex(Oklch(0.82, 0.13, 75)), "warn-soft": to_hex(Oklch(0.3, 0.05, 70)),
        "danger": to_hex(Oklch(0.75, 0.15, 25)), "danger-soft": to_hex(Oklch(0.3, 0.07, 22)),
        "count": to_hex(Oklch(0.56, 0.2, 25)), "on-count": "#ffffff",
        "presence": to_hex(Oklch(0.7, 0.17, 155)),
        **_cover(p, (0.5, 0.42, 0.32, 0.4)),
    }  # fmt: skip


def _bar(p: Palette, made: Roles, *, dark: bool) -> Roles:
    if not p.brand_bar:
        return {
            "bar-bg": made["surface"], "bar-text": made["text"], "bar-dim": made["text-3"],
            "bar-field": made["sunken"], "bar-field-solid": made["sunken"],
            "bar-line": made["line"], "bar-mark": made["accent"],
            "bar-button": made["accent"], "bar-button-hover": made["accent-hover"],
            "on-bar-button": made["on-accent"],
        }  # fmt: skip
    lightness, times = (0.25, 0.4) if dark else (0.36, 0.66)
    ground = to_hex(Oklch(lightness, p.brand_chroma * times, p.brand_hue))
    return {
        "bar-bg": ground, "bar-text": "#ffffff", "bar-dim": over("#ffffff", 0.78, ground),
        "bar-field": "#ffffff" + _alpha(0.13), "bar-field-solid": over("#ffffff", 0.13, ground),
        "bar-line": "#00000000", "bar-mark": "#ffffff", "bar-button": "#ffffff",
        "bar-button-hover": over("#ffffff", 0.88, ground),
        "on-bar-button": to_hex(Oklch(0.36, p.brand_chroma * 0.66, p.brand_hue)),
    }  # fmt: skip


def _cover(p: Palette, lightness: tuple[float, float, float, float]) -> Roles:
    glow, low, base, end = lightness
    hue, chroma = p.brand_hue, p.brand_chroma
    return {
        "cover-glow": to_hex(Oklch(glow, 0.11, (hue + 30) % 360)),
        "cover-low": to_hex(Oklch(low, chroma, (hue - 22) % 360)),
        "cover-base": to_hex(Oklch(base, chroma, hue)),
        "cover-end": to_hex(Oklch(end, chroma * 0.8, (hue + 16) % 360)),
    }


def category(hue: float, *, dark: bool) -> Roles:
    """Background, text, icon and line of one category, the same in every brand."""
    values = (
        {
            "bg": (0.34, 0.065),
            "fg": (0.89, 0.07),
            "ink": (0.8, 0.11),
            "line": (0.68, 0.12),
        }
        if dark
        else {
            "bg": (0.91, 0.055),
            "fg": (0.39, 0.11),
            "ink": (0.56, 0.13),
            "line": (0.68, 0.12),
        }
    )
    return {name: to_hex(Oklch(*value, hue)) for name, value in values.items()}


def _alpha(part: float) -> str:
    return f"{round(part * 255):02x}"

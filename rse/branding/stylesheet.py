"""The one stylesheet of a brand: every token as computed hex, light and dark."""

from dataclasses import dataclass

from .colour import over
from .tokens import CATEGORIES, Palette, Roles, category, roles

# Roles that serve proof alone and are no token.
INTERNAL = {"bar-field-solid"}
SCHEMES = (("light", "light"), ("dark", "dark"))


@dataclass(frozen=True, slots=True)
class Shape:
    """What is not colour: corners, spacing and type."""

    radius_rem: float
    density: float
    font_ui: str
    font_display: str
    display_weight: int
    display_track: str


def compile_stylesheet(palette: Palette, shape: Shape) -> str:
    """The brand's stylesheet; raises Faint when a pair could not be read."""
    light, dark = roles(palette, dark=False), roles(palette, dark=True)
    lines = [
        *(
            f"--rse-{name}:{_both(light[name], dark[name])}"
            for name in light
            if name not in INTERNAL
        ),
        f"--rse-radius:{shape.radius_rem:g}rem",
        f"--rse-density:{shape.density:g}",
        f"--rse-font-ui:{shape.font_ui}",
        f"--rse-font-display:{shape.font_display}",
        f"--rse-display-weight:{shape.display_weight}",
        f"--rse-display-track:{shape.display_track}",
    ]
    return "@layer brand{:root{" + ";".join(lines) + "}" + _categories() + "}\n"


def _categories() -> str:
    rules = []
    for number, hue in enumerate(CATEGORIES, 1):
        light, dark = category(hue, dark=False), category(hue, dark=True)
        tokens = ";".join(f"--rse-cat-{n}:{_both(light[n], dark[n])}" for n in light)
        rules.append(f".cat-{number}{{{tokens}}}")
    return "".join(rules)


def _both(light: str, dark: str) -> str:
    return light if light == dark else f"light-dark({light},{dark})"


def mail_colours(palette: Palette) -> Roles:
    """Hex values for mail, where no custom property works."""
    light, dark = roles(palette, dark=False), roles(palette, dark=True)
    wanted = ("canvas", "surface", "text", "text-2", "text-3", "accent", "on-accent",
              "accent-text", "accent-soft", "bar-bg", "bar-text", "bar-mark")  # fmt: skip
    chosen = {name: light[name] for name in wanted}
    chosen |= {f"dark-{name}": dark[name] for name in wanted}
    lines = {
        "line": over(light["text"], 0.12, light["surface"]),
        "dark-line": over(dark["text"], 0.12, dark["surface"]),
    }
    return chosen | lines

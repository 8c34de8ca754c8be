"""Reads `themes/<name>/theme.toml`; a mistake is answered with file, line and the likely key."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .colour import Oklch, contrast, from_hex
from .stylesheet import Shape, compile_stylesheet
from .tokens import Faint, Palette

HEX = r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"
DENSITY = {"compact": 0.88, "cosy": 1.0, "roomy": 1.12}
SANS = 'Inter,"Inter Fallback",system-ui,"Segoe UI",sans-serif'
SERIF = '"Source Serif 4",Georgia,"Times New Roman",serif'
FONTS = {
    "inter": SANS,
    "source-serif": SERIF,
    "system": 'system-ui,"Segoe UI",sans-serif',
}
DISPLAY = {
    "inter": (640, "-.021em"),
    "source-serif": (520, "-.012em"),
    "system": (650, "-.015em"),
}
FontName = Literal["inter", "source-serif", "system"]


class ThemeError(Exception):
    """The theme cannot be used. The message has code, file, line, cause and mend."""


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrandTable(Table):
    product_name: str = Field(min_length=1, max_length=40)
    short_name: str = Field("", max_length=14)
    organisation: str = Field("", max_length=80)


class ColorTable(Table):
    brand: str = Field(pattern=HEX)
    accent: str = Field("", pattern=HEX + "|^$")
    neutral: str = Field("auto", pattern=HEX + "|^auto$")
    allow_adjust: bool = True


class ShapeTable(Table):
    radius: float = Field(0.625, ge=0, le=1.25)
    density: Literal["compact", "cosy", "roomy"] = "cosy"
    bar: Literal["plain", "brand"] = "plain"


class FontTable(Table):
    text: FontName = "inter"
    display: FontName = "inter"


class LogoTable(Table):
    mark: str = "assets/mark.svg"


class Manifest(Table):
    """The whole of theme.toml."""

    brand: BrandTable
    color: ColorTable
    shape: ShapeTable = ShapeTable()
    font: FontTable = FontTable()
    logo: LogoTable = LogoTable()


class Theme:
    """A theme that was read: its manifest, its palette and the way to its files."""

    def __init__(self, folder: Path, manifest: Manifest, text: str):
        self.folder, self.manifest, self._text = folder, manifest, text
        self.file = folder / "theme.toml"
        self.palette = self._palette()

    def stylesheet(self) -> str:
        """The brand's compiled tokens; ThemeError when the colours cannot be read."""
        table, fonts = self.manifest.shape, self.manifest.font
        weight, track = DISPLAY[fonts.display]
        shape = Shape(
            table.radius, DENSITY[table.density], FONTS[fonts.text], FONTS[fonts.display],
            weight, track,
        )  # fmt: skip
        try:
            return compile_stylesheet(self.palette, shape)
        except Faint as faint:
            raise self.error("THM205", "color", "brand", f"{faint}.") from None

    def error(self, code: str, table: str, key: str, message: str) -> ThemeError:
        line = line_of(self._text, table, key)
        return ThemeError(f"{code} {self.file}:{line} {table}.{key}: {message}")

    def _palette(self) -> Palette:
        color = self.manifest.color
        brand = from_hex(color.brand)
        accent_key = "accent" if color.accent else "brand"
        accent_hex = color.accent or color.brand
        neutral = (
            Oklch(0.5, 0.006 if brand.chroma > 0.02 else 0.0, brand.hue)
            if color.neutral == "auto"
            else from_hex(color.neutral)
        )
        on_white = contrast(accent_hex, "#ffffff")
        if not color.allow_adjust and on_white < 4.5:
            raise self.error(
                "THM204", "color", accent_key,
                f'"{accent_hex}": white text is {on_white:.2f}:1 (needs 4.5). '
                "Set allow_adjust=true to use the nearest colour that can be read.",
            )  # fmt: skip
        return Palette.of(
            accent=from_hex(accent_hex), brand=brand, neutral=neutral,
            brand_bar=self.manifest.shape.bar == "brand",
        )  # fmt: skip


def read_theme(folder: Path) -> Theme:
    """The theme of a folder."""
    file = folder / "theme.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ThemeError(f"THM001 {file}: cannot be read: {error.strerror}.") from None
    try:
        manifest = Manifest.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise ThemeError(f"THM100 {file}:{found[1] if found else 1} {error}.") from None
    except ValidationError as error:
        raise ThemeError(
            "\n".join(_explain(file, text, fault) for fault in error.errors())
        ) from None
    return Theme(folder, manifest, text)


def find_theme(name: str, themes_dir: Path) -> Path:
    """The folder of a theme: where the settings say, or where the product's own lie."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise ThemeError(f'THM002 brand.theme "{name}": write the name of a folder, a-z 0-9 - _.')
    places = [themes_dir, Path(__file__).resolve().parents[2] / "themes"]
    for place in places:
        if (place / name).is_dir():
            return place / name
    there = sorted(item.name for place in places if place.is_dir() for item in place.iterdir())
    close = difflib.get_close_matches(name, there, n=1)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    raise ThemeError(f'THM002 brand.theme "{name}": no such folder in {themes_dir}.{hint}')


def _explain(file: Path, text: str, fault: Any) -> str:
    where = [str(part) for part in fault["loc"]]
    table, key = where[0] if len(where) > 1 else "", where[-1]
    place = f"{file}:{line_of(text, table, key)} {'.'.join(where)}"
    if fault["type"] == "extra_forbidden":
        known = _keys(table)
        close = difflib.get_close_matches(key, known, n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        return f"THM101 {place}: unknown key.{hint} Allowed: {', '.join(known)}."
    if fault["type"] == "string_pattern_mismatch":
        return f'THM201 {place}: "{fault["input"]}" is not a colour such as "#0b5c5a".'
    if fault["type"] == "missing":
        return f"THM102 {place}: is missing."
    return f"THM103 {place}: {fault['msg']}."


def _keys(table: str) -> list[str]:
    tables: dict[str, type[Table]] = {
        "brand": BrandTable, "color": ColorTable, "shape": ShapeTable,
        "font": FontTable, "logo": LogoTable,
    }  # fmt: skip
    return list(tables.get(table, Manifest).model_fields)


def line_of(text: str, table: str, key: str) -> int:
    """The line a key stands on; its table's when it is absent; else the first."""
    inside, heading = not table, 1
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.strip("[] ") == table
            if inside or stripped.strip("[] ") == key:
                heading = number
        elif inside and stripped.partition("=")[0].strip() == key:
            return number
    return heading

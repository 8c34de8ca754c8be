"""The brand of this process: everything a page or a mail needs to look like the customer."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markupsafe import Markup

from rse.config import settings

from . import icons, svg
from .stylesheet import mail_colours
from .theme import Theme, ThemeError, find_theme, read_theme
from .tokens import ratios, roles


@dataclass(frozen=True, slots=True)
class Brand:
    """What a theme came to. Values are ready to be written into a page."""

    name: str
    short_name: str
    organisation: str
    mark: Markup
    stylesheet: str
    digest: str
    theme_color_light: str
    theme_color_dark: str
    mail_colours: Mapping[str, str]
    ratios: Mapping[tuple[str, str], float]
    icon_set: icons.IconSet
    folder: Path
    preload_fonts: tuple[str, ...] = ()
    # What of the theme is not used, and why; filled when its templates are read.
    issues: list[str] = field(default_factory=list)

    @property
    def css_href(self) -> str:
        return f"/brand/{self.digest}.css"

    def icon_href(self, name: str) -> str:
        return f"/brand/{self.digest}/{name}"

    def manifest(self) -> dict[str, object]:
        """The web manifest. Its id never changes, so that installed apps follow a new brand."""
        sizes = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"),
                 ("maskable-512.png", "512x512", "maskable"))  # fmt: skip
        return {
            "id": "/",
            "name": self.name,
            "short_name": self.short_name,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": self.mail_colours["canvas"],
            "theme_color": self.theme_color_light,
            "icons": [
                {
                    "src": self.icon_href(name),
                    "sizes": size,
                    "type": "image/png",
                    "purpose": use,
                }
                for name, size, use in sizes
            ],
        }


def brand() -> Brand:
    """The brand in force."""
    chosen = settings().brand
    return _brand(chosen.theme, chosen.themes_dir)


@cache
def _brand(name: str, themes_dir: Path) -> Brand:
    return build(read_theme(find_theme(name, themes_dir)))


def build(theme: Theme) -> Brand:
    """Compile a theme; ThemeError says what to mend."""
    table = theme.manifest.brand
    stylesheet = theme.stylesheet()
    mark = _mark(theme)
    light, dark = roles(theme.palette, dark=False), roles(theme.palette, dark=True)
    icon_set = icons.IconSet(mark, ground=_tile(theme, light), ink="#ffffff")
    serif = theme.manifest.font.display == "source-serif"
    return Brand(
        name=table.product_name,
        short_name=table.short_name or table.product_name[:14],
        organisation=table.organisation,
        mark=svg.inline(mark),
        stylesheet=stylesheet,
        digest=hashlib.sha256((stylesheet + icon_set.svg()).encode()).hexdigest()[:16],
        theme_color_light=light["bar-bg"],
        theme_color_dark=dark["bar-bg"],
        mail_colours=mail_colours(theme.palette),
        ratios=ratios(light),
        icon_set=icon_set,
        folder=theme.folder,
        preload_fonts=("fonts/source-serif-4-latin.woff2",) if serif else (),
    )


def _tile(theme: Theme, light: Mapping[str, str]) -> str:
    """Icons stand on the colour that the brand shows most: its bar, or else its accent."""
    return light["bar-bg"] if theme.palette.brand_bar else light["accent"]


def _mark(theme: Theme) -> svg.Drawing:
    name = theme.manifest.logo.mark
    file = (theme.folder / name).resolve()
    if not file.is_relative_to(theme.folder.resolve()):
        raise theme.error("THM003", "logo", "mark", f'"{name}" leads out of the theme.')
    try:
        source = file.read_bytes()
    except OSError as error:
        raise theme.error("THM301", "logo", "mark", f"{file}: {error.strerror}.") from None
    try:
        return svg.read(source)
    except svg.UnusableSvg as error:
        raise ThemeError(f"THM302 {file}:{error.line} {error}") from None

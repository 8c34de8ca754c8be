"""Letters in the brand's words and colours, as text and as HTML, in the language in force."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment, StrictUndefined, select_autoescape
from markupsafe import Markup

from rse.branding.brand import Brand, brand
from rse.branding.templates import template_loader
from rse.config import settings
from rse.kernel import i18n

_LINK: Final = re.compile(r"<a (?=href=)")
_OWN_LINK: Final = re.compile(r'href="/(?!/)')
_QUOTE: Final = re.compile(r"<blockquote>")
_CODE: Final = re.compile(r"<(pre|code)>")
_CODE_STYLE: Final = r'<\1 style="font-family:Menlo,Consolas,monospace;font-size:13px">'


@dataclass(frozen=True, slots=True)
class Words:
    """The two bodies of a letter."""

    text: str
    html: str


def words(template: str, **context: object) -> Words:
    """Render `mail/<template>.txt` and `.html` in the language in force."""
    environment = _environment(brand().digest)
    shown = {**context, "brand": brand(), "c": brand().mail_colours, "origin": settings().origin}
    text = environment.get_template(f"mail/{template}.txt").render(shown)
    html = environment.get_template(f"mail/{template}.html").render(shown)
    return Words(_tidy(text), html)


def logo() -> bytes:
    """The brand's mark as the picture a mail carries."""
    return brand().icon_set.get("mail-128.png")[0]


def styled(source: str, look: Brand) -> Markup:
    """Sanitised HTML for a mail: our own links made whole, colours written into the elements."""
    colours = look.mail_colours
    linked = _OWN_LINK.sub(f'href="{settings().origin}/', source)
    linked = _LINK.sub(f'<a class="a" style="color:{colours["accent-text"]}" ', linked)
    quoted = _QUOTE.sub(
        '<blockquote style="margin:0 0 12px;padding:0 0 0 12px;'
        f'border-left:3px solid {colours["line"]}">',
        linked,
    )
    # It was sanitised when it was stored.
    return Markup(_CODE.sub(_CODE_STYLE, quoted))  # noqa: S704


@cache
def _environment(digest: str) -> Environment:
    """One per brand: a theme may bring its own wording of a mail."""
    environment = Environment(
        loader=template_loader(["mail"]),
        autoescape=select_autoescape(("html",), default=False, default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        _=i18n.gettext, ngettext=i18n.ngettext, language=i18n.current_language
    )
    environment.filters["styled"] = lambda source: styled(source, brand())
    environment.filters["datetime"] = i18n.format_datetime
    return environment


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

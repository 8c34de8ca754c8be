"""Safe text: Markdown to sanitised HTML, HTML to plain text, names without tricks."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import nh3
from markdown_it import MarkdownIt

TAGS: Final = {
    "a", "abbr", "b", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "i", "li",
    "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES: Final = {"a": {"href", "title"}, "span": {"class", "data-mention"}, "ol": {"start"}}
SCHEMES: Final = {"http", "https", "mailto"}
MENTION: Final = re.compile(
    r"(?<![\w@/.-])@([a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)", re.IGNORECASE
)
MAX_SOURCE: Final = 100_000

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)
_BLOCK_END = re.compile(r"</(?:p|h[2-4]|li|blockquote|pre|tr)>|<br ?/?>")
_TAG = re.compile(r"<[^>]*>")
_BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# A joiner between two signs of one emoji: a family, a flag. Anywhere else it hides something.
_JOINED = re.compile(
    "(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])"
)
_KEPT_JOINER = "\ue00d"
_BARE_URL = re.compile(r"(?<![(\[<\"'\w])(https?://[^\s<>()\[\]\"']{1,2000}[^\s<>()\[\]\"'.,;:!?])")


def render_markdown(source: str, mentions: Mapping[str, str] | None = None) -> str:
    """Sanitised HTML. `mentions` maps a handle, folded, to the address of the person's page."""
    linked = _BARE_URL.sub(r"<\1>", source[:MAX_SOURCE])
    rendered = _markdown.render(_headings_below_the_page_s(linked))
    if mentions:
        rendered = _link_mentions(rendered, mentions)
    return _clean(rendered, _our_own_attributes)


def sanitise(foreign: str) -> str:
    """HTML by allow-list: no script, style, form, image, handler or link into our pages passes."""
    return _clean(foreign, _foreign_attributes)


def _clean(raw: str, attribute_filter: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        raw[: MAX_SOURCE * 4],
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        attribute_filter=attribute_filter,
    )


def _our_own_attributes(tag: str, attribute: str, value: str) -> str | None:
    if tag == "span" and attribute == "class":
        return value if value == "mention" else None
    return value


def _foreign_attributes(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not value.lower().startswith(("https:", "http:", "mailto:")):
        return None
    return _our_own_attributes(tag, attribute, value)


def without_local_links(rendered: str) -> str:
    """Our HTML for another instance: a link into our pages is only its words there."""
    return re.sub(r'<a href="/[^"]*"[^>]*>(.*?)</a>', r"\1", rendered, flags=re.DOTALL)


def _headings_below_the_page_s(source: str) -> str:
    """A writer's # is the page's h2 at most: the page has one h1 and it is not theirs."""
    return re.sub(r"^(#{1,5})(?= )", r"\1#", source, flags=re.MULTILINE)


def _link_mentions(rendered: str, mentions: Mapping[str, str]) -> str:
    """Link @handles in text, never inside a tag, a link or code."""
    parts, inside = [], 0
    for part in re.split(r"(<[^>]+>)", rendered):
        if part.startswith("<"):
            if re.match(r"<(?:a|code|pre)\b", part):
                inside += 1
            elif re.match(r"</(?:a|code|pre)>", part):
                inside -= 1
            parts.append(part)
        else:
            parts.append(part if inside else MENTION.sub(lambda m: _mention(m, mentions), part))
    return "".join(parts)


def _mention(match: re.Match[str], mentions: Mapping[str, str]) -> str:
    address = mentions.get(match.group(1).casefold())
    if address is None:
        return match.group(0)
    return f'<a href="{html.escape(address)}"><span class="mention">{match.group(0)}</span></a>'


def handles_in(source: str, limit: int = 50) -> list[str]:
    """The handles a text names, folded, each once; a text that names more is cut."""
    found = dict.fromkeys(match.group(1).casefold() for match in MENTION.finditer(source))
    return list(found)[:limit]


def to_plain(rendered: str) -> str:
    """The words of sanitised HTML, a line per block."""
    lines = _TAG.sub("", _BLOCK_END.sub("\n", rendered))
    return html.unescape(re.sub(r"\n{3,}", "\n\n", lines)).strip()


def excerpt(plain: str, length: int = 140) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(plain.split())
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0] + "…"


def clean_line(text: str, limit: int) -> str:
    """A name or title: one line, no controls, no direction tricks, NFC, at most `limit` long."""
    marked = _JOINED.sub(_KEPT_JOINER, text.replace(_KEPT_JOINER, ""))
    visible = "".join(
        c
        for c in _BIDI.sub("", marked)
        if unicodedata.category(c)[0] != "C" or c in {" ", _KEPT_JOINER}
    ).replace(_KEPT_JOINER, "\u200d")
    return " ".join(unicodedata.normalize("NFC", visible).split())[:limit].strip()


def clean_text(text: str) -> str:
    """A body: newlines and tabs stay, other controls and direction overrides go."""
    kept = "".join(
        c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    )
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", kept).strip()


def fold(text: str) -> str:
    """For comparing and searching names: no accents, no case."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))

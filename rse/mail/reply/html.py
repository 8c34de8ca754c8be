"""HTML to lines without recursion: what a mail program marked as a quote comes out behind ">"."""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml import html as lxml_html

MAX_HTML: Final = 1_000_000
MAX_ELEMENTS: Final = 50_000
_SPACE: Final = re.compile(r"\s+")
_BLOCKS: Final = frozenset(
    {
        "p",
        "div",
        "tr",
        "table",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "blockquote",
        "section",
        "hr",
    }
)
_PARAGRAPHS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"}
)
_SKIPPED: Final = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "svg", "object"}
)

# The element holds the quote: Gmail, Yahoo, Proton, Apple and Thunderbird, Zimbra, Zoho, Front.
_QUOTE_CLASSES: Final = frozenset(
    {"gmail_quote", "gmail_quote_container", "gmail_extra", "yahoo_quoted", "protonmail_quote",
     "zmail_extra", "front-blockquote", "moz-cite-prefix", "gmail_attr", "tutanota_quote"}
)  # fmt: skip
# The element begins the quote, which then runs to the end: Outlook, Exchange, Roundcube.
_START_IDS: Final = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "reply-intro",
        "mail-editor-reference-message-container",
        "zwchr",
    }
)
_START_CLASSES: Final = frozenset({"outlookmessageheader"})
_OUTLOOK_RULE: Final = re.compile(r"border:none;border-top:solid #(?:e1e1e1|b5c4df) 1\.0pt")


@dataclass(slots=True)
class HtmlText:
    """The words of an HTML body; `is_marked` when the program itself showed where the quote is."""

    lines: list[str] = field(default_factory=list)
    is_marked: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


@dataclass(slots=True)
class _Walk:
    result: HtmlText = field(default_factory=HtmlText)
    current: str = ""
    quotes: int = 0
    is_after_start: bool = False
    seen: int = 0


def to_text(source: str) -> HtmlText | None:
    """Give the words of an HTML body; None when it is too large or no HTML at all."""
    if len(source) > MAX_HTML or not source.strip():
        return None
    try:
        root = lxml_html.document_fromstring(source.replace("\0", ""))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    walk = _Walk()
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            walk.seen += 1
            if walk.seen > MAX_ELEMENTS:
                break
            _enter(walk, element)
        elif event == "end":
            _leave(walk, element)
        _add(walk, element.tail if event != "start" else None, element.getparent())
    _break(walk)
    return walk.result


def _enter(walk: _Walk, element: etree._Element) -> None:
    tag = _tag(element)
    if _starts_quote(element):
        _break(walk)
        walk.is_after_start = walk.result.is_marked = True
    if _is_quote(element):
        _break(walk)
        walk.quotes += 1
        walk.result.is_marked = True
    if tag in _BLOCKS or tag == "br":
        _break(walk, blank=tag in _PARAGRAPHS, forced=tag == "br")
    if tag == "li":
        walk.current = "- "
    _add(walk, element.text, element)


def _leave(walk: _Walk, element: etree._Element) -> None:
    tag = _tag(element)
    if tag == "a":
        _add_link(walk, element)
    if tag in {"td", "th"}:
        walk.current += " "
    if tag in _BLOCKS:
        _break(walk, blank=tag in _PARAGRAPHS)
    if _is_quote(element):
        _break(walk)
        walk.quotes -= 1


def _add(walk: _Walk, text: str | None, parent: etree._Element | None) -> None:
    if not text or parent is None or _tag(parent) in _SKIPPED:
        return
    words = text if _tag(parent) == "pre" else _SPACE.sub(" ", text)
    if _tag(parent) == "pre" and "\n" in words:
        for line in words.split("\n"):
            walk.current += line
            _break(walk, forced=True)
        return
    walk.current += words if walk.current and not walk.current.endswith(" ") else words.lstrip(" ")


def _add_link(walk: _Walk, element: etree._Element) -> None:
    """A link whose words hide its target shows it; others would lose it."""
    target = str(element.get("href") or "").strip()
    shown = "".join(element.itertext())[:200].strip() if len(element) < 20 else ""
    if target.startswith(("http://", "https://")) and target not in shown and shown not in target:
        walk.current += f" ({target[:500]})"


def _break(walk: _Walk, *, blank: bool = False, forced: bool = False) -> None:
    lines, text = walk.result.lines, walk.current.rstrip()
    mark = "> " if walk.quotes or walk.is_after_start else ""
    if text.strip() and text.strip() != "-":
        lines.append(mark + text)
    elif forced and lines and lines[-1].strip("> "):
        lines.append(mark.strip())
    if blank and lines and lines[-1].strip("> "):
        lines.append(mark.strip())
    walk.current = ""


def _is_quote(element: etree._Element) -> bool:
    if _tag(element) == "blockquote":
        return True
    return (
        not _QUOTE_CLASSES.isdisjoint(_classes(element))
        or element.get("data-marker") == "__QUOTED_TEXT__"
    )


def _starts_quote(element: etree._Element) -> bool:
    if str(element.get("id") or "").casefold().removeprefix("x_") in _START_IDS:
        return True
    style = str(element.get("style") or "")[:300].casefold().replace("; ", ";").replace(": ", ":")
    return (
        not _START_CLASSES.isdisjoint(_classes(element)) or _OUTLOOK_RULE.search(style) is not None
    )


def _classes(element: etree._Element) -> set[str]:
    return set(str(element.get("class") or "")[:500].casefold().split())


def _tag(element: etree._Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""

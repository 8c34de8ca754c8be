"""Reads a page as a browser does: its forms with their present values, and its words."""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.journey.waiting import StoryBroken

VOID_BUTTONS = {"submit", "button", "image", "reset", "file"}


@dataclass
class Form:
    """One form: where it goes and what it would send untouched."""

    action: str
    method: str
    is_multipart: bool
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What came back: the status, the address it ended at, the markup."""

    status: int
    url: str
    html: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def forms(self) -> list[Form]:
        return _read(self.html, self.url).forms

    @property
    def text(self) -> str:
        """The words alone, blanks folded."""
        return re.sub(r"\s+", " ", " ".join(_read(self.html, self.url).words)).strip()

    def form(self, action: str) -> Form:
        """The first form whose address fits the pattern, such as "/posts/*/comments"."""
        for form in self.forms:
            if fnmatchcase(urlsplit(form.action).path, action):
                return form
        raise StoryBroken(f"{self.path} ({self.status}) has no form {action}")

    def ids(self, pattern: str) -> list[str]:
        """What stands in the group of `pattern`, each once, in the page's order."""
        return list(dict.fromkeys(re.findall(pattern, self.html)))

    def part(self, anchor: str) -> str:
        """The markup from the element with this id to the next element of its kind."""
        found = re.search(rf'<(\w+)[^>]*\bid="{re.escape(anchor)}".*', self.html, re.DOTALL)
        if found is None:
            raise StoryBroken(f"{self.path} ({self.status}) has no element {anchor}")
        kind = re.escape(anchor.partition("-")[0])
        following = re.search(rf'<\w+[^>]*\bid="{kind}-', found[0][1:])
        return found[0][: following.start() + 1] if following else found[0]


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._textarea: str | None = None
        self._select: str | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag in {"script", "style"}:
            self._silent += 1
        if tag == "form":
            self._form = Form(
                urljoin(self.url, facts.get("action", "")),
                facts.get("method", "get").lower(),
                facts.get("enctype") == "multipart/form-data",
            )
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, facts)

    def _field(self, form: Form, tag: str, facts: dict[str, str]) -> None:
        name = facts.get("name", "")
        if tag == "input" and name and facts.get("type", "text") not in VOID_BUTTONS:
            if facts.get("type") not in {"checkbox", "radio"} or "checked" in facts:
                form.fields[name] = facts.get("value", "")
        elif tag == "textarea" and name:
            self._textarea, form.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and _is_chosen(facts, self._select, form):
            form.fields[self._select] = facts.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._textarea:
            self._form.fields[self._textarea] += data
        elif not self._silent:
            self.words.append(data)


def _is_chosen(option: dict[str, str], select: str, form: Form) -> bool:
    return "selected" in option or select not in form.fields


def _read(html: str, url: str) -> _Reader:
    reader = _Reader(url)
    reader.feed(html)
    reader.close()
    return reader

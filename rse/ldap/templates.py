"""Mapping templates: attributes with fallbacks and a few fixed filters, never code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

from rse.ldap import values
from rse.ldap.entries import Entry

_SLOT = re.compile(r"\{([^{}]*)\}")
_ATTRIBUTES = re.compile(r"[A-Za-z][A-Za-z0-9;-]*(?: +[A-Za-z][A-Za-z0-9;-]*)*")
Filter = Callable[[str], str]


class TemplateSyntax(ValueError):
    """A template of the configuration that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One `{displayName|givenName sn|lower}`: alternatives in order, then filters."""

    alternatives: tuple[tuple[str, ...], ...]
    filters: tuple[Filter, ...]

    def options(self, entry: Entry) -> Iterator[str]:
        """Every value this slot could take, best first."""
        for names in self.alternatives:
            found = [
                [text for value in entry.values(name) if (text := values.text(value))]
                for name in names
            ]
            if len(names) == 1:
                yield from (self._filtered(text) for text in found[0])
            elif all(found):
                yield self._filtered(" ".join(texts[0] for texts in found))

    def _filtered(self, text: str) -> str:
        return reduce(lambda done, step: step(done), self.filters, text)


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and slots in turn."""

    parts: tuple[str | Slot, ...]

    @property
    def attributes(self) -> frozenset[str]:
        """The attributes a search must ask for, in lower case."""
        slots = (part for part in self.parts if isinstance(part, Slot))
        return frozenset(
            name.lower() for slot in slots for names in slot.alternatives for name in names
        )

    def render(self, entry: Entry) -> str:
        return "".join(
            part if isinstance(part, str) else next(part.options(entry), "") for part in self.parts
        ).strip()

    def options(self, entry: Entry) -> Iterator[str]:
        """All values of a template that is one slot, else its one text."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Slot):
            yield from self.parts[0].options(entry)
        else:
            yield self.render(entry)


def parse(text: str) -> Template:
    parts: list[str | Slot] = []
    position = 0
    for match in _SLOT.finditer(text):
        parts.append(_literal(text[position : match.start()]))
        parts.append(_slot(match.group(1)))
        position = match.end()
    parts.append(_literal(text[position:]))
    return Template(tuple(part for part in parts if part))


def _literal(text: str) -> str:
    if "{" in text or "}" in text:
        raise TemplateSyntax(f"a brace without its partner near {text!r}")
    return text


def _slot(text: str) -> Slot:
    first, *rest = (part.strip() for part in text.split("|"))
    alternatives, filters = [_names(first)], []
    for part in rest:
        step = _filter(part)
        if step is not None:
            filters.append(step)
        elif filters:
            raise TemplateSyntax(f"attributes after a filter in {{{text}}}")
        else:
            alternatives.append(_names(part))
    return Slot(tuple(alternatives), tuple(filters))


def _names(text: str) -> tuple[str, ...]:
    if not _ATTRIBUTES.fullmatch(text):
        raise TemplateSyntax(f"not an attribute name: {text!r}")
    return tuple(text.split())


def _filter(text: str) -> Filter | None:
    """lower, upper, before:X and after:X are filters; any other word is an attribute."""
    name, colon, mark = text.partition(":")
    if not colon:
        return {"lower": str.lower, "upper": str.upper}.get(name)
    if not mark or name not in ("before", "after"):
        raise TemplateSyntax(f"unknown filter: {text!r}")
    if name == "before":
        return lambda value: value.partition(mark)[0]
    return lambda value: value.partition(mark)[2] if mark in value else value

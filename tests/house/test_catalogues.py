"""French and German are complete: every message of the code is translated, with its values."""

import re
from collections.abc import Iterable

import pytest

from tests.house.catalogues import TRANSLATED, catalogue, in_code, untranslated, unused

_VALUE = re.compile(r"%\((\w+)\)s")
_STRAY_PERCENT = re.compile(r"%(?!\(\w+\)s|%)")
# What French typography does not do: typewriter marks, a breaking space before a double mark.
_TYPEWRITER = re.compile("['\"]| [;!?:»]|« |\\w[;!?](?:\\s|$)")


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_code_speaks() -> None:
    assert len(in_code()) > 50


def test_every_message_is_translated(language: str) -> None:
    assert [f"{m}  {in_code()[m][0]}" for m in untranslated(language)] == []


def test_no_message_is_left_over(language: str) -> None:
    assert unused(language) == []


def test_the_same_values_are_filled_in(language: str) -> None:
    wrong = [
        (message.id, text)
        for message in catalogue(language)
        if message.id
        for text in _forms(message.string)
        if text and not _values(text) <= _values(*_forms(message.id))
    ]
    assert wrong == []


def test_no_value_is_forgotten(language: str) -> None:
    wrong = [
        (message.id, message.string)
        for message in catalogue(language)
        if isinstance(message.id, str) and message.id and message.string
        if _values(message.id) - _values(str(message.string))
    ]
    assert wrong == []


def test_french_is_set_as_the_french_set_it() -> None:
    texts = [t for m in catalogue("fr") if m.id for t in _forms(m.string)]
    assert [text for text in texts if _TYPEWRITER.search(text)] == []


def test_german_quotes_as_the_germans_do() -> None:
    texts = [t for m in catalogue("de") if m.id for t in _forms(m.string)]
    assert [text for text in texts if re.search("['\"«»]", text)] == []


def test_every_catalogue_is_well_formed(language: str) -> None:
    problems = [
        f"{message.id}: {error}"
        for message, errors in catalogue(language).check()
        for error in errors
    ]
    assert problems == []


def test_a_percent_sign_is_doubled_where_values_are_filled_in() -> None:
    """`"%(n)s of 100 %" % …` is an error at run time."""
    texts = [text for message in in_code() for text in _forms(message) if _VALUE.search(text)]
    assert [text for text in texts if _STRAY_PERCENT.search(text)] == []


def _forms(message: str | Iterable[str] | None) -> tuple[str, ...]:
    if message is None:
        return ()
    return (message,) if isinstance(message, str) else tuple(message)


def _values(*texts: str) -> set[str]:
    return {value for text in texts for value in _VALUE.findall(text)}

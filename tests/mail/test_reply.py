# ruff: noqa: E501 - a sample of mail keeps its long lines
"""What was typed stays, what a program quoted goes, and no text takes long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rse.mail.body import typed
from rse.mail.mime import parse
from rse.mail.reply import extract
from rse.mail.reply.html import to_text
from tests.mail.replies import HTML, PARENT, TEXT, Sample


@pytest.mark.parametrize("sample", TEXT, ids=lambda sample: sample.name)
def test_the_typed_words_are_kept_and_nothing_else(sample: Sample) -> None:
    assert extract(sample.body, sample.parent).text == sample.typed


@pytest.mark.parametrize(
    "sample", [s for s in TEXT if "is ready" not in s.body and not s.parent], ids=lambda s: s.name
)
def test_knowing_the_parent_loses_no_typed_line(sample: Sample) -> None:
    assert extract(sample.body, PARENT).text == sample.typed


@pytest.mark.parametrize("sample", HTML, ids=lambda sample: sample.name)
def test_the_program_s_own_marks_are_enough_in_html(sample: Sample) -> None:
    found = to_text(sample.body)
    assert found is not None
    assert extract(found.text).text == sample.typed


def test_the_part_cut_away_is_kept_apart() -> None:
    reply = extract("Oui.\n\nLe 03/11/2026 à 10:01, Amélie a écrit :\n> Bonjour")
    assert reply.elided == "Le 03/11/2026 à 10:01, Amélie a écrit :\n> Bonjour"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n \n",
        "> Bonjour\n> le plan",
        "-- \nMarc",
        "Le 03/11/2026 à 10:01, Amélie a écrit :\n> Bonjour",
        "Envoyé de mon iPhone",
    ],
)
def test_a_mail_without_a_typed_word_is_empty(body: str) -> None:
    assert extract(body).is_empty


HOSTILE = {
    "on": "On " * 33_000,
    "on lines": "On \n" * 25_000,
    "dashes": "-" * 100_000,
    "dash lines": "- " * 50_000,
    "newlines": "\n" * 100_000,
    "marks": ">" * 100_000,
    "mark lines": "> \n" * 33_000,
    "colons": ":" * 100_000,
    "colon lines": "a:\n" * 33_000,
    "le colon lines": "Le 3 nov. 2026 :\n" * 6_000,
    "addresses": "a@b.example " * 8_000,
    "at signs": "a." * 30_000 + "@" + "b." * 20_000,
    "spaces": " " * 100_000,
    "keys": "From: a\nSent: b\n" * 6_000,
    "underscores": "_" * 100_000,
    "sent from": "Sent from " * 10_000,
    "words": "word " * 20_000,
    "digits": "1." * 50_000,
    "stars": "*" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_bounded_time(name: str) -> None:
    started = time.process_time()
    extract(HOSTILE[name], parent=HOSTILE[name])
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 5_000 + "x",
        "<b><i>" * 10_000 + "x",
        "<table><tr><td>" * 300 + "x",
        "<" * 100_000,
        "&" * 100_000,
        "<a href='x'>" * 20_000,
    ],
    ids=["divs", "inline", "tables", "brackets", "entities", "links"],
)
def test_hostile_html_takes_bounded_time(source: str) -> None:
    started = time.process_time()
    to_text(source)
    assert time.process_time() - started < 2.0


@given(st.text(max_size=2_000), st.text(max_size=500))
@settings(deadline=None, max_examples=150)
def test_any_text_is_cut_without_failing_and_without_loss(body: str, parent: str) -> None:
    reply = extract(body, parent)
    kept = "".join((reply.text + reply.elided).split())
    assert set("".join(body.split())) - set(kept) == set()


@given(st.text(alphabet='<>/abdivp"= &;-!quote', max_size=400))
@settings(deadline=None, max_examples=150)
def test_any_html_is_read_without_failing(source: str) -> None:
    to_text(source)


def test_a_text_part_that_only_points_to_the_other_loses() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        b"Your client does not support HTML\n--x\nContent-Type: text/html\n\n<p>Bonjour</p>\n--x--\n"
    )
    assert typed(parse(raw)).text == "Bonjour"

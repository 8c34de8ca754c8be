"""A query is read as its writer meant it, and nothing anybody types is an error."""

from hypothesis import given
from hypothesis import strategies as st

from rse.kernel.ids import made_at
from rse.search.query import Clause, parse

HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(list("\"'*:^(){}[]-+~&|!<>\\/%_? \t\n\0")),
        st.sampled_from(["AND ", "OR ", "NOT ", "NEAR(", "from:", "before:", '-"', "é", "ß", "l'"]),
        st.characters(),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)


def test_words_phrases_and_exclusions() -> None:
    query = parse('devis "façade nord" -plan -"lot 3"')
    assert query.wanted == (Clause(("devi",), "devis"), Clause(("facad", "nord")))
    assert query.excluded == (Clause(("plan",), "plan"), Clause(("lot", "3")))


def test_quotes_of_every_language_are_quotes() -> None:
    for text in ("“lot 3”", "« lot 3 »", "„lot 3“"):
        assert parse(text).wanted == (Clause(("lot", "3")),)


def test_operators_in_three_languages() -> None:
    for text in ('from:anna in:"Rive Nord"', 'de:anna dans:"Rive Nord"', 'von:anna in:"Rive Nord"'):
        query = parse(text)
        assert (query.authors, query.spaces, query.wanted) == (("anna",), ("Rive Nord",), ())
    assert parse("type:fichier").kinds == frozenset({"file"})


def test_days_are_read_in_several_ways() -> None:
    for text in ("after:2026-03-01", "après:01.03.2026", "nach:1/3/2026", "after:2026-03"):
        assert made_at(parse(text).after_id).date().isoformat() == "2026-03-01"
    assert made_at(parse("before:2026").before_id).date().isoformat() == "2026-01-01"


def test_an_operator_that_cannot_be_read_is_named() -> None:
    query = parse("plan before:hier type:chose after:2026-13-40")
    assert query.unread == ("before:hier", "type:chose", "after:2026-13-40")
    assert query.wanted == (Clause(("plan",), "plan"),)


def test_what_only_looks_like_an_operator_is_words() -> None:
    assert parse("https://quai.example").asks_something
    assert parse("10:30").wanted == (Clause(("10", "30")),)


def test_parts_of_one_written_word_stand_together() -> None:
    assert parse("e-mail").wanted == (Clause(("e", "mail")),)


@given(HOSTILE)
def test_nothing_typed_is_an_error(text: str) -> None:
    query = parse(text)
    for clause in (*query.wanted, *query.excluded):
        assert clause.stems and all(term.isalnum() for term in clause.stems)
        assert not clause.typed or clause.typed.isalnum()


@given(st.text(max_size=2_000))
def test_a_query_is_bounded(text: str) -> None:
    query = parse(text)
    assert len(query.wanted) <= 12 and len(query.excluded) <= 12

"""Words lose case, accents, elision and plurals, and nothing that matters."""

import pytest

from rse.search.words import distance, plain, stem, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("réunion", "REUNIONS"),
        ("l'équipe", "équipes"),
        ("qu’avenant", "avenants"),
        ("d'ateliers", "atelier"),
        ("journaux", "journal"),
        ("niveaux", "niveau"),
        ("Häuser", "Haus"),
        ("Rechnungen", "Rechnung"),
        ("Pläne", "Plan"),
        ("Müller", "Mueller"),
        ("Straße", "Strasse"),
        ("cœur", "coeurs"),
        ("companies", "company"),
        ("e\u0301quipe", "équipe"),
        ("pla\u00adning", "planing"),
    ],
)
def test_these_are_the_same_word(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(("one", "other"), [("plan", "plat"), ("devis", "devin"), ("gare", "gaz")])
def test_these_are_not(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_elision_leaves_the_word_and_names_keep_theirs() -> None:
    assert terms("d'accord, l'O'Neill jusqu'ici") == terms("accord O Neill ici")


def test_signs_are_no_words() -> None:
    assert terms("« … » — !? 🙂 ' ’ \u202e") == []


def test_a_long_text_is_cut_and_a_long_word_too() -> None:
    assert len(terms("mot " * 20_000)) == 15_000
    assert len(terms("x" * 1_000)[0]) <= 64


def test_a_stem_is_its_own_stem_often_enough_to_be_typed() -> None:
    assert stem(stem(plain("Rechnungen"))) == stem(plain("Rechnungen"))


def test_distance_counts_letters_and_stops() -> None:
    assert distance("devis", "devis") == 0
    assert distance("devsi", "devis") == 1
    assert distance("facade", "facades") == 1
    assert distance("quai", "livret") == 3

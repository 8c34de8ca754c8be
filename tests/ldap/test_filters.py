"""Filters are bytes built from values: what a person types can only ever be a value."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.ldap import ber, filters


@given(st.text(max_size=200))
def test_a_typed_value_stays_one_value(typed: str) -> None:
    encoded = filters.eq("uid", typed.encode("utf-8", "replace"))
    (tag, start, end), *rest = ber.items(encoded, 0, len(encoded))
    parts = list(ber.items(encoded, start, end))
    assert (tag, rest, len(parts)) == (filters.EQUAL, [], 2)
    assert encoded[parts[1][1] : parts[1][2]] == typed.encode("utf-8", "replace")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(uid=ada)", filters.eq("uid", "ada")),
        ("(uid=*)", filters.present("uid")),
        ("(uid=a\\2ab)", filters.eq("uid", "a*b")),
        ("(cn=Staff \\30\\30001)", filters.eq("cn", "Staff 00001")),
        (
            "(&(a=1)(!(b=2)))",
            filters.and_(filters.eq("a", "1"), filters.not_(filters.eq("b", "2"))),
        ),
        ("(|(a=1)(b=2))", filters.or_(filters.eq("a", "1"), filters.eq("b", "2"))),
        ("(!(employeeType=robot))", filters.not_(filters.eq("employeeType", "robot"))),
    ],
)
def test_the_administrator_s_text_compiles(text: str, expected: bytes) -> None:
    assert filters.parse(text) == expected


def test_substrings_and_matching_rules_compile() -> None:
    assert filters.parse("(cn=a*b*c)")[0] == filters.SUBSTRINGS
    assert filters.parse("(userAccountControl:1.2.840.113556.1.4.803:=2)")[0] == filters.EXTENSIBLE
    assert filters.parse("(n>=5)")[0] == filters.GREATER


@pytest.mark.parametrize(
    "text",
    ["", "uid=ada", "(uid=ada", "(uid=ada))", "(&)", "(!(a=1)(b=2))", "(uid)",
     "(=x)", "(u id=1)", "(a=\\2)", "(a=\\zz)",
     "(a=**)", "(" * 60, "(!" * 30 + "(a=1)" + ")" * 30, "(a=(b)"],
)  # fmt: skip
def test_a_mistake_in_it_is_told(text: str) -> None:
    with pytest.raises(filters.FilterSyntax):
        filters.parse(text)


@given(st.text(alphabet="()&|!=*\\ab2 ", max_size=40))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    with suppress(filters.FilterSyntax):
        filters.parse(text)

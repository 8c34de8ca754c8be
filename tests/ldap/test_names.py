"""Distinguished names: one entry, one key, however it is spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.ldap import names

values = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(' ,+"\\<>;#=')),
    min_size=1,
    max_size=20,
)
rdns = st.lists(
    st.tuples(st.sampled_from(["cn", "ou", "uid", "dc"]), values), min_size=1, max_size=4
)


def joined(parts: list[tuple[str, str]]) -> str:
    return ",".join(f"{name}={names.escape(value)}" for name, value in parts)


@given(rdns)
def test_an_escaped_name_reads_back_as_it_was(parts: list[tuple[str, str]]) -> None:
    assert names.parse(joined(parts)) == tuple(((name, value),) for name, value in parts)


@given(rdns)
def test_the_normal_form_of_a_normal_form_is_itself(parts: list[tuple[str, str]]) -> None:
    once = names.normal(joined(parts))
    assert names.normal(once) == once


@given(st.text(max_size=60))
def test_a_key_exists_for_every_text(text: str) -> None:
    assert isinstance(names.key(text), str)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CN=Ada Lovell,DC=Ostrelle,DC=Example", "cn=ada lovell,dc=ostrelle,dc=example"),
        ("cn=ada lovell , dc=ostrelle", "cn=ada  lovell,dc=ostrelle"),
        ('cn="Lovell, Ada",dc=x', "cn=Lovell\\, Ada,dc=x"),
        ("cn=Lovell\\2c Ada;dc=x", "cn=Lovell\\, Ada,dc=x"),
        ("cn=a+uid=b,dc=x", "uid=b+cn=a,dc=x"),
        ("2.5.4.3=ada,dc=x", "cn=ada,dc=x"),
        ("cn=Stra\u00dfe,dc=x", "cn=STRASSE,dc=x"),
        ("cn=#0403616461,dc=x", "cn=ada,dc=x"),
        ("cn=Jose\u0301,dc=x", "cn=Jos\u00e9,dc=x"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert names.normal(one) == names.normal(other)


def test_a_comma_inside_a_value_makes_no_new_level() -> None:
    assert names.normal("cn=a\\,dc=x") != names.normal("cn=a,dc=x")
    assert not names.is_under(names.normal("cn=a\\,ou=staff"), names.normal("ou=staff"))


def test_a_base_holds_itself_and_what_is_below() -> None:
    base = names.normal("ou=Staff,dc=x")
    assert names.is_under(names.normal("cn=a,ou=staff,dc=x"), base)
    assert names.is_under(base, base)
    assert not names.is_under(names.normal("cn=a,ou=otherstaff,dc=x"), base)


@pytest.mark.parametrize(
    "text", ["=a", "cn", "cn=a,", 'cn="a', "cn=a\\", "cn=a\\zz", "cn=a<b", "cn=a" * 4000]
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(names.DnSyntax):
        names.parse(text)

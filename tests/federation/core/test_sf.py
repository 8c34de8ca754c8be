"""Structured fields: what is written is read back, and nothing odd is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import sf

keys = st.from_regex(r"[a-z*][a-z0-9_.*-]{0,10}", fullmatch=True)
printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)
tokens = st.from_regex(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]{0,10}", fullmatch=True).map(sf.Token)
bare = st.one_of(
    st.booleans(), st.integers(-(10**15) + 1, 10**15 - 1), printable, st.binary(max_size=40), tokens
)
parameters = st.dictionaries(keys, bare, max_size=3)
items = st.builds(sf.Item, bare, parameters)
lists = st.builds(sf.InnerList, st.lists(items, max_size=4).map(tuple), parameters)


@given(st.dictionaries(keys, st.one_of(items, lists), max_size=4))
def test_what_is_written_is_read_back(members: dict[str, sf.Item | sf.InnerList]) -> None:
    assert sf.parse_dictionary(sf.serialise_dictionary(members)) == members


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        members = sf.parse_dictionary(text)
    except sf.BadField:
        return
    assert sf.parse_dictionary(sf.serialise_dictionary(members)) == members


@pytest.mark.parametrize(
    "text",
    ["a=1, a=2", "a=1,", "a=1 b=2", 'a="open', "a=:AAA", "a=(1", "a=1;b;b", "A=1", "a=1.5", "a=é",
     'a="\\n"', "a=:A A=:", "a=?2", "a=" + "(" * 50, "a" * 5000],
)  # fmt: skip
def test_odd_fields_are_refused(text: str) -> None:
    with pytest.raises(sf.BadField):
        sf.parse_dictionary(text)

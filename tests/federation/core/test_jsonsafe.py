"""Strict JSON: what two parsers could read differently is refused; canonical bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import jcs, jsonsafe

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-jsonsafe.MAX_INTEGER, jsonsafe.MAX_INTEGER),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20),
)
names = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 20_000,
        b'{"a":' * 20_000,
        b'{"a":' + b"[" * 33 + b"]" * 33 + b"}",
        b'{"a":' + b"9" * 5_000 + b"}",
        b'{"a":9007199254740992}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1.5}',
        b'{"a":1e400}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"\\u0062":2}}',
        b'{"a":"\\ud800"}',
        b'{"\\udc00":1}',
        b'{"a":"\\u0000"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":"\xff"}',
        b'{"a":1} {"b":2}',
        b'{"a":1}x',
        b"[]",
        b'"a"',
        b"null",
        b"",
        b'{"a":' + b"[" + b"0," * 10_000 + b"0]}",
    ],
)
def test_odd_json_is_refused(body: bytes) -> None:
    with pytest.raises(jsonsafe.Malformed):
        jsonsafe.parse(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        jsonsafe.parse(body)
    except jsonsafe.Malformed:
        return
    assert isinstance(json.loads(body), dict)


@given(st.dictionaries(names, values, max_size=5))
def test_canonical_bytes_read_back_and_stay(document: jsonsafe.JsonObject) -> None:
    body = jcs.canonical(document)
    again = jsonsafe.parse(body)
    assert again == document
    assert jcs.canonical(again) == body


def test_the_texts_of_rfc_8785_are_escaped_as_it_says() -> None:
    text = '\u20ac$\u000f\nA\'B"\\\\"/'
    expected = (
        '{"literals":[null,true,false],"numbers":[0,-1,9007199254740991],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    document: jsonsafe.JsonObject = {
        "numbers": [0, -1, 9007199254740991],
        "string": text,
        "literals": [None, True, False],
    }
    assert jcs.canonical(document).decode() == expected


def test_names_are_sorted_as_rfc_8785_sorts_them() -> None:
    # RFC 8785, 3.2.3.
    document: jsonsafe.JsonObject = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(jcs.canonical(document)).values()) == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
    ]  # fmt: skip

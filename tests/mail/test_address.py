"""Addresses: what a token says comes back, and one changed letter says nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.mail.address import Keys, Kind, Token, day_number, is_expired, mint, read, topic_code

KEYS = Keys(1, {0: b"old" * 12, 1: b"new" * 12})
ids = st.integers(min_value=0, max_value=2**63 - 1)
small = st.integers(min_value=0, max_value=2**16 - 1)
tokens = st.builds(Token, st.sampled_from(Kind), ids, ids, small, small, small)


@given(tokens)
def test_a_token_fits_an_address_and_comes_back(token: Token) -> None:
    local_part = mint(KEYS, token)
    assert len(local_part) <= 64
    assert local_part == local_part.lower()
    assert read(KEYS, local_part) == token


@given(
    tokens,
    st.integers(min_value=0, max_value=54),
    st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"),
)
def test_one_changed_letter_makes_it_worthless(token: Token, place: int, letter: str) -> None:
    local_part = mint(KEYS, token)
    changed = local_part[:place] + letter + local_part[place + 1 :]
    assert changed == local_part or read(KEYS, changed) is None


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda t: t.replace(".", "+"),
        lambda t: t.replace(".", "%2B"),
        lambda t: t.replace(".", "=2B"),
    ],
)
def test_relays_may_spell_it_differently(change) -> None:  # type: ignore[no-untyped-def]
    token = Token(Kind.REPLY, 1234567890123, 987654321, topic_code("comment"), 3, 1000)
    assert read(KEYS, change(mint(KEYS, token))) == token


def test_a_key_that_was_rotated_out_still_reads_its_own() -> None:
    old = mint(Keys(0, KEYS.secrets), Token(Kind.REPLY, 1, 2))
    assert read(KEYS, old) == Token(Kind.REPLY, 1, 2)
    assert read(Keys(1, {1: KEYS.secrets[1]}), old) is None


def test_another_company_s_key_reads_nothing() -> None:
    assert read(Keys(1, {1: b"other" * 8}), mint(KEYS, Token(Kind.BOUNCE, 1, 2))) is None


def test_a_bounce_token_is_no_reply_token() -> None:
    local_part = mint(KEYS, Token(Kind.BOUNCE, 1, 2))
    assert read(KEYS, "r" + local_part[1:]) is None


def test_a_token_lives_ninety_days() -> None:
    minted = date(2026, 3, 1)
    token = Token(Kind.REPLY, 1, 2, day=day_number(minted))
    assert not is_expired(token, minted + timedelta(days=90))
    assert is_expired(token, minted + timedelta(days=91))


@given(st.text(max_size=80))
def test_any_text_reads_as_nothing(text: str) -> None:
    assert read(KEYS, text) is None

"""Ids: in order, from every process its own, and readable outside."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.kernel import clock, ids
from rse.kernel.errors import NotFound


def test_ids_only_grow_even_when_the_clock_steps_back() -> None:
    mint = ids.Mint()
    before = mint.next()
    clock.shift(timedelta(hours=-1))
    after = [mint.next() for _ in range(5000)]
    clock.reset()
    assert [before, *after] == sorted({before, *after})


def test_two_processes_never_make_the_same_id() -> None:
    one, other = ids.Mint(1), ids.Mint(2)
    assert not {one.next() for _ in range(5000)} & {other.next() for _ in range(5000)}


def test_an_id_knows_when_it_was_made() -> None:
    made = ids.made_at(ids.Mint(3).next())
    assert abs(made - clock.now()) < timedelta(seconds=1)
    assert ids.made_at(ids.at_time(made)) == made.replace(
        microsecond=made.microsecond // 1000 * 1000
    )


@given(st.integers(min_value=0, max_value=(1 << 63) - 1))
def test_the_outside_form_reads_back(number: int) -> None:
    text = ids.to_public(number)
    assert len(text) == 13
    assert ids.parse_public(text) == ids.parse_public(text.upper()) == number


@given(st.text(max_size=20))
def test_what_is_no_id_leads_nowhere(text: str) -> None:
    try:
        number = ids.parse_public(text)
    except NotFound:
        return
    assert len(text) == 13
    assert 0 <= number < 1 << 63


@pytest.mark.parametrize("text", ["", "0" * 12, "0" * 14, "u" * 13, "z" * 13, "0" * 12 + "\0"])
def test_a_wrong_form_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        ids.parse_public(text)

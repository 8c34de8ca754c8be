"""The stream: what fits is taken once, what does not is told apart; states and terms."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import agreement, jcs, jsonsafe, stream
from rse.federation.core.jsonsafe import JsonObject, Malformed
from rse.federation.core.stream import Broken, Entry, Gap, Page, Position

START = Position("", 0, stream.START)


def log(count: int) -> tuple[list[bytes], list[str], list[str]]:
    """Bodies, digests and chain of a log."""
    bodies = [jcs.canonical({"id": f"https://a.example/{n}"}) for n in range(1, count + 1)]
    digests = [stream.digest_of(body) for body in bodies]
    chain = [stream.START]
    for digest in digests:
        chain.append(stream.link(chain[-1], digest))
    return bodies, digests, chain


def page(count: int, after: int, until: int, *, epoch: str = "e") -> bytes:
    bodies, digests, chain = log(count)
    entries = tuple(Entry(seq, digests[seq - 1], None) for seq in range(after + 1, until + 1))
    made = Page(1, epoch, after, chain[after], count, entries)
    withheld = [None if seq % 5 == 0 else bodies[seq - 1] for seq in range(after + 1, until + 1)]
    return stream.write_page("https://a.example/fed/stream?lane=1&after=0", made, withheld)


def read(body: bytes) -> Page:
    return stream.read_page(jsonsafe.parse(body))


def test_a_page_carries_the_very_bytes_of_the_log_save_what_is_withheld() -> None:
    body = page(12, 0, 12)
    bodies = log(12)[0]
    assert [one in body for one in bodies] == [seq % 5 != 0 for seq in range(1, 13)]
    assert [entry.activity is None for entry in read(body).entries].count(True) == 2


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_any_overlap_of_pages_is_taken_once_and_in_order(cuts: list[int]) -> None:
    position, taken = START, []
    for after, until in pairwise(sorted({0, *cuts, 30})):
        again = max(0, after - 3)
        entries, position = stream.continue_from(position, read(page(30, again, until)))
        taken += [entry.seq for entry in entries]
    assert taken == list(range(1, 31))
    assert position.chain == log(30)[2][30]
    assert stream.continue_from(position, read(page(30, 0, 30))) == ((), position)


def test_a_gap_another_chain_and_another_epoch_are_told_apart() -> None:
    _entries, at = stream.continue_from(START, read(page(10, 0, 5)))
    with pytest.raises(Gap) as gap:
        stream.continue_from(at, read(page(10, 7, 9)))
    assert gap.value.expected == 6
    with pytest.raises(Broken):
        stream.continue_from(at, read(page(10, 5, 9, epoch="other")))
    with pytest.raises(Broken):
        stream.continue_from(Position("e", 5, "0" * 64), read(page(10, 5, 9)))
    with pytest.raises(Broken):
        stream.continue_from(Position("e", 5, "0" * 64), read(page(10, 3, 9)))


@pytest.mark.parametrize(
    "change",
    [
        {"type": "OrderedCollection"},
        {"@context": None},
        {"after": -1},
        {"after": True},
        {"lane": "1"},
        {"epoch": ""},
        {"epoch": 7},
        {"prev": "xyz"},
        {"prev": "A" * 64},
        {"head": None},
        {"orderedItems": {}},
        {"orderedItems": [{"seq": 2, "activity": {}}]},
        {"orderedItems": [{"seq": 1}]},
        {"orderedItems": ["x"]},
        {"orderedItems": [{"seq": n, "activity": {}} for n in range(1, 66)]},
    ],
)
def test_a_page_of_another_shape_is_refused(change: JsonObject) -> None:
    document = jsonsafe.parse(page(1, 0, 1))
    with pytest.raises(Malformed):
        stream.read_page({**document, **change})


def test_a_partnership_moves_only_along_its_states() -> None:
    way = ["draft", "offered", "verifying", "active", "suspended", "active", "terminated"]
    assert all(agreement.may_become(one, other) for one, other in pairwise(way))
    for state in (*way, "unknown"):
        assert not agreement.may_become("terminated", state)
        assert not agreement.may_become(state, "draft")
    assert not agreement.may_become("draft", "active")
    assert not agreement.may_become("offered", "active")


def test_terms_are_the_narrower_of_both_field_by_field() -> None:
    wide: JsonObject = {"profile": "card", "transitive": True, "directMessages": True}
    narrow: JsonObject = {"profile": "minimal", "transitive": False, "directMessages": False}
    garbled: list[JsonObject] = [
        {},
        {"profile": "full", "transitive": 1, "directMessages": "yes"},
        {"profile": []},
    ]
    for theirs in garbled:
        assert agreement.narrower(wide, theirs) == narrow
    assert agreement.narrower(wide, wide) == wide
    assert agreement.narrower(wide, agreement.DEFAULT_TERMS) == agreement.DEFAULT_TERMS

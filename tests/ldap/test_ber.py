"""Encoding and decoding of what goes over the wire, honest and hostile."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.ldap import ber
from rse.ldap.errors import ProtocolError
from tests.ldap import peer


def feeding(data: bytes, pieces: int = 65536) -> Iterator[ber.Reply]:
    """Decode `data` as if it came in pieces of this size."""
    position = 0

    def receive(_size: int) -> bytes:
        nonlocal position
        chunk = data[position : position + pieces]
        position += pieces
        return chunk

    return ber.replies(receive)


attributes = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True),
    st.lists(st.binary(max_size=300), max_size=4),
    max_size=5,
)


@given(
    st.integers(min_value=1, max_value=2**31 - 1),
    st.text(max_size=60),
    attributes,
    st.integers(1, 700),
)
def test_an_entry_comes_back_as_it_was_sent_in_whatever_pieces(
    number: int, dn: str, wanted: dict[str, list[bytes]], pieces: int
) -> None:
    sent = peer.message(number, peer.entry(dn, **wanted))
    reply = next(feeding(sent * 2, pieces))
    assert reply.message_id == number
    assert ber.entry(reply, {}) == (dn.encode("utf-8").decode(), wanted)


@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_protocol_error_or_a_closed_connection(data: bytes) -> None:
    with pytest.raises((ProtocolError, ConnectionError)):
        _read_all(data)


def _read_all(data: bytes) -> None:
    for reply in feeding(data):
        ber.controls(reply)
        if reply.tag == ber.SEARCH_ENTRY:
            ber.entry(reply, {})
        elif reply.tag == ber.SEARCH_DONE:
            ber.result(reply)


@given(attributes, st.data())
def test_a_changed_byte_never_makes_values_longer_than_the_message(
    wanted: dict[str, list[bytes]], data: st.DataObject
) -> None:
    sent = bytearray(peer.message(7, peer.entry("uid=a,dc=x", **wanted)))
    place = data.draw(st.integers(0, len(sent) - 1))
    sent[place] = data.draw(st.integers(0, 255))
    try:
        for reply in feeding(bytes(sent)):
            _, read = ber.entry(reply, {})
            assert sum(len(value) for values in read.values() for value in values) < len(sent)
    except (ProtocolError, ConnectionError):
        pass


@given(st.integers(min_value=-(2**40), max_value=2**40))
def test_integers_are_encoded_in_two_s_complement(number: int) -> None:
    encoded = ber.integer(number)
    assert int.from_bytes(encoded[2:], "big", signed=True) == number


def test_a_message_of_two_gigabytes_is_refused_at_its_header() -> None:
    with pytest.raises(ProtocolError, match="over the limit"):
        next(feeding(b"\x30\x84\x80\x00\x00\x00" + b"x" * 50))


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\x30\x80\x00\x00",
        b"\x30\x89" + b"\x01" * 20,
        b"\x30\x05\x02\x01\x01\x65\x7f",
        b"\x30\x03\x02\x01\x01",
    ],
)
def test_what_is_not_ldap_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        next(feeding(data))


def test_a_closed_connection_is_an_error_and_not_an_end() -> None:
    whole = peer.message(1, peer.entry("uid=a,dc=x"))
    with pytest.raises(ConnectionError):
        list(feeding(whole[:-1]))
    with pytest.raises(ConnectionError):
        list(feeding(whole))

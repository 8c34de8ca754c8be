"""One reading of ids: refused as written, never repaired."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import ids


@pytest.mark.parametrize(
    "text",
    ["https://a.example/fed/actor", "https://a.example/fed/actor#root", "https://a.example:8443/x?after=1&lane=0",
     "https://xn--caf-dma.example/fed/posts/0abc"],
)  # fmt: skip
def test_plain_ids_are_read(text: str) -> None:
    assert str(ids.Iri.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["acct:ana@a.example", "data:text/plain,x", "file:///etc/passwd", "/fed/actor", "//a.example/x",
     "http://a.example/x", "https://user@a.example/x", "https://A.example/x", "https://a.example./x",
     "https://café.example/x", "https://a.example:443/x", "https://a.example:0/x", "https://a.example:99999/x",
     "https://a.example:08/x", "https://127.0.0.1/x", "https://127.1/x", "https://2130706433/x", "https://0x7f.1/x",
     "https://[::1]/x", "https://localhost/x", "https://a.example", "https://a.example/../x", "https://a.example/./x",
     "https://a.example/%2e%2e/x", "https://a.example/x#", "https://a.example/x#a b", "https://a.example/\\x",
     "https://a.example/x y", "https://a.example/x\n", "https://a..example/x", "https://-a.example/x",
     "https://a.example/" + "x" * 600, "HTTPS://a.example/x", "https:///x", ""],
)  # fmt: skip
def test_odd_ids_are_refused(text: str) -> None:
    with pytest.raises(ids.BadIri):
        ids.Iri.parse(text)


def test_only_a_loopback_instance_speaks_plain_http_and_only_to_this_machine() -> None:
    assert (
        ids.origin_of("http://127.0.0.1:8801/fed/actor", loopback=True) == "http://127.0.0.1:8801"
    )
    for text in ("http://a.example/x", "http://127.0.0.2:1/x", "http://127.0.0.1.example:1/x"):
        with pytest.raises(ids.BadIri):
            ids.Iri.parse(text, loopback=True)


def test_another_origin_is_another_company() -> None:
    home = "https://a.example"
    assert ids.belongs("https://a.example/fed/posts/1", home)
    for text in (
        "https://a.example.evil.example/x",
        "https://a.example:8443/x",
        "https://b.example/x",
        "x",
    ):
        assert not ids.belongs(text, home)


@given(st.text(max_size=100))
def test_any_text_is_read_unchanged_or_refused(text: str) -> None:
    with contextlib.suppress(ids.BadIri):
        assert str(ids.Iri.parse(text)) == text


def test_a_minted_id_reads_back_only_on_its_origin() -> None:
    uri = ids.mint("https://a.example", "posts", "0123456789abc")
    assert ids.read_minted(uri, "https://a.example") == ("posts", "0123456789abc")
    assert ids.read_minted(uri, "https://b.example") is None
    assert ids.read_minted("https://a.example/fed/posts/../x", "https://a.example") is None
    assert ids.read_minted("https://a.example/fed/actor", "https://a.example") is None

"""Which link is previewed, and what a page says of itself."""

import pytest

from rse.previews import rules


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p><a href="https://example.com/a?b=1&amp;c=2#d" rel="x">y</a></p>',
         "https://example.com/a?b=1&c=2"),
        ('<a href="/people/1">@theo</a> <a href="https://ours.example/x">x</a>', ""),
        ('<a href="https://ours.example/x">x</a><a href="https://example.org/">y</a>',
         "https://example.org/"),
        ('<a href="https://user:word@example.com/">x</a>', ""),
        ('<a href="mailto:a@example.com">x</a>', ""),
        ('<a href="https://example.com:99999/">x</a>', ""),
        (f'<a href="https://example.com/{"a" * 3000}">x</a>', ""),
        ("<p>https:// nothing</p>", ""),
    ],
)  # fmt: skip
def test_the_first_address_outside_is_meant(html: str, expected: str) -> None:
    assert rules.first_link(html, "ours.example") == expected


def test_a_page_says_what_it_is() -> None:
    page = rules.read_page(
        b"""<html><head><title>Fallback &amp; more</title>
        <meta property="og:title" content="Un pont   neuf">
        <meta name="description" content="Au nord de la ville">
        <meta property="og:image" content="/bridge.png"></head>
        <body><meta property="og:site_name" content="not asked"></body></html>""",
        "", "https://www.city.example/news/1",
    )  # fmt: skip
    assert (page.title, page.description) == ("Un pont neuf", "Au nord de la ville")
    assert page.site == "city.example"
    assert page.picture_url == "https://www.city.example/bridge.png"


def test_a_page_in_an_old_encoding_is_read() -> None:
    latin = "<meta charset=iso-8859-1><title>Été</title>".encode("latin-1")
    assert rules.read_page(latin, "", "https://x.example/").title == "Été"
    assert rules.read_page("<title>Été</title>".encode("latin-1"), "latin1", "https://x.example/"
                           ).title == "Été"  # fmt: skip
    assert rules.read_page("<title>Été</title>".encode(), "no-such-code", "https://x.example/"
                           ).title == "Été"  # fmt: skip


def test_direction_tricks_and_script_addresses_do_not_come_through() -> None:
    page = rules.read_page(
        '<title>safe\u202eexe</title><meta property=og:image content="data:x">'.encode(),
        "", "https://x.example/",
    )  # fmt: skip
    assert (page.title, page.picture_url) == ("safeexe", "")


@pytest.mark.parametrize("content", [b"", b"<" * 100_000, b"\x00\xff" * 9000, b"<title>"])
def test_nonsense_says_nothing(content: bytes) -> None:
    assert rules.read_page(content, "", "https://x.example/").picture_url == ""

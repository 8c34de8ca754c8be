"""Words from outside: safe, whole, and in bounded time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.kernel import text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<form action=//evil.example><input name=password></form>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<iframe src=//evil.example></iframe>",
    "<b onclick=alert(1)>x</b>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<span hx-get=/sign-out hx-trigger=load data-hx-get=/x>x</span>",
]


def _is_harmless(html: str) -> bool:
    lowered = html.lower()
    tags = [part for part in lowered.split("<")[1:] if part[:1].isalpha()]
    bad_tags = ("script", "img", "svg", "iframe", "form", "input", "style", "math", "object")
    inside = [part.partition(">")[0] for part in tags]
    return not any(tag.startswith(bad_tags) for tag in tags) and not any(
        " on" in attributes or "style=" in attributes or "hx-" in attributes
        or 'href="javascript' in attributes or 'href="data' in attributes
        for attributes in inside
    )  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_hostile_survives(source: str) -> None:
    assert _is_harmless(text.render_markdown(source))
    assert _is_harmless(text.sanitise(source))


@given(st.text(max_size=300))
def test_no_text_makes_anything_but_our_tags(source: str) -> None:
    assert _is_harmless(text.render_markdown(source))


@given(st.text(alphabet="<>/=\"' abiomgscriptonerror:&#;", max_size=200))
def test_no_broken_html_makes_anything_but_our_tags(source: str) -> None:
    assert _is_harmless(text.sanitise(source))


@pytest.mark.parametrize(
    "source",
    ["*" * 100_000, "[" * 50_000, "(" * 50_000, "> " * 20_000, "`" * 100_000, "<b>" * 30_000,
     "@a" * 50_000, "http://" * 20_000, "|a" * 30_000, "- " * 30_000],
    ids=["stars", "brackets", "parens", "quotes", "ticks", "bold", "mentions", "urls", "table",
         "list"],
)  # fmt: skip
def test_a_hostile_text_takes_bounded_time(source: str) -> None:
    # A quadratic reading of any of these would not end before the suite is stopped.
    assert _is_harmless(text.render_markdown(source))
    assert len(text.handles_in(source)) <= 50


def test_light_formatting_works() -> None:
    html = text.render_markdown(
        "# Titre\n\n**gras** ~~non~~\n\n- un\n- deux\n\nhttps://a.example/x."
    )
    assert "<h2>Titre</h2>" in html
    assert "<strong>gras</strong>" in html
    assert "<li>un</li>" in html
    assert 'href="https://a.example/x"' in html


def test_a_mention_in_code_or_in_an_address_is_none() -> None:
    known = {"ines": "/people/1"}
    html = text.render_markdown("`@ines` a@ines.example @ines, [@ines](https://x.example)", known)
    assert html.count('href="/people/1"') == 1


def test_a_foreign_text_cannot_link_into_our_pages() -> None:
    assert "href" not in text.sanitise('<a href="/sign-out">x</a>')
    assert "href" not in text.sanitise('<a href="//evil.example">x</a>')
    assert 'href="https://a.example"' in text.sanitise('<a href="https://a.example">x</a>')


def test_our_own_links_are_only_words_elsewhere() -> None:
    html = text.render_markdown("@ines", {"ines": "/people/1"})
    assert text.without_local_links(html).count("href") == 0
    assert "@ines" in text.without_local_links(html)


def test_a_name_has_no_tricks_in_it() -> None:
    assert text.clean_line("  In\u00e8s\u202e\u200b \n Morvan\0 ", 40) == "Inès Morvan"
    assert len(text.clean_line("x" * 500, 40)) == 40


def test_words_keep_their_lines_and_emoji() -> None:
    assert text.clean_text("un\r\ndeux\0\u202e 👩‍🔧") == "un\ndeux 👩‍🔧"


def test_names_are_found_without_accents_and_case() -> None:
    assert text.fold("Éloïse Çelik ẞ") == text.fold("eloise celik ss")


@given(st.text(max_size=400))
def test_an_excerpt_is_one_line_of_bounded_length(source: str) -> None:
    shown = text.excerpt(source, 80)
    assert len(shown) <= 80
    assert "\n" not in shown

"""Words, dates and numbers as the reader writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from rse.kernel import i18n


def test_each_language_speaks_for_itself() -> None:
    with i18n.using("fr"):
        assert i18n.gettext("Home") == "Accueil"
    with i18n.using("de"):
        assert i18n.gettext("Home") != "Home"
    assert i18n.gettext("Home") == "Home"


def test_an_unknown_language_is_english() -> None:
    with i18n.using("tlh"):
        assert i18n.current_language() == "en"


@pytest.mark.parametrize(
    ("language", "n", "plural"),
    [("fr", 0, False), ("fr", 1, False), ("fr", 2, True), ("en", 0, True), ("en", 1, False),
     ("de", 0, True), ("de", 1, False)],
)  # fmt: skip
def test_plurals_follow_the_language(language: str, n: int, plural: bool) -> None:
    with i18n.using(language):
        one = i18n.ngettext("%(n)s member", "%(n)s members", n)
        many = i18n.ngettext("%(n)s member", "%(n)s members", 5).replace("5", str(n))
        assert (one == many) is plural


def test_times_and_numbers_are_written_as_usual() -> None:
    moment = datetime(2026, 11, 24, 16, 40, tzinfo=UTC)
    with i18n.using("fr", "Europe/Paris"):
        assert i18n.format_time(moment) == "17\u00a0h\u00a040"
        assert i18n.format_number(1842) == "1\u202f842"
        assert i18n.format_size(8_100_000) == "8,1\u00a0Mo"
    with i18n.using("de", "Europe/Berlin"):
        assert i18n.format_number(1842) == "1.842"


def test_what_is_recent_is_said_relative_to_now() -> None:
    now = datetime(2026, 11, 24, 16, 40, tzinfo=UTC)
    with i18n.using("fr", "Europe/Paris"):
        assert "24" in i18n.format_relative(now - timedelta(minutes=24), now)
        assert "nov" in i18n.format_relative(now - timedelta(days=10), now)
        for seconds in (40, 0, -20):
            assert i18n.format_relative(now - timedelta(seconds=seconds), now) == "à l’instant"

"""Quiet hours, digests and snoozes by the wall clock of the person, change of the hour included."""

from datetime import UTC, date, datetime

import pytest

from rse.notifications.hours import (
    QuietHours,
    Rhythm,
    minutes_of,
    next_digest,
    quiet_until,
    snooze_end,
)

PARIS, SYDNEY = "Europe/Paris", "Australia/Sydney"
NIGHT = QuietHours(start=19 * 60, end=7 * 60 + 30, weekdays={5, 6})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-24T12:00", None),  # a Tuesday noon
        ("2026-11-24T18:00", "2026-11-25T06:30"),  # 19:00 in Paris
        ("2026-11-25T06:29", "2026-11-25T06:30"),
        ("2026-11-25T06:30", None),
        ("2026-11-27T20:00", "2026-11-30T06:30"),  # Friday night: over the weekend
        ("2026-11-28T12:00", "2026-11-30T06:30"),
    ],
)
def test_a_night_and_a_weekend(moment: str, end: str | None) -> None:
    assert quiet_until(NIGHT, at(moment), PARIS) == (at(end) if end else None)


def test_the_hour_is_that_of_each_person() -> None:
    assert quiet_until(NIGHT, at("2026-11-24T12:00"), SYDNEY) == at("2026-11-24T20:30")


def test_a_night_in_which_the_hour_changes_ends_by_the_clock_on_the_wall() -> None:
    night = QuietHours(start=22 * 60, end=7 * 60)
    assert quiet_until(night, at("2026-03-28T22:00"), PARIS) == at("2026-03-29T05:00")
    assert quiet_until(night, at("2026-10-24T21:00"), PARIS) == at("2026-10-25T06:00")


def test_hours_within_one_day_holidays_and_absence() -> None:
    lunch = QuietHours(start=12 * 60, end=14 * 60, days={date(2026, 12, 25)})
    assert quiet_until(lunch, at("2026-11-24T11:30"), PARIS) == at("2026-11-24T13:00")
    assert quiet_until(lunch, at("2026-12-25T09:00"), PARIS) == at("2026-12-25T23:00")
    away = QuietHours(away=(date(2026, 12, 1), date(2026, 12, 14)))
    assert quiet_until(away, at("2026-12-03T09:00"), PARIS) == at("2026-12-14T23:00")
    assert quiet_until(QuietHours(start=60, end=60), at("2026-12-03T00:00"), PARIS) is None


def test_days_off_all_week_come_to_an_end() -> None:
    always = QuietHours(weekdays=range(7))
    assert quiet_until(always, at("2026-11-24T12:00"), PARIS) is not None


def test_a_digest_comes_at_the_next_hour_of_the_rhythm() -> None:
    noon = at("2026-11-24T11:00")  # a Tuesday
    assert next_digest(Rhythm("daily", 8, 0), noon, PARIS) == at("2026-11-25T07:00")
    assert next_digest(Rhythm("daily", 13, 0), noon, PARIS) == at("2026-11-24T12:00")
    assert next_digest(Rhythm("weekly", 8, 0), noon, PARIS) == at("2026-11-30T07:00")
    assert next_digest(Rhythm("weekly", 8, 1), noon, PARIS) == at("2026-12-01T07:00")
    assert next_digest(Rhythm("never", 8, 1), noon, PARIS) is None


def test_a_snooze_ends_when_its_words_say() -> None:
    noon, late = at("2026-11-24T11:00"), at("2026-11-24T21:00")
    assert snooze_end("tonight", noon, PARIS) == at("2026-11-24T17:00")
    assert snooze_end("tonight", late, PARIS) == at("2026-11-25T00:00")
    assert snooze_end("tomorrow", noon, PARIS) == at("2026-11-25T07:00")
    assert snooze_end("week", noon, PARIS) == at("2026-11-30T07:00")
    assert snooze_end("for ever", noon, PARIS) is None


def test_a_time_that_no_clock_shows_is_refused() -> None:
    assert (minutes_of("07:30"), minutes_of("")) == (450, None)
    with pytest.raises(ValueError, match="Invalid"):
        minutes_of("25 o'clock")

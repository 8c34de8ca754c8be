"""When each person may be told and gets a digest: the company's hours, or their own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction

from .hours import QuietHours, Rhythm, next_digest, quiet_until
from .models import NoticeDigest, NoticeTimes, Notification
from .policy import NoticePolicy, policy


async def times_of(person_ids: Iterable[int]) -> Mapping[int, NoticeTimes]:
    """The choices of those who made any."""
    return {row.person_id: row for row in await NoticeTimes.filter(person_id__in=list(person_ids))}


async def own_times(person_id: int) -> NoticeTimes:
    """A person's choices; those who made none have the company's."""
    return await NoticeTimes.get_or_none(person_id=person_id) or NoticeTimes(person_id=person_id)


async def change_times(person: Person, **columns: Any) -> None:
    """Keep what a person chose; a digest that waits moves to its new moment."""
    async with transaction():
        await NoticeTimes.update_or_create(person_id=person.id, defaults=columns)
        if await NoticeDigest.exists(person_id=person.id):
            await _move_digest(person)


async def _move_digest(person: Person) -> None:
    rhythm = rhythm_of(await own_times(person.id), await policy())
    due_at = next_digest(rhythm, clock.now(), person.timezone)
    if due_at is None:
        await NoticeDigest.filter(person_id=person.id).delete()
        await Notification.filter(person_id=person.id, digest_id=0).update(digest_id=None)
    else:
        await NoticeDigest.filter(person_id=person.id).update(due_at=due_at)


def rhythm_of(times: NoticeTimes | None, rules: NoticePolicy) -> Rhythm:
    """How often a person's digest comes."""
    if times is None:
        return rules.rhythm
    hour, weekday = times.digest_hour, times.digest_weekday
    return Rhythm(
        times.digest or rules.digest,
        rules.digest_hour if hour is None else hour,
        rules.digest_weekday if weekday is None else weekday,
    )


def quiet_of(times: NoticeTimes | None, rules: NoticePolicy) -> QuietHours:
    """The company's hours, or a person's own where they may choose; its holidays are for all."""
    if times is None:
        return rules.quiet
    away = None
    if times.away_from and times.away_to:
        away = (times.away_from, times.away_to)
    theirs = times.has_own_hours and rules.people_may_choose
    return QuietHours(
        start=times.quiet_from if theirs else rules.quiet_from,
        end=times.quiet_to if theirs else rules.quiet_to,
        weekdays=frozenset(int(day) for day in (times.days_off if theirs else rules.days_off)),
        days=frozenset(rules.holidays),
        away=away,
    )


async def silence_of(people: Iterable[Person]) -> Mapping[int, datetime]:
    """Until when those people are not to be disturbed; who may be told now is left out."""
    asked = list(people)
    rules, chosen, now = await policy(), await times_of(p.id for p in asked), clock.now()
    found = {person.id: _silent(person, chosen.get(person.id), rules, now) for person in asked}
    return {person_id: until for person_id, until in found.items() if until}


def _silent(
    person: Person, times: NoticeTimes | None, rules: NoticePolicy, now: datetime
) -> datetime | None:
    quiet = quiet_of(times, rules)
    paused = times.paused_until if times else None
    if paused and paused > now:  # a pause that ends at night ends in the morning
        return quiet_until(quiet, paused, person.timezone) or paused
    return quiet_until(quiet, now, person.timezone)


async def silence_for(person: Person, *, is_urgent: bool) -> datetime | None:
    """Until when one person is not to be disturbed by this; None: now is fine."""
    if is_urgent and (await policy()).urgent_passes:
        return None
    return (await silence_of([person])).get(person.id)

"""Who is here just now, as coarsely as that: only where the company and the person allow it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rse.kernel import clock
from rse.kernel.reads import rows

from .models import Person
from .policy import profile_policy

# A session notes every five minutes that it is used.
ACTIVE_WITHIN = timedelta(minutes=10)


class _Seen(NamedTuple):
    id: int
    at: str | datetime


async def active_among(person_ids: Sequence[int]) -> set[int]:
    """Which of these used the product within the last minutes."""
    if not person_ids or not (await profile_policy()).presence:
        return set()
    marks = ",".join("?" * len(person_ids))
    sql = (
        "SELECT a.person_id, MAX(s.last_seen_at) FROM session s JOIN account a"  # noqa: S608
        " ON a.id = s.account_id JOIN person p ON p.id = a.person_id"
        f" WHERE a.person_id IN ({marks}) AND p.shows_presence GROUP BY a.person_id"
    )
    since = clock.now() - ACTIVE_WITHIN
    return {seen.id for seen in await rows(_Seen, sql, *person_ids) if _moment(seen.at) >= since}


def _moment(at: str | datetime) -> datetime:
    """SQLite gives text where PostgreSQL gives a time."""
    return datetime.fromisoformat(at) if isinstance(at, str) else at


async def show_presence(person: Person, *, shown: bool) -> None:
    """The person's own switch."""
    await Person.filter(id=person.id).update(shows_presence=shown)
    person.shows_presence = shown

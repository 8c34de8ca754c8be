"""The way of one notice, for whoever looks for it: by person, by object, by time; in codes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.ids import at_time, made_at, parse_public
from rse.kernel.pages import Page
from rse.notifications import trace
from rse.notifications.models import NoticeTrace

_PUBLIC = re.compile(r"[0-9a-zA-Z]{13}(?![0-9a-zA-Z])")


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its moment and its codes; a decision says yes or why not for each channel."""

    id: int
    at: datetime
    person: Person
    kind: str
    channel: str
    step: str
    reason: str

    @property
    def verdict(self) -> dict[str, str]:
        if self.step != trace.DECIDED:
            return {}
        pairs = (part.partition("=") for part in self.reason.split())
        return {channel: why for channel, _sign, why in pairs}


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom and what an administrator looks for."""

    login: str = ""
    thing: str = ""
    before: datetime | None = None
    cursor: int | None = None


async def decisions(sought: Sought) -> Page[Step]:
    """What was decided, newest first; nothing for a person or thing that is not there."""
    person_id = await _person_id(sought.login) if sought.login else None
    object_id = _object_id(sought.thing) if sought.thing else None
    if (sought.login and not person_id) or (sought.thing and not object_id):
        return Page([])
    if person_id is None and object_id is None:
        return Page([])
    limit = at_time(sought.before) if sought.before else None
    before = limit if sought.cursor is None else sought.cursor
    page = await trace.decisions(person_id=person_id, object_id=object_id, before=before)
    return Page([_step(row) for row in page.items], page.next_cursor)


async def steps(trace_id: int) -> Sequence[Step]:
    return [_step(row) for row in await trace.steps_of(trace_id)]


def _step(row: NoticeTrace) -> Step:
    return Step(
        row.id, made_at(row.id), row.person, row.kind, row.channel, row.step, row.reason
    )  # fmt: skip


async def _person_id(login: str) -> int | None:
    """By handle, sign-in name or mail address, as somebody writes it who complains."""
    word = login.strip().lstrip("@").casefold()
    found = (
        await Person.get_or_none(handle=word, uri=None)
        or await Person.filter(email=word, uri=None).first()
        or await Person.get_or_none(account__login=word)
    )
    return found.id if found else None


def _object_id(text: str) -> int | None:
    """The id in an address such as /posts/…, or the bare id."""
    found = _PUBLIC.findall(text.split("#")[0])
    try:
        return parse_public(found[-1]) if found else None
    except NotFound:
        return None

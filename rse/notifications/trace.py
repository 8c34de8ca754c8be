"""The way of one notice from event to delivery, in codes: what was decided, why, what came of it.

No words of anybody are kept here, only ids and codes; after some days nothing at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from rse.kernel import clock
from rse.kernel.ids import at_time
from rse.kernel.pages import NEWEST, Page, page_of

from .models import NoticeTrace, Notification
from .policy import policy

DECIDED, QUEUED, HELD, HANDED, REFUSED = "decided", "queued", "held", "handed", "refused"
DROPPED, BOUNCED, TURNED_AWAY = "dropped", "bounced", "turned_away"
PAGE = 50


async def note_decisions(
    verdicts: Mapping[int, Mapping[str, str]], *, kind: str, key: str, object_id: int
) -> None:
    """Why each person hears of it by which channel; one row for each."""
    await NoticeTrace.bulk_create(
        NoticeTrace(
            person_id=person_id, event_key=key, kind=kind, object_id=object_id, step=DECIDED,
            reason=" ".join(f"{channel}={why}" for channel, why in verdict.items()),
        )
        for person_id, verdict in verdicts.items()
    )  # fmt: skip


async def note_turned_away(
    person_ids: Iterable[int], *, kind: str, key: str, object_id: int
) -> None:
    """These people were not told, because they may not see what it is about."""
    await NoticeTrace.bulk_create(
        NoticeTrace(
            person_id=person_id, event_key=key, kind=kind, object_id=object_id, step=TURNED_AWAY,
            reason="no_access",
        )
        for person_id in person_ids
    )  # fmt: skip


async def note_steps(
    notices: Sequence[Notification], channel: str, step: str, reason: str = ""
) -> None:
    """A step that these notices took on one channel."""
    await NoticeTrace.bulk_create(
        NoticeTrace(
            person_id=notice.person_id, event_key=notice.event_key, kind=notice.kind,
            object_id=notice.object_id, channel=channel, step=step, reason=reason[:160],
        )
        for notice in notices
    )  # fmt: skip


async def note_step(notice_id: int, channel: str, step: str, reason: str = "") -> None:
    """The same for one that may have been withdrawn since."""
    await note_steps(await Notification.filter(id=notice_id), channel, step, reason)


async def decisions(
    *, person_id: int | None = None, object_id: int | None = None, before: int | None = None
) -> Page[NoticeTrace]:
    """What was decided about a person, an object, or one for the other; newest first."""
    chosen = {"person_id": person_id, "object_id": object_id}
    found = (
        await NoticeTrace.filter(
            id__lt=NEWEST if before is None else before, step__in=[DECIDED, TURNED_AWAY],
            **{name: number for name, number in chosen.items() if number is not None},
        )
        .select_related("person")
        .order_by("-id")
        .limit(PAGE + 1)
    )  # fmt: skip
    return page_of(found, lambda row: row.id, PAGE)


async def steps_of(trace_id: int) -> Sequence[NoticeTrace]:
    """All steps of the notice that one decision was about, in their order."""
    chosen = await NoticeTrace.get_or_none(id=trace_id)
    if chosen is None:
        return []
    return (
        await NoticeTrace.filter(person_id=chosen.person_id, event_key=chosen.event_key)
        .select_related("person")
        .order_by("id")
        .limit(200)
    )


async def forget_old() -> None:
    """Keep it no longer than the administrator says. Ids are made in order of time."""
    limit = clock.now() - timedelta(days=(await policy()).trace_days)
    await NoticeTrace.filter(id__lt=at_time(limit)).delete()

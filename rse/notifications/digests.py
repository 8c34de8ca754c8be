"""Digests: who waits for one, when it is due, what is in it, what became of it."""

from collections.abc import Sequence

from tortoise.expressions import Q

from rse.identity.models import ACTIVE, Person
from rse.kernel import clock

from .hours import next_digest
from .models import NoticeDigest, Notification
from .policy import policy
from .times import rhythm_of, times_of

# One letter holds so many notices; the rest is one press away.
MOST = 200


async def await_digest(person_ids: Sequence[int]) -> None:
    """See to it that each of these people has a digest coming, at their own hour."""
    if not person_ids:
        return
    rules, chosen, now = await policy(), await times_of(person_ids), clock.now()
    due = {
        person.id: next_digest(rhythm_of(chosen.get(person.id), rules), now, person.timezone)
        for person in await Person.filter(id__in=list(person_ids)).order_by("id")
    }
    coming = {person_id: moment for person_id, moment in due.items() if moment}
    await NoticeDigest.bulk_create(
        [NoticeDigest(person_id=person_id, due_at=moment) for person_id, moment in coming.items()],
        ignore_conflicts=True,
    )
    # Held until the commit: a digest that is being made now waits, and takes this one along.
    held = NoticeDigest.filter(person_id__in=list(coming)).order_by("person_id")
    await held.select_for_update()  # always in the same order: two fan-outs never block for ever
    await forget_waiting([person_id for person_id in due if person_id not in coming])


async def forget_waiting(person_ids: Sequence[int]) -> None:
    """Who wants no digest waits for none."""
    if person_ids:
        await Notification.filter(person_id__in=list(person_ids), digest_id=0).update(
            digest_id=None
        )


async def due_digests(limit: int) -> Sequence[NoticeDigest]:
    """Those whose hour has come."""
    return await NoticeDigest.filter(due_at__lte=clock.now()).order_by("due_at").limit(limit)


async def bind(digest: NoticeDigest, mail_id: int) -> bool:
    """Put all that waits into the mail `mail_id`; False when somebody else did, or it is empty.

    Within the transaction that queues the mail: either both are there or neither.
    """
    if not await NoticeDigest.filter(id=digest.id).delete():
        return False
    waiting = Notification.filter(person_id=digest.person_id, digest_id=0)
    return bool(await waiting.update(digest_id=mail_id))


async def contents(person_id: int, mail_id: int) -> Sequence[Notification]:
    """What is in a digest and was not read meanwhile, newest first."""
    return (
        await Notification.filter(
            Q(read_at=None) | Q(in_app=False), person_id=person_id, digest_id=mail_id,
            person__status=ACTIVE, snoozed_until=None,
        )
        .order_by("-id")
        .limit(MOST)
    )  # fmt: skip


async def digested(person_id: int, mail_id: int) -> Sequence[Notification]:
    """All that a digest was made for, read or not."""
    return await Notification.filter(person_id=person_id, digest_id=mail_id).limit(1000)

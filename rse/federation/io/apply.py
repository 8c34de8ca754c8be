"""Applies what arrived: one activity, one transaction, at most once, in order."""

import logging
from datetime import timedelta

from rse.federation import registry
from rse.federation.core import authz, jsonsafe, reading
from rse.federation.core.authz import Decision
from rse.federation.core.vocab import Activity, Group, Note, Partnership
from rse.federation.core.vocab import Person as PersonDocument
from rse.federation.events import ActivitiesArrived
from rse.federation.names import on_loopback
from rse.federation.types import BY_PARTNER, Incoming, MissingParent
from rse.identity import people
from rse.identity.models import Person
from rse.identity.people import Card
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed, RseError
from rse.kernel.events import ordered

from . import audit, partnership, share
from .facts import Ledger
from .models import (
    APPLIED,
    DEFERRED,
    IGNORED,
    PENDING,
    REJECTED,
    FedIn,
    FedObject,
    Share,
    Tombstone,
)
from .senders import Sender, sender

log = logging.getLogger(__name__)

BATCH = 100
WAIT_FOR_PARENT = timedelta(hours=24)
MAX_TRIES = 8
_WAITING = (PENDING, DEFERRED)


@ordered
async def apply_arrived(event: ActivitiesArrived) -> None:
    """Subscriber: apply what a partner sent."""
    await apply_due(event.partner_id)


async def retry_waiting() -> None:
    """Scheduled: try again what waited for its parent or met an error."""
    waiting = FedIn.filter(state__in=_WAITING, due_at__lte=clock.now())
    for partner_id in sorted({row.partner_id for row in await waiting.limit(BATCH)}):
        await apply_due(partner_id)


async def apply_due(partner_id: int) -> None:
    """Apply everything of a partner that is due, oldest first."""
    while True:
        due = FedIn.filter(partner_id=partner_id, state__in=_WAITING, due_at__lte=clock.now())
        rows = await due.order_by("id").limit(BATCH).only("id")
        applied = [await apply_one(row.id) for row in rows]
        if any(applied):
            # Something arrived that others may have waited for.
            waiting = FedIn.filter(partner_id=partner_id, state=DEFERRED, tries=0)
            await waiting.update(due_at=clock.now())
        elif len(rows) < BATCH:
            return


async def apply_one(row_id: int) -> bool:
    """Apply one row, or note why not; True when it was applied now."""
    try:
        async with transaction():
            row = await FedIn.filter(id=row_id).select_for_update().first()
            if row is None or row.state not in _WAITING:
                return False
            partner = await sender(row.partner_id)
            if partner.state == "suspended":
                await _wait(row, "the partnership is suspended", counts=False)
                return False
            decision = await _apply(partner, row)
            await _settle(partner, row, decision)
            return decision.code == "allow"
    except MissingParent as error:
        await _defer(row_id, error.message)
    except RseError as error:
        await _reject(row_id, error.message)
    except Exception as error:  # boundary: one activity that cannot be applied blocks no other
        log.exception("an activity could not be applied", extra={"row": row_id})
        await _postpone(row_id, type(error).__name__)
    return False


async def _apply(partner: Sender, row: FedIn) -> Decision:
    document = jsonsafe.parse(bytes(row.body))
    activity = reading.parse_activity(document, loopback=on_loopback())
    ledger = await Ledger.about(partner, [activity])
    # Decided again: shares end and partners are suspended between arrival and now.
    decision = authz.decide(activity, ledger.facts(activity))
    if decision.code == "allow":
        await _perform(partner, activity, ledger)
    return decision


async def _perform(partner: Sender, activity: Activity, ledger: Ledger) -> None:
    if isinstance(activity.object, Partnership):
        await partnership.heard(partner.id, activity.object.state)
        return
    if activity.object_type in ("Invite", "Group") and activity.audience is None:
        await _control(partner, activity, ledger)
        return
    actor = await _actor(partner, activity)
    if activity.object_type == "Person":
        await _stand(actor, leaving=activity.type == "Delete")
        return
    space_id = ledger.space_of(activity.audience)
    assert space_id is not None and partner.organisation_id is not None  # noqa: S101
    await _remember(partner, activity, space_id)
    if activity.type == "Delete" and not ledger.knows(activity.object_id):
        # Deleted before it came: the tombstone keeps it out, there is nothing else to do.
        return
    handler = registry.inbox.get(activity.key)
    if handler is None:
        raise NotAllowed(f"nothing here takes {' '.join(activity.key)}")
    await handler(Incoming(partner.id, partner.organisation_id, actor, activity, space_id))


async def _control(partner: Sender, activity: Activity, ledger: Ledger) -> None:
    """What instances say to each other about sharing."""
    if isinstance(activity.object, Group):
        await share.received(partner.id, activity, activity.object)
        return
    known = ledger.share_of(activity)
    assert known is not None  # noqa: S101 - authz asked for it
    meant = await Share.get(id=known.id)
    if activity.type == "Undo":
        await share.ended(meant)
    else:
        await share.answered(meant, accepted=activity.type == "Accept")


async def _actor(partner: Sender, activity: Activity) -> Person:
    card = activity.object if isinstance(activity.object, PersonDocument) else activity.card
    if card is None:
        return await Person.get(uri=activity.actor, organisation_id=partner.organisation_id)
    assert partner.organisation_id is not None  # noqa: S101 - active partners are verified
    person = await people.ensure_remote(
        partner.organisation_id,
        card.id,
        card.name,
        Card(display_name=card.name, title=card.title or ""),
    )
    if card.details is not None:
        told = {detail.name: detail.value for detail in card.details}
        await people.replace_details(person, told)
    return person


async def _remember(partner: Sender, activity: Activity, space_id: int) -> None:
    """Keep who made which object where; a deleted one is never heard of again."""
    uri = activity.id if activity.type == "Like" else activity.object_id
    if activity.type in ("Create", "Like"):
        await FedObject.create(
            uri=uri, type="Like" if activity.type == "Like" else activity.object_type,
            partner_id=partner.id, author_uri=activity.actor, space_id=space_id,
            updated_at=activity.published,
        )  # fmt: skip
    elif activity.key == ("Undo", "Delete"):
        await _dig_up(activity)
    elif activity.type in ("Delete", "Undo"):
        await _bury(partner, activity)
    elif isinstance(activity.object, Note):
        await FedObject.filter(uri=uri).update(updated_at=activity.object.updated or clock.now())


async def _bury(partner: Sender, activity: Activity) -> None:
    uri = activity.object_id
    known = await FedObject.get_or_none(uri=uri)
    grave = {
        "partner_id": partner.id,
        "author_uri": known.author_uri if known else activity.actor,
        "space_id": known.space_id if known else None,
    }
    await FedObject.filter(uri=uri).delete()
    await Tombstone.get_or_create(uri=uri, defaults=grave)


async def _dig_up(activity: Activity) -> None:
    """The id means something again: what is still here is taken back by its feature."""
    grave = await Tombstone.get(uri=activity.about_id)
    await grave.delete()
    if grave.space_id is not None:
        await FedObject.create(
            uri=grave.uri, type="Note", partner_id=grave.partner_id, author_uri=grave.author_uri,
            space_id=grave.space_id, updated_at=activity.published,
        )  # fmt: skip


async def _stand(person: Person, *, leaving: bool) -> None:
    """Somebody of a partner left their company, or is with it (again)."""
    if leaving:
        # What their company let us know of them was for working together; a card brings it back.
        await people.replace_details(person, {})
        await people.deactivate(person.id, BY_PARTNER)
    else:
        await people.reactivate(person.id, BY_PARTNER)


async def _settle(partner: Sender, row: FedIn, decision: Decision) -> None:
    if decision.code == "allow":
        now = clock.now()
        await FedIn.filter(id=row.id).update(state=APPLIED, applied_at=now, reason="")
    elif decision.code == "duplicate":
        await FedIn.filter(id=row.id).update(state=IGNORED, reason=decision.reason)
    elif decision.code == "defer":
        await _wait(row, decision.reason, counts=True)
    else:
        await _refused(row, decision.reason)
    if decision.code != "defer":
        await audit.note(
            "in", "apply", partner_id=partner.id, subject=row.activity_id,
            decision=decision.code, reason=decision.reason,
        )  # fmt: skip


async def _defer(row_id: int, reason: str) -> None:
    await _wait(await FedIn.get(id=row_id), reason, counts=True)


async def _wait(row: FedIn, reason: str, *, counts: bool) -> None:
    if counts and clock.now() - row.received_at > WAIT_FOR_PARENT:
        await _refused(row, f"waited a day in vain: {reason}")
        return
    await FedIn.filter(id=row.id).update(
        state=DEFERRED, reason=reason[:300], due_at=clock.now() + timedelta(minutes=1)
    )


async def _reject(row_id: int, reason: str) -> None:
    async with transaction():
        await _refused(await FedIn.get(id=row_id), reason)


async def _refused(row: FedIn, reason: str) -> None:
    await FedIn.filter(id=row.id).update(state=REJECTED, reason=reason[:300])
    await audit.note(
        "in", "apply", partner_id=row.partner_id, subject=row.activity_id,
        decision="rejected", reason=reason,
    )  # fmt: skip


async def _postpone(row_id: int, reason: str) -> None:
    """After an error of ours: soon again, then ever later, then set aside for the admins to see."""
    row = await FedIn.get(id=row_id)
    if row.tries + 1 >= MAX_TRIES:
        await _reject(row_id, f"failed {MAX_TRIES} times: {reason}")
        return
    await FedIn.filter(id=row_id).update(
        state=DEFERRED, tries=row.tries + 1, reason=reason[:300],
        due_at=clock.now() + timedelta(seconds=2 ** (row.tries + 1)),
    )  # fmt: skip

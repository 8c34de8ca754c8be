"""The state of a partnership: what was seen alike, agreed, stopped and ended."""

import hashlib
from typing import Any

from rse.federation.core import agreement, keys, proof
from rse.federation.core.jsonsafe import JsonObject
from rse.federation.core.keys import Transcript
from rse.federation.core.vocab import Activity, Partnership
from rse.federation.events import ActivitiesArrived, ActivitiesQueued
from rse.federation.names import activity_uri, our_actor, our_origin, partnership_uri
from rse.federation.types import (
    PartnerResumed,
    PartnershipActivated,
    PartnerSuspended,
    PartnerTerminated,
)
from rse.identity.models import Organisation
from rse.identity.people import our_organisation
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, Invalid, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id
from rse.kernel.text import clean_line, fold

from . import audit, keyring, log, share
from .models import CONTROL, DEFERRED, FedIn, FedOut, Lane, Partner, Share

MAX_WRONG_CODES = 5


async def get(partner_id: int) -> Partner:
    """The partner, with its organisation if verified; NotFound otherwise."""
    partner = await Partner.get_or_none(id=partner_id).select_related("organisation")
    if partner is None:
        raise NotFound(_("There is no such partner."))
    return partner


async def begin(origin: str, **columns: Any) -> Partner:
    """The row of a new partnership; one that was terminated begins anew, without its old log."""
    former = await Partner.get_or_none(origin=origin)
    if former is not None and former.state != "terminated":
        raise Conflict(_("There is a partnership with this company already."))
    if former is None:
        return await Partner.create(origin=origin, state="offered", **columns)
    await FedOut.filter(partner_id=former.id).delete()
    await Lane.filter(partner_id=former.id).delete()
    await Partner.filter(id=former.id).update(
        state="offered", agreement=None, our_proof=None, their_proof=None, proof_delivered=False,
        wrong_codes=0, confirmed_by_id=None, said_of_us="", handshake_tries=0,
        handshake_due_at=None, **columns,
    )  # fmt: skip
    return await get(former.id)


async def code_of(partner: Partner) -> str:
    """The twelve digits both admins must see."""
    if partner.state != "verifying":
        raise Conflict(_("There is no code to compare now."))
    return (await _transcript(partner)).code()


async def confirm(partner_id: int, code: str, *, person_id: int | None = None) -> None:
    """One of our admins heard this code from the other company: our half of the agreement."""
    partner = await get(partner_id)
    expected = await code_of(partner)
    if partner.our_proof is not None:
        raise Conflict(_("You have confirmed this partnership already."))
    if not keys.same_code(code, expected):
        await _wrong_code(partner, person_id)
        raise Invalid(
            _("This is not the code shown here. If the other side reads it to you so, stop."),
            {"code": _("The code differs from the one shown here.")},
        )
    document = await agreement_of(partner)
    stated = proof.prove(
        document,
        await keyring.root_key(),
        keyring.our_keyid(),
        str(partner.handshake["published"]),
    )
    async with transaction() as change:
        await Partner.filter(id=partner.id).update(
            agreement=document, our_proof=stated, confirmed_by_id=person_id,
            handshake_due_at=clock.now(), handshake_tries=0,
        )  # fmt: skip
        await audit.note("admin", "confirm", partner_id=partner.id, person_id=person_id)
        if partner.their_proof is not None:
            await activate(partner)
        change.record(ActivitiesQueued(partner.id))


async def agreement_of(partner: Partner) -> JsonObject:
    """The agreement as both sides must write it, from what the handshake exchanged."""
    us = agreement.party(our_actor(), keys.to_multikey((await keyring.root_key()).public_key()))
    them = agreement.party(share.actor_of(partner), partner.public_key)
    inviter, joiner = (us, them) if partner.invited_by_us else (them, us)
    said = partner.handshake
    terms = agreement.narrower(said["our_terms"], said["their_terms"])
    return agreement.write(partner.partnership, said["published"], terms, inviter, joiner)


async def activate(partner: Partner) -> None:
    """Both halves are there: from now on the company is verified."""
    async with transaction() as change:
        company = await _organisation(partner)
        await Partner.filter(id=partner.id).update(state="active", organisation_id=company.id)
        await audit.note("admin", "active", partner_id=partner.id)
        change.record(PartnershipActivated(partner.id))


async def suspend(partner_id: int, *, person_id: int | None = None) -> None:
    """Stop everything at once; it can be resumed."""
    async with transaction() as change:
        partner = await _become(partner_id, "suspended", person_id)
        await _tell(partner, "suspended")
        change.record(PartnerSuspended(partner_id))


async def resume(partner_id: int, *, person_id: int | None = None) -> None:
    """Go on where it stopped: what waited is sent and applied."""
    partner = await get(partner_id)
    if partner.state != "suspended":
        raise Conflict(_("This partnership is not suspended."))
    async with transaction() as change:
        await _become(partner_id, "active", person_id)
        await _tell(partner, "active")
        now = clock.now()
        await FedIn.filter(partner_id=partner_id, state=DEFERRED).update(due_at=now)
        await Lane.filter(partner_id=partner_id, outgoing=True).update(next_try_at=now)
        for event in (PartnerResumed, ActivitiesArrived, ActivitiesQueued):
            change.record(event(partner_id))


async def terminate(partner_id: int, *, person_id: int | None = None) -> None:
    """End it for good, with everything that was shared."""
    async with transaction():
        partner = await _become(partner_id, "terminated", person_id)
        await _end_everything(partner_id)
        if partner.organisation_id is not None:
            await _tell(partner, "terminated")


async def heard(partner_id: int, state: str) -> None:
    """What the partner says of its side. An end is an end for both; all else is shown to admins."""
    await Partner.filter(id=partner_id).update(said_of_us="" if state == "active" else state)
    await audit.note("in", "partnership", partner_id=partner_id, decision=state)
    if state == "terminated":
        await Partner.filter(id=partner_id).update(state="terminated", handshake_due_at=None)
        await _end_everything(partner_id)


async def _tell(partner: Partner, state: str) -> None:
    """Say it signed, on the lane that overtakes all content."""
    await log.append(
        partner.id, CONTROL,
        Activity(
            id=activity_uri(f"partnership.{state}:{new_id()}"), type="Update", actor=our_actor(),
            object=Partnership(id=partnership_uri(our_origin(), partner.partnership), state=state),
            published=clock.now(),
        ),
    )  # fmt: skip
    # The lane may have been put off while the partner was away: this does not wait for that.
    await Lane.filter(partner_id=partner.id, number=CONTROL, outgoing=True).update(
        next_try_at=clock.now(), failures=0
    )


async def _end_everything(partner_id: int) -> None:
    async with transaction() as change:
        for open_share in await Share.filter(partner_id=partner_id, state__in=share.OPEN):
            await share.ended(open_share)
        change.record(PartnerTerminated(partner_id))


async def _become(partner_id: int, state: str, person_id: int | None) -> Partner:
    partner = await get(partner_id)
    if not agreement.may_become(partner.state, state):
        raise Conflict(_("This is not possible in the present state of the partnership."))
    await Partner.filter(id=partner_id).update(state=state, handshake_due_at=None)
    await audit.note("admin", state, partner_id=partner_id, person_id=person_id)
    return partner


async def _wrong_code(partner: Partner, person_id: int | None) -> None:
    """A few slips are human; more means that somebody guesses, or that the keys differ."""
    tries = partner.wrong_codes + 1
    await Partner.filter(id=partner.id).update(wrong_codes=tries)
    await audit.note(
        "admin", "confirm", partner_id=partner.id, decision="refused",
        reason="wrong code", person_id=person_id,
    )  # fmt: skip
    if tries >= MAX_WRONG_CODES:
        await terminate(partner.id, person_id=person_id)


async def _transcript(partner: Partner) -> Transcript:
    us = (our_origin(), await keyring.our_fingerprint(), partner.handshake["our_nonce"])
    key = keyring.public_key(partner.public_key)
    them = (partner.origin, keys.fingerprint(key), partner.handshake["their_nonce"])
    inviter, joiner = (us, them) if partner.invited_by_us else (them, us)
    return Transcript(partner.partnership, *inviter, *joiner)


async def _organisation(partner: Partner) -> Organisation:
    """The company's row, made now that it is verified; it cannot take our own name."""
    host = partner.origin.partition("://")[2]
    known = await Organisation.get_or_none(host=host)
    if known is not None:
        return known
    name = clean_line(partner.name, 120)
    if not name or fold(name) == fold((await our_organisation()).name):
        name = host
    hue = int.from_bytes(hashlib.sha256(host.encode()).digest()[:2], "big") % 360
    return await Organisation.create(name=name, host=host, hue=hue)

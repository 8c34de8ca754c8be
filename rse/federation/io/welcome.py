"""The inviting side of the handshake: invitations, and the answers to who comes with one."""

import hmac
import os
from datetime import timedelta

from rse.config import settings
from rse.federation.core import agreement, ids, invite, jsonsafe, keys, proof
from rse.federation.core.handshake import Accept, Offer, Reply, Reveal
from rse.federation.core.invite import Invite
from rse.federation.core.vocab import write_time
from rse.federation.names import on_loopback, our_origin
from rse.kernel import clock
from rse.kernel.crypto import token
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed

from . import audit, keyring, partnership
from .models import Partner, PartnerInvite


async def create_invite(*, person_id: int) -> str:
    """A link for one company's admin, good once. It is shown now and kept nowhere."""
    secret = os.urandom(invite.TOKEN_BYTES)
    expires = clock.now() + timedelta(days=settings().federation.invite_days)
    made = Invite(
        origin=our_origin(),
        partnership=token(12),
        token=secret,
        fingerprint=await keyring.our_fingerprint(),
        expires=int(expires.timestamp()),
    )
    async with transaction():
        await PartnerInvite.create(
            partnership=made.partnership,
            sealed_proof_key=keyring.seal(invite.proof_key(secret), "invite"),
            created_by_id=person_id,
            expires_at=expires,
        )
        await audit.note("admin", "invite", subject=made.partnership, person_id=person_id)
    return made.link()


async def receive_offer(open_invite: PartnerInvite, offer: Offer) -> Reply:
    """A proven offer on an invitation of ours; NotAllowed when the invitation is no longer open."""
    origin = ids.origin_of(offer.application.id, loopback=on_loopback())
    repeated = await _same_offer(open_invite, offer, origin)
    if repeated is not None:
        return _reply_of(repeated)
    ours = await keyring.our_fingerprint()
    refusal = _why_not(open_invite, offer, origin, ours)
    if refusal:
        await audit.note("in", "offer", subject=origin, decision="refused", reason=refusal)
        raise NotAllowed(refusal)
    async with transaction():
        free = PartnerInvite.filter(id=open_invite.id, used_at__isnull=True)
        if not await free.update(used_at=clock.now()):
            raise NotAllowed("the invitation was used")
        said = {
            "our_nonce": os.urandom(keys.NONCE_BYTES).hex(),
            "their_nonce": "",
            "commitment": offer.commitment,
            "published": write_time(clock.now().replace(microsecond=0)),
            "our_terms": agreement.DEFAULT_TERMS,
            "their_terms": offer.terms,
        }
        partner = await partnership.begin(
            origin, name=offer.application.name[:120], public_key=offer.application.public_key,
            inbox=offer.application.inbox, stream=offer.application.stream, invited_by_us=True,
            partnership=open_invite.partnership, handshake=said,
        )  # fmt: skip
        await audit.note("in", "offer", partner_id=partner.id, subject=origin, decision="taken")
    return _reply_of(partner)


async def receive_reveal(partner: Partner, reveal: Reveal) -> None:
    """The joiner opens its commitment: now both sides can show the code."""
    said = partner.handshake
    if said.get("their_nonce") == reveal.nonce:
        return
    opens = keys.opens(bytes.fromhex(reveal.nonce), str(said.get("commitment", "")))
    expected = partner.invited_by_us and partner.state == "offered"
    if not expected or reveal.partnership != partner.partnership or not opens:
        await audit.note("in", "reveal", partner_id=partner.id, decision="refused")
        raise NotAllowed("the nonce does not open the commitment")
    await Partner.filter(id=partner.id).update(
        handshake={**said, "their_nonce": reveal.nonce}, state="verifying"
    )


async def receive_accept(partner: Partner, accept: Accept) -> None:
    """The other admin confirmed; with our own confirmation the partnership is active."""
    if partner.state not in ("verifying", "active") or accept.partnership != partner.partnership:
        raise NotAllowed("nothing is to be accepted")
    document = await partnership.agreement_of(partner)
    reason = _flaw(partner, accept, document)
    if reason:
        await audit.note("in", "accept", partner_id=partner.id, decision="refused", reason=reason)
        raise NotAllowed(reason)
    if partner.state == "active":
        return
    async with transaction():
        await Partner.filter(id=partner.id).update(their_proof=accept.proof)
        await audit.note("in", "accept", partner_id=partner.id, decision="taken")
        if partner.our_proof is not None:
            await partnership.activate(partner)


def _flaw(partner: Partner, accept: Accept, document: jsonsafe.JsonObject) -> str:
    """Why an acceptance proves nothing; empty when it does."""
    if not proof.same_digest(accept.agreement, agreement.agreement_id(document)):
        return "another agreement"
    key = keyring.public_key(partner.public_key)
    try:
        proof.check(document, accept.proof, key, f"{partner.origin}/fed/actor#root")
    except proof.BadProof as error:
        return str(error)
    return ""


async def _same_offer(open_invite: PartnerInvite, offer: Offer, origin: str) -> Partner | None:
    """The same offer again, because our answer was lost on the way."""
    known = await Partner.get_or_none(
        origin=origin, partnership=open_invite.partnership, invited_by_us=True, state="offered",
        public_key=offer.application.public_key,
    )  # fmt: skip
    return known if known and known.handshake.get("commitment") == offer.commitment else None


def _why_not(open_invite: PartnerInvite, offer: Offer, origin: str, ours: str) -> str:
    if open_invite.used_at is not None:
        return "the invitation was used"
    if open_invite.expires_at < clock.now():
        return "the invitation has expired"
    if offer.partnership != open_invite.partnership:
        return "another partnership"
    if not hmac.compare_digest(offer.inviter_fingerprint, ours):
        return "another fingerprint"
    if origin == our_origin():
        return "this is us"
    return ""


def _reply_of(partner: Partner) -> Reply:
    said = partner.handshake
    return Reply(said["our_nonce"], said["published"], said["our_terms"])

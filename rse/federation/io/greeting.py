"""The route of the handshake: an offer proves its link, all after it the pinned key."""

from quart import Response, request

from rse.federation.core import handshake as messages
from rse.federation.core import httpsig, invite, keys
from rse.federation.core.handshake import MAX_BYTES, Offer, Reveal
from rse.federation.core.httpsig import Claim, Refused
from rse.federation.core.jsonsafe import Malformed
from rse.federation.names import on_loopback
from rse.kernel import limits
from rse.kernel.errors import RseError, TooMany
from rse.web.csrf import csrf_exempt
from rse.web.session import client_network

from . import gate, handshake, keyring, partnership, welcome
from .gate import Problem, Stranger
from .inbox import answer, blueprint
from .models import PartnerInvite

OFFERS_A_MINUTE = 30


@blueprint.post(handshake.PATH)
@csrf_exempt
async def greet() -> Response:
    """Offer, Reveal or Accept."""
    gate.check_kind(MAX_BYTES)
    try:
        if invite.PROOF_HEADER in request.headers:
            return await _take_offer(request.headers[invite.PROOF_HEADER])
        return await _take_message()
    except Malformed as error:
        raise Problem(400, str(error)) from None
    except TooMany:
        raise
    except RseError as error:
        raise Problem(error.status, error.message) from None


async def _take_offer(header: str) -> Response:
    await limits.hit(f"federation.offer:{client_network()}", OFFERS_A_MINUTE, 60)
    message = gate.message_of(request)
    body = await gate.bounded_body(MAX_BYTES)
    # Nothing is parsed before the sender has proven that it holds the link.
    open_invite = await _proven_invite(header, message.target_uri, body)
    offer = messages.read_offer(body, loopback=on_loopback())
    try:
        claim = httpsig.read(message)
        _check_owner(claim, offer)
        gate.verify(claim, message, offer.application.public_key)
        httpsig.check_body(message, body)
    except (Refused, keys.BadKey) as error:
        await gate.note_stranger("offer", str(error))
        raise Stranger from None
    reply = await welcome.receive_offer(open_invite, offer)
    return answer(200, reply.to_json())


def _check_owner(claim: Claim, offer: Offer) -> None:
    if claim.keyid != f"{offer.application.id}#root":
        raise Refused("not the offered key")


async def _proven_invite(header: str, target: str, body: bytes) -> PartnerInvite:
    claimed = invite.read_proof(header)
    if claimed is None:
        await gate.note_stranger("offer", "no proof")
        raise Stranger
    partnership, mac = claimed
    known = await PartnerInvite.get_or_none(partnership=partnership)
    key = keyring.unseal(bytes(known.sealed_proof_key), "invite") if known else bytes(32)
    if not invite.proves(mac, key, partnership, target, body) or known is None:
        await gate.note_stranger("offer", "the link is not proven")
        raise Stranger
    return known


async def _take_message() -> Response:
    signed = await gate.prove()
    if signed.partner.state in ("suspended", "terminated"):
        gate.check_state(signed.partner)
    body = await gate.read_body(signed.message, MAX_BYTES)
    message = messages.read_message(body)
    partner = await partnership.get(signed.partner.id)
    if isinstance(message, Reveal):
        await welcome.receive_reveal(partner, message)
    else:
        await welcome.receive_accept(partner, message)
    return answer(200, {"result": "taken"})

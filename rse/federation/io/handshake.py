"""Becoming partners: invite link, offer, nonces, and each side's signed acceptance."""

import hmac
import os
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from rse.config import settings
from rse.federation.core import agreement, invite, jsonsafe, keys
from rse.federation.core import handshake as messages
from rse.federation.core.handshake import Accept, Offer, Reply, Reveal
from rse.federation.core.invite import BadLink, Invite
from rse.federation.core.reading import parse_application
from rse.federation.core.vocab import Application
from rse.federation.names import on_loopback, our_origin
from rse.kernel import clock, http
from rse.kernel.errors import Invalid, NotAllowed, RseError, Unavailable
from rse.kernel.i18n import gettext as _
from rse.kernel.reads import ids

from . import audit, client, keyring, objects, partnership
from .models import Partner

PATH = "/fed/handshake"


async def join(link: str, *, person_id: int | None = None) -> Partner:
    """Accept a pasted invite link: compare the fingerprint first, then offer ourselves."""
    read = _read_link(link)
    application = await _fetch_actor(read)
    await _check_fingerprint(read, application, person_id)
    partner = await _joining(read, application)
    await audit.note(
        "admin", "join", partner_id=partner.id, subject=read.origin, person_id=person_id
    )
    reply = await _send_offer(read, partner)
    said = {
        **partner.handshake,
        "their_nonce": reply.nonce,
        "published": reply.published,
        "their_terms": reply.terms,
    }
    await Partner.filter(id=partner.id).update(handshake=said, handshake_due_at=clock.now())
    await go_on(await partnership.get(partner.id))
    return await partnership.get(partner.id)


async def unfinished() -> list[int]:
    """Partners to whom a message of the handshake is due."""
    due = Partner.filter(handshake_due_at__lte=clock.now())
    return await ids(due)


async def go_on(partner: Partner) -> None:
    """Send the next message of the handshake, if one is due; it is tried until it is taken."""
    due = partner.handshake_due_at
    if due is None or due > clock.now():
        return
    message = _next_message(partner)
    if message is None:
        await Partner.filter(id=partner.id).update(handshake_due_at=None)
        return
    try:
        answer = await client.post(partner.origin + PATH, messages.write(message))
    except RseError:
        await _again_later(partner)
        return
    if answer.status == HTTPStatus.OK:
        await _was_taken(partner, message)
    elif answer.status == HTTPStatus.FORBIDDEN:
        await _was_refused(partner)
    else:
        await _again_later(partner)


def _read_link(link: str) -> Invite:
    try:
        read = Invite.read(link, loopback=on_loopback())
    except BadLink:
        raise Invalid(
            _("This is no invitation link."), {"link": _("Paste the whole link, with all after #.")}
        ) from None
    if read.expires < clock.now().timestamp():
        raise Invalid(_("This invitation has expired."), {"link": _("Ask for a new invitation.")})
    if read.origin == our_origin():
        raise Invalid(
            _("This is your own invitation."), {"link": _("Send it to the other company.")}
        )
    return read


async def _fetch_actor(read: Invite) -> Application:
    url = f"{read.origin}/fed/actor"
    try:
        answer = await client.get_unsigned(url)
    except RseError:
        raise Unavailable(_("The other company's instance cannot be reached from here.")) from None
    try:
        application = parse_application(jsonsafe.parse(answer.body), loopback=on_loopback())
        keyring.public_key(application.public_key)
    except (jsonsafe.Malformed, keys.BadKey):
        raise Invalid(_("The other company's instance answered something else.")) from None
    if answer.status != HTTPStatus.OK or application.id != url:
        raise Invalid(_("The other company's instance answered something else."))
    return application


async def _check_fingerprint(read: Invite, application: Application, person_id: int | None) -> None:
    found = keys.fingerprint(keyring.public_key(application.public_key))
    if hmac.compare_digest(found, read.fingerprint):
        return
    await audit.note(
        "admin", "join", subject=read.origin, decision="refused",
        reason="the fingerprint differs from the invitation's", person_id=person_id,
    )  # fmt: skip
    raise NotAllowed(
        _("The key found there is not the one of the invitation. Stop and call the other company.")
    )


async def _joining(read: Invite, application: Application) -> Partner:
    """Our row, made before anything is sent, so that a lost answer can be asked for again."""
    former = await Partner.get_or_none(origin=read.origin)
    if former and former.state == "offered" and former.partnership == read.partnership:
        return former
    said = {"our_nonce": _nonce(), "their_nonce": "", "our_terms": agreement.DEFAULT_TERMS}
    return await partnership.begin(
        read.origin, name=application.name[:120], public_key=application.public_key,
        inbox=application.inbox, stream=application.stream, invited_by_us=False,
        partnership=read.partnership, handshake=said,
    )  # fmt: skip


async def _send_offer(read: Invite, partner: Partner) -> Reply:
    offer = Offer(
        partnership=read.partnership,
        inviter_fingerprint=read.fingerprint,
        commitment=keys.commitment(bytes.fromhex(partner.handshake["our_nonce"])),
        terms=partner.handshake["our_terms"],
        application=await objects.our_application(),
    )
    body, url = messages.write(offer), read.origin + PATH
    header = invite.write_proof(invite.proof_key(read.token), read.partnership, url, body)
    try:
        answer = await client.post(url, body, extra=[(invite.PROOF_HEADER, header)])
    except http.NoAnswer:
        raise Unavailable(
            _("The other company does not answer. Paste the link again later.")
        ) from None
    if answer.status != HTTPStatus.OK:
        await Partner.filter(id=partner.id, state="offered").delete()
        await audit.note(
            "out", "offer", subject=read.origin, decision="refused", reason=str(answer.status)
        )
        raise NotAllowed(_("The other company refused: the invitation was used, or has expired."))
    try:
        reply = messages.read_reply(answer.body)
        datetime.fromisoformat(reply.published).astimezone(UTC)
    except ValueError:
        raise Invalid(_("The other company's instance answered something else.")) from None
    return reply


def _next_message(partner: Partner) -> Reveal | Accept | None:
    said = partner.handshake
    if partner.state == "offered" and not partner.invited_by_us and said.get("their_nonce"):
        return Reveal(partner.partnership, said["our_nonce"])
    if partner.our_proof is not None and partner.agreement and not partner.proof_delivered:
        identifier = agreement.agreement_id(partner.agreement)
        return Accept(partner.partnership, identifier, partner.our_proof)
    return None


async def _was_taken(partner: Partner, message: Reveal | Accept) -> None:
    row = Partner.filter(id=partner.id)
    if isinstance(message, Reveal):
        await row.filter(state="offered").update(
            state="verifying", handshake_due_at=None, handshake_tries=0
        )
    else:
        await row.update(proof_delivered=True, handshake_due_at=None, handshake_tries=0)


async def _was_refused(partner: Partner) -> None:
    await Partner.filter(id=partner.id).update(handshake_due_at=None)
    await audit.note("out", "handshake", partner_id=partner.id, decision="refused")


async def _again_later(partner: Partner) -> None:
    chosen = settings().federation
    tries = partner.handshake_tries
    wait = min(chosen.retry_first_seconds * 2 ** min(tries, 20), chosen.retry_longest_seconds)
    await Partner.filter(id=partner.id).update(
        handshake_due_at=clock.now() + timedelta(seconds=wait), handshake_tries=tries + 1
    )


def _nonce() -> str:
    return os.urandom(keys.NONCE_BYTES).hex()

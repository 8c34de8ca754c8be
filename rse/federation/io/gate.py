"""The door: which partner sent this request, proven, before anything of it is read."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import timedelta

from quart import Request, request

from rse.config import settings
from rse.federation.core import httpsig, ids
from rse.federation.core.httpsig import Claim, Message, Refused
from rse.federation.core.vocab import MEDIA_TYPE
from rse.federation.names import on_loopback, our_origin
from rse.kernel import clock, limits
from rse.kernel.errors import TooMany
from rse.kernel.ids import new_id
from rse.kernel.writes import Statement, write

from . import audit, keyring
from .models import SeenSignature
from .senders import Sender, sender_at

ACTIVITY_BYTES = 1 << 20
PAGE_BYTES = 5 << 20
STRANGERS_NOTED = 60
# Requests, not activities: a page of a stream carries up to 64.
PARTNER_LIMIT = (500, 10)


class Stranger(Exception):
    """Not a partner, or not provably: one answer for all of them, 401 without a body."""


class Problem(Exception):
    """What a proven partner is told."""

    def __init__(self, status: int, reason: str, **members: str | int) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.members = members


@dataclass(frozen=True, slots=True)
class Signed:
    """A request whose signature holds with the partner's pinned key."""

    partner: Sender
    message: Message
    claim: Claim

    @property
    def digest(self) -> str:
        """The signature as it is remembered."""
        return _digest(self.claim)


def check_kind(limit: int) -> None:
    """Size and type, from the headers alone."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > limit:
        raise Problem(413, "too large")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem(415, "no encoding is accepted")
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != MEDIA_TYPE:
        raise Problem(415, "not an activity")


async def identify() -> Signed:
    """The active partner who signed this request; Stranger, or Problem 403 when not active."""
    signed = await prove()
    check_state(signed.partner)
    await limits.hit(f"federation.partner:{signed.partner.id}", *PARTNER_LIMIT)
    return signed


async def prove() -> Signed:
    """Whose request this is, whatever the state of the partnership; Stranger unless proven."""
    message = message_of(request)
    try:
        claim = httpsig.read(message)
        partner = await _owner(claim)
        verify(claim, message, partner.public_key)
    except Refused as error:
        await note_stranger("signature", str(error))
        raise Stranger from None
    return Signed(partner, message, claim)


def verify(claim: Claim, message: Message, public_key: str) -> None:
    """Check a claim with a pinned key; Refused unless it holds."""
    httpsig.verify(claim, message, keyring.public_key(public_key), now=int(clock.now().timestamp()))


def check_state(partner: Sender) -> None:
    """Only an active partnership is served; a proven partner learns why."""
    if partner.state in ("suspended", "terminated"):
        raise Problem(403, "the partnership is not active", state=partner.state)
    if partner.state != "active":
        raise Stranger


async def read_body(message: Message, limit: int) -> bytes:
    """The raw body, bounded in size and time and equal to its signed digest."""
    body = await bounded_body(limit)
    try:
        httpsig.check_body(message, body)
    except Refused as error:
        await note_stranger("digest", str(error))
        raise Stranger from None
    return body


async def bounded_body(limit: int) -> bytes:
    """Read what comes, as long as it stays small and does not drip."""
    body = bytearray()
    try:
        async with asyncio.timeout(settings().federation.body_seconds):
            async for chunk in request.body:
                body += chunk
                if len(body) > limit:
                    raise Problem(413, "too large")
    except TimeoutError:
        raise Problem(408, "too slow") from None
    return bytes(body)


SEEN = """
INSERT INTO fed_seen_signature (id, digest, seen_at) VALUES (?, ?, ?)
ON CONFLICT (digest) DO NOTHING
"""


def seen(signature: str) -> Statement:
    """The statement that remembers a signature, to be committed with what it carried."""
    return SEEN, (new_id(), signature, clock.now())


async def remember(signature: str) -> None:
    """Keep the signature of what was taken but left nothing to keep."""
    await write(seen(signature))


async def forget_old_signatures() -> None:
    """Drop what could not verify any more anyway."""
    oldest = clock.now() - timedelta(seconds=4 * httpsig.LIFE_SECONDS)
    await SeenSignature.filter(seen_at__lt=oldest).delete()


async def note_stranger(action: str, reason: str) -> None:
    """Write a refusal down, unless a storm of them would fill the record."""
    try:
        await limits.hit("federation.strangers", STRANGERS_NOTED, 60)
    except TooMany:
        return
    await audit.note("in", action, decision="refused", reason=reason)


def message_of(received: Request) -> Message:
    """The request as it was signed: our public address, never the Host header."""
    path = received.scope["raw_path"].decode("latin-1")
    query = received.query_string.decode("latin-1")
    target = our_origin() + path + (f"?{query}" if query else "")
    return Message(received.method, target, list(received.headers.items()))


async def _owner(claim: Claim) -> Sender:
    """The partner whose pinned key is claimed, as its row says now: a suspension acts at once."""
    keyid = claim.keyid
    try:
        key = ids.Iri.parse(keyid, loopback=on_loopback())
    except ids.BadIri as error:
        raise Refused(f"keyid: {error}") from None
    partner = await sender_at(key.origin, _digest(claim))
    if partner is None:
        raise Refused("the key's origin is no partner")
    if keyid != f"{key.origin}/fed/actor#root":
        raise Refused("not the pinned key")
    return partner


def _digest(claim: Claim) -> str:
    return hashlib.sha256(claim.signature).hexdigest()

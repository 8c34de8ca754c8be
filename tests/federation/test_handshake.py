"""The handshake as an attacker sees it, against the instance on its real socket; H33, H36, H42."""

from typing import Any

import pytest
import pytest_asyncio

from rse.config import Settings
from rse.federation import admin
from rse.federation.core import invite, jcs, keys
from rse.federation.core.handshake import Offer
from rse.federation.core.invite import Invite
from rse.federation.core.vocab import CONTEXT
from rse.federation.io import keyring
from rse.federation.io.models import FedAudit, Partner, PartnerInvite
from rse.identity.models import Person
from rse.kernel import clock, http
from rse.kernel.errors import Conflict, Invalid
from tests import make
from tests.federation.conftest import changed_since, snapshot
from tests.federation.peer import Peer

PATH = "/fed/handshake"
NONCE = bytes(range(32))


@pytest_asyncio.fixture(loop_scope="session")
async def boss(address: str, fresh: None) -> Person:
    """Our administrator."""
    return (await make.account("Nadia Ferrand", admin=True)).person


@pytest.fixture
def joiner(address: str, settings: Settings) -> Peer:
    return Peer(address, settings.origin)


def offer(peer: Peer, link: str, **changes: Any) -> dict[str, Any]:
    read = Invite.read(link, loopback=True)
    return {
        "@context": CONTEXT,
        "type": "Offer",
        "partnership": read.partnership,
        "inviterFingerprint": read.fingerprint,
        "commitment": keys.commitment(NONCE),
        "terms": {"profile": "card"},
        "application": peer.application(),
    } | changes


async def send_offer(peer: Peer, link: str, document: dict[str, Any], **options: Any) -> Any:
    read = Invite.read(link, loopback=True)
    body, url = jcs.canonical(document), peer.target + PATH
    proven = options.pop("token", read.token)
    header = invite.write_proof(invite.proof_key(proven), read.partnership, url, body)
    headers = peer.headers("POST", PATH, body, **options) | {invite.PROOF_HEADER: header}
    return await peer.send("POST", PATH, body, headers)


async def test_an_offer_and_its_reveal_lead_to_the_same_code(boss: Person, joiner: Peer) -> None:
    link = await admin.create_invite(boss.id)
    reply = await send_offer(joiner, link, offer(joiner, link))
    assert reply.status == 200
    said = reply.json()
    partner = await Partner.get(origin=joiner.origin)
    assert partner.state == "offered"
    reveal = {"type": "Reveal", "partnership": partner.partnership, "nonce": NONCE.hex()}
    assert (await joiner.post(reveal, PATH)).status == 200
    ours = await admin.code(partner.id)
    seen = keys.Transcript(
        partner.partnership,
        joiner.target,
        await keyring.our_fingerprint(),
        said["nonce"],
        joiner.origin,
        keys.fingerprint(joiner.key.public_key()),
        NONCE.hex(),
    )
    assert keys.same_code(ours, seen.code())
    # Not a partner yet: nothing but the handshake is spoken.
    assert (await joiner.post(joiner.create())).status == 401


async def test_a_lost_answer_can_be_asked_for_again(boss: Person, joiner: Peer) -> None:
    link = await admin.create_invite(boss.id)
    document = offer(joiner, link)
    first = await send_offer(joiner, link, document)
    again = await send_offer(joiner, link, document)
    assert (again.status, again.body) == (200, first.body)
    assert await Partner.all().count() == 1


async def test_h42_an_invitation_works_once(boss: Person, joiner: Peer) -> None:
    link = await admin.create_invite(boss.id)
    await send_offer(joiner, link, offer(joiner, link))
    second = Peer(joiner.address, joiner.target, origin="https://cendra.example")
    before = await snapshot()
    reply = await send_offer(second, link, offer(second, link))
    assert reply.status == 403
    assert await changed_since(before) == set()
    assert await FedAudit.filter(decision="refused", subject=second.origin).exists()


async def test_h42_an_expired_or_cancelled_invitation_is_refused(
    boss: Person, joiner: Peer
) -> None:
    link = await admin.create_invite(boss.id)
    await PartnerInvite.all().update(expires_at=clock.now())
    before = await snapshot()
    assert (await send_offer(joiner, link, offer(joiner, link))).status == 403
    assert await changed_since(before) == set()
    await admin.cancel_invite(Invite.read(link, loopback=True).partnership, boss.id)
    assert (await send_offer(joiner, link, offer(joiner, link))).status == 401


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"inviterFingerprint": "ab" * 32}, 403),
        ({"partnership": "another"}, 403),
        ({"commitment": "short"}, 400),
        ({"type": "Accept"}, 400),
        ({"application": None}, 400),
        ({"terms": "all"}, 400),
    ],
)
async def test_h42_an_altered_offer_is_refused(
    boss: Person, joiner: Peer, changes: dict[str, Any], status: int
) -> None:
    link = await admin.create_invite(boss.id)
    before = await snapshot()
    reply = await send_offer(joiner, link, offer(joiner, link, **changes))
    assert reply.status == status
    assert await changed_since(before) == set()


@pytest.mark.parametrize("name", ["inbox", "stream"])
@pytest.mark.parametrize(
    "where", ["https://victim.example/fed/inbox", "ours", "http://127.0.0.1:1/x"]
)
async def test_h36_an_inbox_on_another_origin_is_refused_and_not_stored(
    boss: Person, joiner: Peer, name: str, where: str, outbound: list[str]
) -> None:
    link = await admin.create_invite(boss.id)
    url = f"{joiner.target}/fed/inbox" if where == "ours" else where
    document = offer(joiner, link, application=joiner.application(**{name: url}))
    before = await snapshot()
    assert (await send_offer(joiner, link, document)).status == 400
    assert await changed_since(before) == set()
    assert outbound == []


async def test_an_offer_without_the_link_or_with_anothers_key_is_unproven(
    boss: Person, joiner: Peer
) -> None:
    link = await admin.create_invite(boss.id)
    document = offer(joiner, link)
    before = await snapshot()
    thief = Peer(joiner.address, joiner.target)
    for reply in (
        await send_offer(joiner, link, document, token=bytes(32)),
        await send_offer(thief, link, document),
        await send_offer(joiner, link, document, keyid="https://cendra.example/fed/actor#root"),
        await joiner.post(document, PATH),
    ):
        assert (reply.status, reply.body) == (401, b"")
    assert await changed_since(before) == set()


async def test_a_reveal_that_does_not_open_the_commitment_is_refused(
    boss: Person, joiner: Peer
) -> None:
    link = await admin.create_invite(boss.id)
    await send_offer(joiner, link, offer(joiner, link))
    partner = await Partner.get(origin=joiner.origin)
    reveal = {"type": "Reveal", "partnership": partner.partnership, "nonce": "00" * 32}
    before = await snapshot()
    assert (await joiner.post(reveal, PATH)).status == 403
    assert await changed_since(before) == set()
    with pytest.raises(Conflict):
        await admin.code(partner.id)


async def verifying(boss: Person, joiner: Peer) -> Partner:
    link = await admin.create_invite(boss.id)
    await send_offer(joiner, link, offer(joiner, link))
    partner = await Partner.get(origin=joiner.origin)
    reveal = {"type": "Reveal", "partnership": partner.partnership, "nonce": NONCE.hex()}
    await joiner.post(reveal, PATH)
    return await Partner.get(id=partner.id)


async def test_h20_an_acceptance_needs_a_proof_over_this_very_agreement(
    boss: Person, joiner: Peer
) -> None:
    from rse.federation.core import agreement, proof
    from rse.federation.io import partnership

    partner = await verifying(boss, joiner)
    document = await partnership.agreement_of(partner)
    made = proof.prove(document, joiner.key, joiner.keyid, "2026-01-01T00:00:00Z")
    good = {
        "type": "Accept",
        "partnership": partner.partnership,
        "agreement": agreement.agreement_id(document),
        "proof": made,
    }
    other = proof.prove(
        {**document, "version": 0}, joiner.key, joiner.keyid, "2026-01-01T00:00:00Z"
    )
    thief = Peer(joiner.address, joiner.target)
    forged = proof.prove(document, thief.key, joiner.keyid, "2026-01-01T00:00:00Z")
    before = await snapshot()
    for bad in (
        good | {"proof": other},
        good | {"proof": forged},
        good | {"agreement": "ab" * 32},
        good | {"partnership": "another"},
    ):
        assert (await joiner.post(bad, PATH)).status == 403
    assert await changed_since(before) == set()
    assert (await joiner.post(good, PATH)).status == 200
    # Their half alone is not enough.
    assert (await Partner.get(id=partner.id)).state == "verifying"
    await admin.confirm_code(partner.id, await admin.code(partner.id), boss.id)
    active = await Partner.get(id=partner.id).select_related("organisation")
    assert active.state == "active"
    assert active.organisation is not None
    assert active.organisation.name == "Brumelis"


async def test_a_wrong_code_is_refused_and_the_fifth_ends_the_partnership(
    boss: Person, joiner: Peer
) -> None:
    partner = await verifying(boss, joiner)
    for _try in range(5):
        with pytest.raises(Invalid):
            await admin.confirm_code(partner.id, "0000 0000 0000", boss.id)
    assert (await Partner.get(id=partner.id)).state == "terminated"


async def test_the_token_is_kept_nowhere_and_keys_are_sealed(boss: Person) -> None:
    link = await admin.create_invite(boss.id)
    read = Invite.read(link, loopback=True)
    row = await PartnerInvite.get(partnership=read.partnership)
    key = invite.proof_key(read.token)
    assert key not in bytes(row.sealed_proof_key)
    assert keyring.unseal(bytes(row.sealed_proof_key), "invite") == key
    from rse.federation.io.models import InstanceKey

    root = await keyring.root_key()
    assert root.private_bytes_raw() not in bytes((await InstanceKey.get()).sealed)


def test_an_offer_document_reads_back() -> None:
    from rse.federation.core.handshake import read_offer, write
    from rse.federation.core.reading import parse_application

    peer = Peer("", "")
    made = Offer("p", "ab" * 32, "cd" * 32, {}, parse_application(peer.application()))
    assert read_offer(write(made)) == made


async def test_a_partner_cannot_be_invited_twice(boss: Person, joiner: Peer) -> None:
    await verifying(boss, joiner)
    link = await admin.create_invite(boss.id)
    reply = await send_offer(joiner, link, offer(joiner, link))
    assert reply.status == 409
    assert http.client() is not None

"""Hostile requests: unsigned, foreign, malformed, replayed. Nothing may change but the audit."""

import time
from typing import Any

import pytest

from rse.federation.core import digest, httpsig, jcs
from rse.federation.io import gate
from rse.federation.io.models import FedAudit, FedIn, Partner
from rse.kernel.jobs import drain
from tests.federation.conftest import Unchanged, befriend
from tests.federation.peer import Peer

PATHS = (
    "/fed/people/0000000000001", "/fed/spaces/0000000000001", "/fed/posts/0000000000001",
    "/fed/activities/0", "/fed/stream?lane=1&after=0", "/fed/followers", "/fed/x/y/z",
)  # fmt: skip


@pytest.mark.parametrize("path", ["/fed/inbox", "/fed/stream", "/fed/handshake"])
async def test_h1_an_unsigned_post_is_refused_with_an_empty_401(
    peer: Peer, unchanged: Unchanged, path: str
) -> None:
    body = jcs.canonical(peer.create())
    headers = {"content-type": "application/activity+json"}
    reply = await peer.send("POST", path, body, headers)
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


@pytest.mark.parametrize("path", PATHS)
async def test_h1_an_unsigned_get_is_refused_with_an_empty_401(
    peer: Peer, unchanged: Unchanged, path: str
) -> None:
    reply = await peer.send("GET", path)
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


async def test_only_the_instance_actor_is_public_and_it_tells_nothing_but_keys(peer: Peer) -> None:
    reply = await peer.send("GET", "/fed/actor")
    assert reply.status == 200
    assert set(reply.json()) == {
        "@context", "id", "type", "name", "inbox", "stream", "assertionMethod",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/fed/inbox", "/fed/stream", "/fed/handshake"])
async def test_h2_a_valid_signature_of_no_partner_fetches_nothing(
    peer: Peer, stranger: Peer, unchanged: Unchanged, path: str
) -> None:
    reply = await stranger.post(stranger.create(), path)
    assert (reply.status, reply.body) == (401, b"")
    for read in PATHS:
        reply = await stranger.get(read)
        assert (reply.status, reply.body) == (401, b"")
    await unchanged()


async def test_h2_the_pinned_key_is_not_replaced_by_another_of_the_same_origin(
    peer: Peer, unchanged: Unchanged
) -> None:
    thief = Peer(peer.address, peer.target, origin=peer.origin, group=peer.group)
    reply = await thief.post(thief.create())
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


@pytest.mark.parametrize("whose", ["https://cendra.example", "https://stranger.example", "ours"])
async def test_h3_a_key_speaks_for_no_actor_of_another_origin(
    peer: Peer, outbound: list[str], unchanged: Unchanged, whose: str
) -> None:
    origin = peer.target if whose == "ours" else whose
    other = Peer(peer.address, peer.target, origin=origin, group=peer.group)
    activity = peer.create() | {"actor": other.person()}
    reply = await peer.post(activity)
    assert reply.status == 403
    await unchanged()


async def test_h3_an_object_attributed_to_another_partner_is_refused(
    peer: Peer, unchanged: Unchanged
) -> None:
    other = Peer(peer.address, peer.target, origin="https://cendra.example")
    reply = await peer.post(peer.create(attributedTo=other.person()["id"]))
    assert reply.status == 403
    await unchanged()


@pytest.mark.parametrize(
    "keyid",
    [
        "https://cendra.example/fed/actor#root",
        "https://brumelis.example/fed/people/rui#root",
        "https://brumelis.example/fed/actor",
        "https://brumelis.example/fed/actor#other",
        "https://Brumelis.example/fed/actor#root",
        "https://brumelis.example./fed/actor#root",
        "https://brumelis.example:8443/fed/actor#root",
        "https://user@brumelis.example/fed/actor#root",
        "acct:rui@brumelis.example",
        "data:text/plain,key",
        "/fed/actor#root",
    ],
)
async def test_h4_a_key_document_of_another_owner_or_shape_is_refused(
    peer: Peer, unchanged: Unchanged, keyid: str
) -> None:
    reply = await peer.post(peer.create(), keyid=keyid)
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


@pytest.mark.parametrize(
    "covers",
    [
        (),
        ("@method", "@target-uri", "content-type"),
        ("@target-uri", "content-digest", "content-type"),
        ("@method", "content-digest", "content-type"),
    ],
)
async def test_h8_a_signature_that_covers_too_little_is_refused(
    peer: Peer, unchanged: Unchanged, covers: tuple[str, ...]
) -> None:
    reply = await peer.post(peer.create(), covers=covers)
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


async def test_h9_a_body_changed_after_signing_is_refused(peer: Peer, unchanged: Unchanged) -> None:
    signed = jcs.canonical(peer.create())
    same_json = signed.replace(b",", b", ", 1)
    for body in (signed.replace(b"morning", b"evening"), same_json, signed + b"\n"):
        headers = peer.headers("POST", "/fed/inbox", signed)
        reply = await peer.send("POST", "/fed/inbox", body, headers)
        assert (reply.status, reply.body) == (401, b"")
    await unchanged()


async def test_h9_one_right_and_one_wrong_digest_are_refused(
    peer: Peer, unchanged: Unchanged
) -> None:
    body = jcs.canonical(peer.create())
    double = f"{digest.content_digest(body)}, sha-512=:AAAA:"
    message = httpsig.Message(
        "POST",
        peer.target + "/fed/inbox",
        [("content-type", "application/activity+json"), ("content-digest", double)],
    )
    signature = httpsig.sign(message, peer.key, peer.keyid, now=int(time.time()), nonce="d")
    reply = await peer.send("POST", "/fed/inbox", body, dict([*message.headers, *signature]))
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


async def test_h10_two_signatures_are_refused_even_when_one_is_good(
    peer: Peer, unchanged: Unchanged
) -> None:
    body = jcs.canonical(peer.create())
    headers = peer.headers("POST", "/fed/inbox", body)
    for name in ("signature", "signature-input"):
        headers[name] += f", other{headers[name].removeprefix('partner')}"
    reply = await peer.send("POST", "/fed/inbox", body, headers)
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


@pytest.mark.parametrize(
    "offsets",
    [
        {"created": -600, "expires": -300},
        {"created": 600, "expires": 900},
        {"created": 0, "expires": -1},
        {"created": 0, "expires": 0},
        {"created": 0, "expires": 315_360_000},
        {"created": None, "expires": 300},
        {"created": 0, "expires": None},
    ],
)
async def test_h13_a_signature_outside_its_time_is_refused(
    peer: Peer, unchanged: Unchanged, offsets: dict[str, int | None]
) -> None:
    now = int(time.time())
    params: dict[str, Any] = {
        name: None if by is None else now + by for name, by in offsets.items()
    }
    reply = await peer.post(peer.create(), **params)
    assert (reply.status, reply.body) == (401, b"")
    await unchanged()


async def test_h14_the_same_bytes_again_are_a_duplicate_and_elsewhere_refused(
    peer: Peer, partner: Partner
) -> None:
    body = jcs.canonical(peer.create())
    headers = peer.headers("POST", "/fed/inbox", body)
    first = await peer.send("POST", "/fed/inbox", body, headers)
    assert (first.status, first.json()) == (202, {"result": "accepted"})
    again = await peer.send("POST", "/fed/inbox", body, headers)
    assert (again.status, again.json()) == (202, {"result": "duplicate"})
    for method, path in (
        ("POST", "/fed/stream"),
        ("POST", "/fed/handshake"),
        ("POST", "/fed/inbox?x=1"),
    ):
        elsewhere = await peer.send(method, path, body, headers)
        assert (elsewhere.status, elsewhere.body) == (401, b"")
    other_host = peer.headers("POST", "/fed/inbox", body, target="https://cendra.example")
    reply = await peer.send("POST", "/fed/inbox", body, other_host)
    assert (reply.status, reply.body) == (401, b"")
    assert await FedIn.filter(partner_id=partner.id).count() == 1


async def test_h14_the_same_activity_signed_anew_is_a_duplicate(
    peer: Peer, partner: Partner
) -> None:
    activity = peer.create()
    assert (await peer.post(activity)).json() == {"result": "accepted"}
    assert (await peer.post(activity)).json() == {"result": "duplicate"}
    await drain()
    assert (await peer.post(activity)).json() == {"result": "duplicate"}
    assert await FedIn.filter(partner_id=partner.id).count() == 1


async def test_h15_the_same_id_with_another_body_is_a_conflict(
    peer: Peer, partner: Partner
) -> None:
    activity = peer.create()
    await peer.post(activity)
    changed = activity | {"published": "2026-01-01T00:00:00Z"}
    reply = await peer.post(changed)
    assert reply.status == 409
    assert await FedIn.filter(partner_id=partner.id).count() == 1


@pytest.mark.parametrize("where", ["activity", "object"])
@pytest.mark.parametrize("origin", ["https://cendra.example", "ours"])
async def test_h16_ids_lie_on_the_origin_of_their_actor(
    peer: Peer, unchanged: Unchanged, where: str, origin: str
) -> None:
    base = peer.target if origin == "ours" else origin
    activity = peer.create()
    if where == "activity":
        activity["id"] = f"{base}/fed/activities/7"
    else:
        activity["object"]["id"] = f"{base}/fed/posts/7"
    reply = await peer.post(activity)
    assert reply.status in (400, 403)
    await unchanged()


DEEP = b'{"a":' * 20_000


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b"[" * 20_000,
        b'{"id":' + b"9" * 5000 + b"}",
        b'{"id":NaN}',
        b'{"id":"a","id":"b"}',
        b'{"id":"\\ud800"}',
        b'{"id":"a\\u0000b"}',
        b'\xef\xbb\xbf{"id":"a"}',
        '{"id":"a"}'.encode("utf-16"),
        b'{"id":"a"}garbage',
        b"",
        b"null",
    ],
)
@pytest.mark.parametrize("path", ["/fed/inbox", "/fed/stream"])
async def test_h31_odd_json_is_refused(
    peer: Peer, unchanged: Unchanged, path: str, body: bytes
) -> None:
    reply = await peer.post(body, path)
    assert reply.status == 400
    await unchanged()


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": "https://evil.example/context"},
        {"@context": [{"actor": "https://evil.example/#x"}]},
        {"@graph": []},
        {"@included": []},
        {"as:actor": "https://brumelis.example/fed/people/ana"},
        {"actor": ["https://brumelis.example/fed/people/rui"]},
        {"type": ["Create"]},
        {"id": ["x"]},
        {"to": ["x"] * 10_000},
        {"published": "yesterday"},
        {"type": "Flood"},
        {"object": None},
    ],
)
async def test_h26_json_ld_and_wrong_shapes_are_refused(
    peer: Peer, unchanged: Unchanged, changes: dict[str, Any]
) -> None:
    reply = await peer.post(peer.create() | changes)
    assert reply.status == 400
    await unchanged()


async def test_webfinger_is_one_same_404_for_everybody_who_is_not_introduced(
    peer: Peer, stranger: Peer, unchanged: Unchanged
) -> None:
    host = peer.target.removeprefix("http://")
    for resource in (f"acct:person1@{host}", "acct:x@else.example", "x" * 10_000, ""):
        path = f"/.well-known/webfinger?resource={resource}"
        for reply in (await peer.send("GET", path), await stranger.get(path), await peer.get(path)):
            assert (reply.status, reply.body) == (404, b"")
    await unchanged()


@pytest.mark.parametrize("state", ["suspended", "terminated"])
async def test_a_partner_that_is_not_active_is_refused_on_every_path(
    peer: Peer, partner: Partner, unchanged: Unchanged, state: str
) -> None:
    await Partner.filter(id=partner.id).update(state=state)
    replies = [
        await peer.post(peer.create()),
        await peer.post(peer.page([peer.create()]), "/fed/stream"),
    ]
    replies += [await peer.get(path) for path in PATHS]
    for reply in replies:
        assert reply.status == 403
        assert reply.json()["state"] == state


async def test_two_partners_do_not_speak_for_each_other(peer: Peer, unchanged: Unchanged) -> None:
    other = Peer(peer.address, peer.target, origin="https://cendra.example", group=peer.group)
    await befriend(other, "Cendra")
    reply = await other.post(other.create())
    assert reply.status == 403
    reply = await other.post(peer.create())
    assert reply.status == 403


async def test_h46_a_flood_is_told_when_to_come_again(
    peer: Peer, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "PARTNER_LIMIT", (3, 10))
    replies = [await peer.post(peer.create()) for _ in range(4)]
    assert [reply.status for reply in replies] == [202, 202, 202, 429]
    assert 0 < int(replies[3].headers["Retry-After"]) <= 10
    assert await FedIn.filter(partner_id=partner.id).count() == 3


async def test_a_storm_of_strangers_does_not_fill_the_record(
    peer: Peer, stranger: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "STRANGERS_NOTED", 5)
    before = await FedAudit.all().count()
    for _ in range(8):
        assert (await stranger.post(stranger.create())).status == 401
    assert await FedAudit.all().count() == before + 5

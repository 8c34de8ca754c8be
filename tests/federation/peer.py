"""A partner's instance as far as the wire goes: a key, a name, and requests signed in any way."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rse.federation.core import digest, httpsig, jcs, keys, sf, stream
from rse.federation.core.httpsig import Message
from rse.federation.core.vocab import CONTEXT, MEDIA_TYPE

_numbers = count(1)


@dataclass(frozen=True)
class Reply:
    """What the server under test answered."""

    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Peer:
    """Signs requests to the server at `address`, which calls itself `target`."""

    address: str
    target: str
    origin: str = "https://brumelis.example"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    group: str = ""

    @property
    def actor(self) -> str:
        return f"{self.origin}/fed/actor"

    @property
    def keyid(self) -> str:
        return f"{self.actor}#root"

    @property
    def multikey(self) -> str:
        return keys.to_multikey(self.key.public_key())

    def application(self, **changes: Any) -> dict[str, Any]:
        """The instance actor as this peer would serve it."""
        return {
            "@context": CONTEXT,
            "id": self.actor,
            "type": "Application",
            "name": "Brumelis",
            "inbox": f"{self.origin}/fed/inbox",
            "stream": f"{self.origin}/fed/stream",
            "assertionMethod": [
                {
                    "id": self.keyid,
                    "type": "Multikey",
                    "controller": self.actor,
                    "publicKeyMultibase": self.multikey,
                }
            ],
        } | changes

    def person(self, name: str = "rui") -> dict[str, Any]:
        return {
            "id": f"{self.origin}/fed/people/{name}",
            "type": "Person",
            "name": f"{name.title()} Valadares",
            "jobTitle": "Designer",
        }

    def note(self, number: str = "", *, by: str = "rui", **changes: Any) -> dict[str, Any]:
        """A note of one of this peer's people in the shared space."""
        return {
            "id": f"{self.origin}/fed/posts/{number or next(_numbers)}",
            "type": "Note",
            "attributedTo": self.person(by)["id"],
            "audience": self.group,
            "content": "<p>Good morning</p>",
            "published": moment(),
        } | changes

    def activity(self, kind: str, what: Any, *, by: str = "rui", **changes: Any) -> dict[str, Any]:
        """An activity of one of this peer's people in the shared space."""
        return {
            "id": f"{self.origin}/fed/activities/{next(_numbers)}",
            "type": kind,
            "actor": self.person(by),
            "object": what,
            "audience": self.group,
            "to": [self.group],
            "published": moment(),
        } | changes

    def create(self, **note: Any) -> dict[str, Any]:
        return self.activity("Create", self.note(**note))

    def headers(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        covers: Sequence[str] | None = None,
        content_type: str = MEDIA_TYPE,
        signed_body: bytes | None = None,
        target: str = "",
        label: str = "partner",
        **params: Any,
    ) -> dict[str, str]:
        """The headers of a request signed as told, rightly or wrongly."""
        found: dict[str, str] = {}
        if method == "POST":
            found["content-type"] = content_type
            found["content-digest"] = digest.content_digest(
                body if signed_body is None else signed_body
            )
        default = httpsig.POST_COVERS if method == "POST" else httpsig.GET_COVERS
        chosen = tuple(default if covers is None else covers)
        now = int(time.time())
        values: dict[str, Any] = {
            "created": now, "expires": now + 300, "keyid": self.keyid,
            "nonce": f"n{next(_numbers)}-{now}", "tag": httpsig.TAG,
        }  # fmt: skip
        values = {name: value for name, value in {**values, **params}.items() if value is not None}
        inner = sf.InnerList(tuple(sf.Item(name) for name in chosen), values)
        message = Message(method, (target or self.target) + path, list(found.items()))
        base = httpsig.signature_base(message, chosen, sf.serialise(inner))
        found["signature-input"] = sf.serialise_dictionary({label: inner})
        found["signature"] = sf.serialise_dictionary({label: sf.Item(self.key.sign(base))})
        return found

    async def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        """One request over the real socket, with exactly these headers."""
        async with (
            aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as session,
            session.request(
                method, self.address + path, data=body or None, headers=headers or {},
                allow_redirects=False,
            ) as answer,
        ):  # fmt: skip
            return Reply(answer.status, await answer.read(), dict(answer.headers))

    async def post(self, document: Any, path: str = "/fed/inbox", **options: Any) -> Reply:
        """A document, signed and sent."""
        body = document if isinstance(document, bytes) else jcs.canonical(document)
        return await self.send("POST", path, body, self.headers("POST", path, body, **options))

    async def get(self, path: str, **options: Any) -> Reply:
        return await self.send("GET", path, b"", self.headers("GET", path, **options))

    def page(
        self, activities: Sequence[dict[str, Any]], *, lane: int = 1, after: int = 0,
        prev: str = stream.START, epoch: str = "e1",
    ) -> dict[str, Any]:  # fmt: skip
        """A page of this peer's stream."""
        items = [{"seq": after + n, "activity": a} for n, a in enumerate(activities, 1)]
        return {
            "@context": CONTEXT, "type": "OrderedCollectionPage",
            "id": f"{self.origin}/fed/stream?lane={lane}&after={after}", "lane": lane,
            "epoch": epoch, "after": after, "prev": prev, "head": after + len(items),
            "orderedItems": items,
        }  # fmt: skip


def chain_after(activities: Sequence[dict[str, Any]], chain: str = stream.START) -> str:
    for activity in activities:
        chain = stream.link(chain, stream.digest_of(jcs.canonical(activity)))
    return chain


def moment() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

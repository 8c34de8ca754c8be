"""The partner's end of the line in tests of delivery."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from rse.federation.core import httpsig, jcs, jsonsafe, stream
from rse.federation.core.httpsig import Message
from rse.federation.core.stream import Position
from tests.federation.peer import Peer

Answer = tuple[int, dict[str, Any] | bytes]


def acknowledge(ack: int) -> Answer:
    return 200, {"ack": ack, "results": []}


@dataclass
class Listener:
    """The partner's end of the line: checks what comes as a partner does, answers as told."""

    peer: Peer
    key: Any = None
    position: Position = field(default_factory=lambda: Position("", 0, stream.START))
    control: Position = field(default_factory=lambda: Position("", 0, stream.START))
    activities: list[dict[str, Any]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    nonces: list[str] = field(default_factory=list)
    next_answers: list[Callable[[int], Answer]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)

    async def push(self, request: web.Request) -> web.Response:
        body = await request.read()
        message = Message("POST", str(request.url), list(request.headers.items()))
        claim = httpsig.read(message)
        httpsig.verify(claim, message, self.key, now=int(time.time()))
        httpsig.check_body(message, body)
        self.nonces.append(claim.nonce)
        page = stream.read_page(jsonsafe.parse(body, max_nodes=200_000))
        before = self.control if page.lane == 0 else self.position
        entries, after = stream.continue_from(before, page)
        answer = self.next_answers.pop(0) if self.next_answers else acknowledge
        status, said = answer(after.ack)
        if status in (200, 599):
            self._keep(page.lane, after, entries)
        if status == 599:
            assert request.transport is not None
            request.transport.close()
        raw = said if isinstance(said, bytes) else jcs.canonical(said)
        return web.Response(status=status, body=raw, headers=self.headers)

    def _keep(self, lane: int, after: Position, entries: tuple[stream.Entry, ...]) -> None:
        self.sizes.append(len(entries))
        self.activities += [entry.activity for entry in entries if entry.activity is not None]
        if lane == 0:
            self.control = after
        else:
            self.position = after

    async def pull(self, request: web.Request) -> web.Response:
        """The peer's own stream, signed as a push to us."""
        body = self.pages.get(f"{request.query['lane']}:{request.query['after']}")
        if body is None:
            return web.Response(status=404)
        headers = self.peer.headers("POST", "/fed/stream", body)
        return web.Response(body=body, headers=headers)

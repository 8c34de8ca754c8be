"""One open connection: what it listens to and what waits to be sent to it."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from rse.identity.models import Session

from .rings import Envelope, encode

WAITING_LIMIT = 256
TOPICS_EACH = 100

# WebSocket close codes: try again later, against the rules, and our own "sign in again".
SLOW, RULES, SIGNED_OUT = 1013, 1008, 4401
PING = encode(0, "", "ping", {})


class Listener:
    """A bounded queue to one browser; who reads too slowly is cut off and resumes later."""

    def __init__(self, session: Session) -> None:
        self.person = session.account.person
        self.session_id = session.id
        self.wanted: set[str] = set()
        # The last arrival each topic has delivered here; a topic under recheck is not in it.
        self.reached: dict[str, int] = {}
        self.closed = asyncio.Event()
        self.close_code = 0
        self.spread_seconds = 0
        self._waiting: deque[str] = deque()
        self._woken: asyncio.Future[None] | None = None
        self._spoke_at = time.monotonic()

    def deliver(self, envelope: Envelope) -> None:
        """Queue an envelope of a topic, unless it is here already or the topic was taken away."""
        reached = self.reached.get(envelope.topic)
        if reached is not None and envelope.position > reached:
            self.reached[envelope.topic] = envelope.position
            self.say(envelope.text)

    def say(self, text: str) -> None:
        """Queue a message, or give the connection up when too many wait already."""
        if self.closed.is_set():
            return
        if len(self._waiting) >= WAITING_LIMIT:
            self.close(SLOW)
            return
        self._waiting.append(text)
        self._spoke_at = time.monotonic()
        self._wake()

    def tell(self, topic: str, kind: str, number: int = 0, **data: object) -> None:
        """Queue a message about the connection itself."""
        self.say(encode(number, topic, kind, data))

    def close(self, code: int, spread_seconds: int = 0) -> None:
        """End the connection; what waits is not sent. Pages come back within `spread_seconds`."""
        if not self.closed.is_set():
            self.close_code = code
            self.spread_seconds = spread_seconds
            self._waiting.clear()
            self.closed.set()
            self._wake()

    def room_for(self, missed: Sequence[Envelope]) -> bool:
        """Whether so much can be sent again without cutting the connection off."""
        return len(missed) + len(self._waiting) + TOPICS_EACH < WAITING_LIMIT

    def ping_after(self, silence_seconds: float) -> None:
        """Show that the line is alive, when nothing was said for so long."""
        if time.monotonic() - self._spoke_at >= silence_seconds:
            self.say(PING)

    async def next(self) -> str | None:
        """The next message; None when the connection is to end."""
        while not self.closed.is_set():
            if self._waiting:
                return self._waiting.popleft()
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        return None

    def _wake(self) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

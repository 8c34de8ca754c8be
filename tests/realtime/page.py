"""A page that listens, over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from rse.config import settings
from rse.identity.models import Account, Person
from rse.identity.sessions import open_session
from rse.kernel.ids import new_id
from rse.realtime.hub import hub
from rse.realtime.topics import topic_of
from rse.web.session import cookie_name

Heard = dict[str, Any]


class Room:
    """A topic with a list of who may come in."""

    def __init__(self) -> None:
        self.id = new_id()
        self.topic = topic_of("room", self.id)
        self.welcome: set[int] = set()
        self.asked = 0

    async def may_listen(self, person: Person, number: int) -> bool:
        self.asked += 1
        return number == self.id and person.id in self.welcome

    async def say(self, word: str) -> None:
        await hub.signal(self.topic, "said", {"word": word})


class Page:
    """What a tab does with its line."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.reason = ""

    async def ask(self, **message: object) -> None:
        await self.socket.send_json(message)

    async def listen(self, *names: str, after: str = "") -> list[Heard]:
        """Subscribe, and hear all that comes until every topic has answered."""
        await self.ask(do="subscribe", topics=list(names), after=after)
        heard: list[Heard] = []
        answers = 0
        while answers < len(names):
            heard.append(await self.hear())
            answers += heard[-1]["kind"] in {"subscribed", "refused", "resync"}
        return heard

    async def hear(self, seconds: float = 5) -> Heard:
        async with asyncio.timeout(seconds):
            found: Heard = await self.socket.receive_json()
        return found

    async def words(self, count: int) -> list[str]:
        return [(await self.hear())["data"]["word"] for _ in range(count)]

    async def hears_nothing(self, seconds: float = 0.2) -> bool:
        try:
            await self.hear(seconds)
        except TimeoutError:
            return True
        return False

    async def end(self, seconds: float = 5) -> int:
        """Wait for the other side to hang up; the close code."""
        async with asyncio.timeout(seconds):
            while True:
                message = await self.socket.receive()
                if message.type is aiohttp.WSMsgType.CLOSE:
                    self.reason = str(message.extra or "")
                    return int(message.data)
                assert message.type is aiohttp.WSMsgType.TEXT, message


class Site:
    """The instance as a browser reaches it."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self.session = session
        self.address = f"127.0.0.1:{port}"

    @asynccontextmanager
    async def page(self, account: Account | None, origin: str = "") -> AsyncIterator[Page]:
        """A tab with a WebSocket."""
        headers = {"Origin": origin or settings().origin, **await cookies(account)}
        url = f"ws://{self.address}/live"
        async with self.session.ws_connect(url, headers=headers, autoclose=False) as socket:
            yield Page(socket)

    @asynccontextmanager
    async def stream(
        self, account: Account, *names: str, after: str = ""
    ) -> AsyncIterator["EventStream"]:
        """A tab whose proxy lets no WebSocket through."""
        headers = await cookies(account)
        if after:
            headers["Last-Event-ID"] = after
        url = f"http://{self.address}/live/events?topics={','.join(names)}"
        async with self.session.get(url, headers=headers) as response:
            yield EventStream(response)


class EventStream:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def hear(self, seconds: float = 5) -> Heard:
        """The next envelope; its id is the event's own."""
        async with asyncio.timeout(seconds):
            number = ""
            while True:
                line = (await self.response.content.readline()).decode().rstrip("\n")
                if line.startswith("id: "):
                    number = line.removeprefix("id: ")
                elif line.startswith("data: "):
                    found: Heard = json.loads(line.removeprefix("data: "))
                    assert found["id"] == number
                    return found

    async def end(self, seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            await self.response.content.read()


async def cookies(account: Account | None) -> dict[str, str]:
    if account is None:
        return {}
    return {"Cookie": f"{cookie_name('session')}={await open_session(account)}"}

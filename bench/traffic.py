"""People who read and write at a steady pace, whatever the answers take."""

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp
from yarl import URL

from bench import world
from bench.served import Server
from rse.identity.models import Account
from rse.identity.sessions import open_session
from rse.kernel.ids import to_public
from rse.web.session import cookie_name

# More at once would only wait in the server instead of here.
AT_ONCE, POSTS = 64, 10_000
TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')
BODY = "La façade nord est terminée, avec **deux jours** d’avance. Visite ouverte jeudi à 12 h 30."
Ask = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Answers:
    """How long each waited, from the moment it was to be asked, in seconds."""

    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def milliseconds(self, percent: int) -> float:
        return round(statistics.quantiles(self.waits, n=100)[percent - 1] * 1000, 1)

    @property
    def rate(self) -> float:
        return round(len(self.waits) / self.seconds, 1)


class Traffic:
    """A served instance, its readers' sessions, and one writer's form token."""

    def __init__(self, server: Server, folder: Path, cookies: dict[str, str]) -> None:
        self.server, self.folder, self._cookies = server, folder, cookies
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=AT_ONCE), cookie_jar=aiohttp.DummyCookieJar()
        )
        self._address = URL(f"http://127.0.0.1:{server.port}")
        self._turn, self._token = count(), ""

    @classmethod
    async def start(cls) -> "Traffic":
        cookies = {}
        async with world.filled(POSTS, kind="traffic") as (settings, made):
            for name, person in made.readers.items():
                account = await Account.get(person_id=person.id)
                cookies[name] = f"{cookie_name('session')}={await open_session(account)}"
        folder = settings.server.data_dir
        traffic = cls(await Server.start("ours", folder), folder, cookies)
        await traffic.open_page()
        return traffic

    async def open_page(self) -> None:
        """The writer opens the home page: its forms carry the session's token."""
        async with self._client.get(self._address, headers=self._headers("usual")) as answer:
            found = TOKEN.search(await answer.text())
        assert found, "the home page has no form"
        self._token = found[1]

    def _headers(self, reader: str) -> dict[str, str]:
        return {"Cookie": self._cookies[reader], "Host": "127.0.0.1:8800"}

    async def feed(self) -> None:
        """The home feed as JSON, of one reader after the other."""
        reader = list(self._cookies)[next(self._turn) % len(self._cookies)]
        headers = {**self._headers(reader), "Accept": "application/json"}
        async with self._client.get(self._address, headers=headers) as answer:
            assert answer.status == 200, answer.status
            await answer.read()

    async def post(self) -> None:
        form = {"_csrf": self._token, "space": to_public(5), "body": BODY}
        async with self._client.post(
            self._address / "posts", data=form, headers=self._headers("usual"),
            allow_redirects=False,
        ) as answer:  # fmt: skip
            assert answer.status in {302, 303}, (answer.status, await answer.text())

    async def both(self, feeds: float, posts: float, seconds: float) -> tuple[Answers, Answers]:
        """So many of each a second, for so long."""
        asked: list[Coroutine[None, None, Answers]] = [
            steadily(self.feed, feeds, seconds),
            steadily(self.post, posts, seconds),
        ]
        read, written = await asyncio.gather(*asked)
        return read, written

    async def stop(self) -> None:
        await self._client.close()
        await self.server.stop()


async def steadily(ask: Ask, rate: float, seconds: float) -> Answers:
    """Ask at the pace, not when the last was answered: a slow server is not spared by its queue."""
    found, start = Answers(), time.perf_counter()

    async def one(due: float) -> None:
        await ask()
        found.waits.append(time.perf_counter() - due)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    found.seconds = time.perf_counter() - start
    return found

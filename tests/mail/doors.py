"""Opens our doors on free ports and speaks to them byte by byte."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from rse.config_mail import MailLimits
from rse.mail.address import Keys, Kind, Token, day_number, mint
from rse.mail.intake import Intake
from rse.mail.route import Routes
from rse.mail.smtpd import Arrival, House, Lmtp, Smtp, listen
from rse.mail.spool import Spool

DOMAIN = "mail.ostrelle.example"
KEYS = Keys(0, {0: b"k" * 32})
LOOPBACK = (ip_network("127.0.0.0/8"),)


def reply_address(person_id: int = 2, object_id: int = 1) -> str:
    from datetime import UTC, datetime

    token = Token(Kind.REPLY, object_id, person_id, day=day_number(datetime.now(UTC).date()))
    return f"{mint(KEYS, token)}@{DOMAIN}"


@dataclass
class Client:
    """A client that sends exactly the bytes it is told to."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    seen: list[str] = field(default_factory=list)

    async def answer(self) -> str:
        """Read one whole answer, however many lines it has."""
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), 10)).decode().rstrip("\r\n")
            self.seen.append(line)
            if line[3:4] != "-":
                return line

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def say(self, line: str) -> str:
        await self.send(line.encode() + b"\r\n")
        return await self.answer()

    async def greet(self, verb: str = "EHLO") -> None:
        await self.answer()
        await self.say(f"{verb} client.example")

    async def deliver(
        self, content: bytes, *recipients: str, sender: str = "lea@ostrelle.example"
    ) -> str:
        await self.say(f"MAIL FROM:<{sender}>")
        for recipient in recipients or (reply_address(),):
            await self.say(f"RCPT TO:<{recipient}>")
        assert (await self.say("DATA")).startswith("354")
        await self.send(content + b".\r\n")
        return await self.answer()


@dataclass
class Doors:
    """A house with one open door and the spool behind it."""

    house: House
    spool: Spool
    port: int

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Client(reader, writer)
        finally:
            writer.close()

    def stored(self) -> list[bytes]:
        return [self.spool.read(name).raw for name in self.spool.due(float("inf"))]


@asynccontextmanager
async def open_doors(
    root: Path,
    door: type[Smtp] = Smtp,
    *,
    limits: MailLimits | None = None,
    trusted: bool = True,
    receive: Callable[[Arrival], Awaitable[str]] | None = None,
) -> AsyncIterator[Doors]:
    spool = Spool(root)
    routes = Routes(KEYS, frozenset({DOMAIN}))
    house = House(
        "mx.ostrelle.example",
        limits or MailLimits(),
        LOOPBACK if trusted else (),
        routes.refusal,
        receive or Intake(spool).receive,
    )
    server = await listen(house, "127.0.0.1:0", door)
    try:
        yield Doors(house, spool, server.sockets[0].getsockname()[1])
    finally:
        server.close()


__all__ = ["DOMAIN", "KEYS", "Client", "Doors", "Lmtp", "open_doors", "reply_address"]

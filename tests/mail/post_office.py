# ruff: noqa: E501 - a sample of mail keeps its long lines
"""The instance under test with mail switched on: a catcher for what leaves, a door for what comes."""

import email.message
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from email.utils import parseaddr

from quart import Quart

from rse import config
from rse.config_mail import MailSettings, RelaySettings
from rse.kernel.jobs import drain
from rse.mail import serving
from rse.mail.intake import Intake
from rse.mail.smtpd import House, Smtp, listen
from tests.mail.doors import Client, Doors
from tests.testenv.mailcatcher import Caught, MailCatcher

DOMAIN = "mail.ostrelle.example"


@contextmanager
def mail_settings(**changed: object) -> Iterator[None]:
    """Other mail settings for a while."""
    before = config.settings()
    mail = MailSettings.model_validate({"domain": DOMAIN, **changed})
    config.use(before.model_copy(update={"mail": mail}))
    try:
        yield
    finally:
        config.use(before)


@dataclass
class PostOffice:
    """What goes out and comes in during one test."""

    catcher: MailCatcher
    doors: Doors

    async def sent_to(self, address: str | None) -> list[Caught]:
        """Run what is due; every mail the address has got so far."""
        await drain()
        return self.catcher.to(str(address))

    async def receive(self, raw: bytes, recipient: str, sender: str) -> str:
        """Deliver over SMTP, then work the spool as the running process does; the door's answer."""
        async with self.doors.client() as client:
            await client.greet()
            answer = await self.deliver(client, raw, recipient, sender)
        await self.work()
        return answer

    async def deliver(self, client: Client, raw: bytes, recipient: str, sender: str) -> str:
        await client.say(f"MAIL FROM:<{sender}>")
        refused = await client.say(f"RCPT TO:<{recipient}>")
        if not refused.startswith("250"):
            return refused
        await client.say("DATA")
        await client.send(raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        return await client.answer()

    async def work(self) -> None:
        await serving.work_once(self.doors.spool, self.doors.house)
        await drain()


@asynccontextmanager
async def post_office(app: Quart, **changed: object) -> AsyncIterator[PostOffice]:
    async with MailCatcher() as catcher:
        relay = RelaySettings(host="127.0.0.1", port=catcher.port, tls="none")
        with mail_settings(relay=relay, **changed):
            spool = serving.spool()
            for name in spool.due(float("inf")):
                spool.settle(spool.read(name), "dead")
            house: House = serving.house(Intake(spool))
            server = await listen(house, "127.0.0.1:0", Smtp)
            try:
                yield PostOffice(catcher, Doors(house, spool, server.sockets[0].getsockname()[1]))
            finally:
                server.close()


def answer_to(
    caught: Caught, text: str, *, author: str = "", headers: str = ""
) -> tuple[bytes, str]:
    """Answer a mail the way a plain mail program does: the raw answer and where it goes."""
    original = caught.message
    to = parseaddr(str(original["Reply-To"]))[1]
    quoted = "\n".join(f"> {line}" for line in caught.part("plain").splitlines())
    raw = (
        f"From: {author or str(original['To'])}\nTo: {to}\nSubject: Re: {original['Subject']}\n"
        f"Message-ID: <{abs(hash(text + author + headers))}@client.example>\nIn-Reply-To: {original['Message-ID']}\n"
        f"References: {original['References']} {original['Message-ID']}\n{headers}"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"{text}\n\nLe mar. 24 nov. 2026 à 10:01, {original['From']} a écrit :\n{quoted}\n"
    )
    return raw.encode().replace(b"\n", b"\r\n"), to


def header(message: email.message.EmailMessage, name: str) -> str:
    return str(message[name] or "")

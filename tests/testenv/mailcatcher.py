"""A mail server that keeps what it gets: real SMTP on loopback, for tests and for the demo."""

import argparse
import asyncio
import email
import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def part(self, subtype: str) -> str:
        """Give the text of the text/plain or text/html part."""
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}":
                return str(part.get_content())
        return ""


@dataclass
class MailCatcher:
    """`async with MailCatcher() as catcher:` listens on a free port and keeps mail in memory."""

    host: str = "127.0.0.1"
    port: int = 0
    directory: Path | None = None
    answer: str = "250 2.6.0 Caught"
    caught: list[Caught] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> "MailCatcher":
        loop = asyncio.get_running_loop()
        if self.directory is not None:
            self.directory.mkdir(parents=True, exist_ok=True)
        self._server = await loop.create_server(
            lambda: SMTP(self, enable_SMTPUTF8=True, hostname="catcher.example", loop=loop),
            self.host,
            self.port,
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("2"):
            self._keep(
                Caught(
                    str(envelope.mail_from),
                    tuple(envelope.rcpt_tos),
                    bytes(envelope.original_content or b""),
                )
            )
        return self.answer

    def to(self, address: str) -> list[Caught]:
        return [mail for mail in self.caught if address in mail.recipients]

    async def wait_for(
        self, address: str, count: int = 1, timeout_seconds: float = 10.0
    ) -> list[Caught]:
        """Wait until so many mails came for the address."""
        async with asyncio.timeout(timeout_seconds):
            while len(self.to(address)) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return self.to(address)

    def _keep(self, mail: Caught) -> None:
        self.caught.append(mail)
        self._arrived.set()
        if self.directory is not None:
            envelope = {"From": mail.sender, "To": ", ".join(mail.recipients)}
            head = "".join(f"X-Envelope-{name}: {value}\r\n" for name, value in envelope.items())
            path = self.directory / f"{len(list(self.directory.iterdir())) + 1:05d}.eml"
            # Whole files only: whoever watches the directory must not read half a mail.
            path.with_suffix(".part").write_bytes(head.encode() + mail.raw)
            path.with_suffix(".part").rename(path)


async def main() -> None:
    options = argparse.ArgumentParser(prog="mailcatcher", description=__doc__)
    options.add_argument("--port", type=int, default=2525)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--dir", type=Path)
    chosen = options.parse_args()
    async with MailCatcher(chosen.host, chosen.port, chosen.dir) as catcher:
        print(f"listening on {catcher.host}:{catcher.port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

"""The doors mail comes in by: aiosmtpd's SMTP and LMTP, tightened."""

import asyncio
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession

from rse.config_mail import MailLimits, Network
from rse.mail.path import NULL_PATH, path_and_parameters

log = logging.getLogger("rse.mail.smtpd")
# The library writes addresses and whole commands into its log; ours holds no personal content.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

TRY_LATER: Final = "451 4.3.0 Try again later"
_END: Final = b"\r\n.\r\n"
_NEEDS_CODE: Final = re.compile(r"([245])\d\d (?!\1\.\d)")
_CODES: Final = {"2": "2.0.0", "4": "4.3.0", "5": "5.5.0"}
_UNHEARD: Final = ("AUTH", "STARTTLS", "VRFY", "EXPN", "HELP")
_COMMAND_BYTES: Final = 1024
_ANY_COMMAND_CALLS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """One complete mail at the end of DATA, before any answer."""

    sender: str
    recipients: tuple[str, ...]
    peer: str
    protocol: str
    content: bytes


@dataclass(slots=True)
class House:
    """What all doors of a process share: the answers, the limits, who is inside."""

    hostname: str
    limits: MailLimits
    trusted_relays: Sequence[Network]
    refusal: Callable[[str], str | None]
    receive: Callable[[Arrival], Awaitable[str]]
    inside: Counter[str] = field(default_factory=Counter)

    def admits(self, peer: str) -> bool:
        if self.inside.total() >= self.limits.connections:
            return False
        return self.inside[peer] < self.limits.connections_per_address or self.trusts(peer)

    def trusts(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self.trusted_relays)


class Smtp(SMTP):
    """SMTP as we speak it: strict line ends, hard limits, no word about what broke inside."""

    # The stream's limit: DATA comes in blocks of this size, so no line is too long for us.
    line_length_limit = 65536
    protocol = "SMTP"

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop) -> None:
        limits = house.limits
        super().__init__(
            _Hooks(house),
            data_size_limit=limits.message_bytes,
            enable_SMTPUTF8=True,
            hostname=house.hostname,
            ident="ready",
            timeout=limits.command_seconds,
            command_call_limit={"MAIL": limits.messages_per_connection, "*": _ANY_COMMAND_CALLS},
            loop=loop,
        )
        self.house = house
        # The library keeps these in the class and lets every EHLO raise them.
        self.command_size_limits = defaultdict(lambda: _COMMAND_BYTES)
        self.command_size_limit = _COMMAND_BYTES
        self._peer = ""
        self._is_admitted = False
        self._session_end: asyncio.TimerHandle | None = None
        for name in _UNHEARD:
            self._smtp_methods.pop(name, None)

    def refuses_peer(self) -> str | None:
        return None if self.house.admits(self._peer) else "421 4.7.0 Too many connections"

    def repair(self, content: bytes) -> bytes | None:
        """Bare CR or LF means another server would see other lines: refuse."""
        return None

    def statuses(self, status: str) -> str:
        return status

    @property
    def _mail(self) -> SmtpEnvelope:
        """The mail being taken; there is one from the first command on."""
        return cast("SmtpEnvelope", self.envelope)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._peer = str((transport.get_extra_info("peername") or [""])[0])
        refusal = self.refuses_peer()
        if refusal:
            cast("asyncio.Transport", transport).write(f"{refusal}\r\n".encode())
            transport.close()
            return
        self._is_admitted = True
        self.house.inside[self._peer] += 1
        self._session_end = self.loop.call_later(
            self.house.limits.session_seconds, self._timeout_cb
        )
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_admitted:
            return
        self.house.inside[self._peer] -= 1
        if not self.house.inside[self._peer]:
            del self.house.inside[self._peer]
        if self._session_end is not None:
            self._session_end.cancel()
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._is_admitted else False

    def _timeout_cb(self) -> None:
        transport = self.transport
        if isinstance(transport, asyncio.Transport):
            transport.write(b"421 4.4.2 Timeout\r\n")
            transport.close()
            # A peer that reads nothing must not hold the socket open.
            self.loop.call_later(5, transport.abort)

    async def push(self, status: str | bytes) -> None:
        if isinstance(status, str):
            found = _NEEDS_CODE.match(status)
            coded = f"{status[:4]}{_CODES[found[1]]} {status[4:]}" if found else status
            status = coded.encode("utf-8", "replace")
        await super().push(status)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # The library's grammar recurses on comments; an envelope path has none.
        return path_and_parameters(arg) or (None, None)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - the library's name
        if not self._mail.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self._reset_timeout(self.house.limits.data_seconds)
        content = await self._read_data()
        self._reset_timeout()
        # Counted before the envelope is reset: LMTP answers once per recipient.
        answer = self.statuses(await self._judge(content))
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(answer)

    async def _read_data(self) -> bytes | None:
        """Read up to the final dot in blocks; None when it was too much."""
        blocks: list[bytes] = []
        size, tail = 0, b"\r\n"
        while tail != _END:
            block = await self._next_block()
            size += len(block)
            tail = (tail + block[-5:])[-5:]
            if size <= self.house.limits.message_bytes:
                blocks.append(block)
            else:
                blocks.clear()
        if size > self.house.limits.message_bytes:
            return None
        stuffed = b"\r\n" + b"".join(blocks)[:-3]
        return stuffed.replace(b"\r\n.", b"\r\n")[2:]

    async def _next_block(self) -> bytes:
        # Stops at every ".CRLF": a final dot is never read past and never split.
        try:
            return await self._reader.readuntil(b".\r\n")
        except asyncio.LimitOverrunError as error:
            return await self._reader.read(error.consumed)

    async def _judge(self, content: bytes | None) -> str:
        if content is None:
            return "552 5.3.4 Error: too much mail data"
        if not content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r"):
            repaired = self.repair(content)
            if repaired is None:
                return "550 5.5.2 Bare CR or LF is not allowed"
            content = repaired
        mail = self._mail
        sender = "" if mail.mail_from in {None, NULL_PATH} else str(mail.mail_from)
        arrival = Arrival(sender, tuple(mail.rcpt_tos), self._peer, self.protocol, content)
        try:
            return await self.house.receive(arrival)
        except Exception as error:  # boundary: the mail stays with its sender
            # The text of an exception may hold words of the mail.
            log.error("mail not taken: %s", type(error).__name__)  # noqa: TRY400
            return TRY_LATER


class Lmtp(Smtp, LMTP):
    """LMTP from the relay in front of us: one answer per recipient, line ends mended."""

    protocol = "LMTP"

    def refuses_peer(self) -> str | None:
        if not self.house.trusts(self._peer):
            return "554 5.7.1 Not for you"
        return super().refuses_peer()

    def repair(self, content: bytes) -> bytes | None:
        plain = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return plain.replace(b"\n", b"\r\n")

    def statuses(self, status: str) -> str:
        return "\r\n".join([status] * len(self._mail.rcpt_tos))


class _Hooks:
    """The library's hooks, answered from memory."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def handle_EHLO(  # noqa: N802 - the library's own signature
        self,
        server: Smtp,
        session: SmtpSession,
        envelope: SmtpEnvelope,
        hostname: str,
        lines: list[str],
    ) -> list[str]:
        session.host_name = hostname
        offered = (f"SIZE {self._house.limits.message_bytes}", "8BITMIME", "SMTPUTF8", "PIPELINING")
        for line in (self._house.hostname, *offered):
            await SMTP.push(server, f"250-{line}")
        await SMTP.push(server, "250 ENHANCEDSTATUSCODES")
        server.command_size_limits["MAIL"] = _COMMAND_BYTES
        return []

    async def handle_RCPT(  # noqa: N802 - the library's own signature
        self,
        server: Smtp,
        session: SmtpSession,
        envelope: SmtpEnvelope,
        address: str,
        options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= self._house.limits.recipients:
            return "452 4.5.3 Too many recipients"
        refusal = self._house.refusal(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        log.error("mail session: %s", type(error).__name__)
        return TRY_LATER


async def listen(house: House, bind: str, door: type[Smtp]) -> asyncio.Server:
    """Open one door on host:port inside the running loop."""
    host, _, port = bind.rpartition(":")
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: door(house, loop), host.strip("[]") or None, int(port))


def _address(peer: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(peer)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address

"""The only way out: an HTTP client that checks the address it really connects to.

The check is made on the resolved address that the connector uses, so a name that changes its mind
between check and use gains nothing. Redirects are never followed by themselves.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from .errors import RseError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Python's is_global says True for NAT64, 6to4 and its relay: they wrap private addresses.
REFUSED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "::1/128", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
        "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


class AddressRefused(RseError):
    """The address is not one this instance may connect to."""


class NoAnswer(RseError):
    """The other side could not be reached, or broke off, or sent too much."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response: status, headers with lower-case names, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Guard(AbstractResolver):
    """Resolves names and refuses every answer that holds an address out of bounds."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = tuple(ipaddress.ip_network(text) for text in allowed)

    def check(self, address: str) -> None:
        """AddressRefused unless the literal address may be connected to."""
        ip = ipaddress.ip_address(address.partition("%")[0])
        if any(ip.version == net.version and ip in net for net in self._allowed):
            return
        if any(ip.version == net.version and ip in net for net in REFUSED):
            raise AddressRefused(f"{address} is not a public address")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        for entry in found:
            self.check(str(entry[4][0]))
        return [
            ResolveResult(
                hostname=host, host=str(entry[4][0]), port=port, family=entry[0], proto=entry[2],
                flags=socket.AI_NUMERICHOST,
            )
            for entry in found
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""


class _GuardedConnector(aiohttp.TCPConnector):
    """aiohttp skips the resolver for literal addresses; the guard must see those too."""

    def __init__(self, guard: Guard, **options: Any) -> None:
        super().__init__(resolver=guard, use_dns_cache=False, **options)
        self._guard = guard

    async def _resolve_host(self, host: str, port: int, traces: Any = None) -> list[ResolveResult]:
        return await self._guard.resolve(host, port, self._family)


class Client:
    """One session a process: kept connections, few per host, caps on time and size."""

    def __init__(self, allowed: Iterable[str] = (), user_agent: str = "") -> None:
        self._guard = Guard(allowed)
        self._user_agent = user_agent
        self._session: aiohttp.ClientSession | None = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=_GuardedConnector(self._guard, limit=100, limit_per_host=4),
                headers={"User-Agent": self._user_agent} if self._user_agent else None,
                skip_auto_headers=() if self._user_agent else ("User-Agent",),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
            )
        return self._session

    async def request(  # noqa: PLR0913 - an exchange has that many sides
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int = 1 << 20,
        timeout_seconds: float = 10,
    ) -> Answer:
        """One exchange, no redirect followed; NoAnswer or AddressRefused when it fails."""
        try:
            async with (
                asyncio.timeout(timeout_seconds),
                self._opened().request(
                    method,
                    URL(url, encoded=True),
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                ) as response,
            ):
                content = await _read_up_to(response, max_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, lowered, content)

    async def close(self) -> None:
        if self._session:
            await self._session.close()


async def _read_up_to(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > max_bytes:
            response.close()
            raise NoAnswer(f"answer over {max_bytes} bytes")
    return bytes(content)


_client: Client | None = None


def open_client(allowed: Iterable[str] = (), user_agent: str = "") -> None:
    global _client  # noqa: PLW0603 - one client per process
    _client = Client(allowed, user_agent)


def client() -> Client:
    """The instance's client."""
    if _client is None:
        raise RuntimeError("the HTTP client is not open")
    return _client


async def close_client() -> None:
    if _client:
        await _client.close()

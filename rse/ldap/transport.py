"""Reaching a directory: ordered servers, verified TLS, bind through ldap3, one deadline.

Everything here blocks and therefore runs in a thread of `rse.ldap.threads`.
"""

import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rse.ldap.deadline import Deadline
from rse.ldap.errors import BindRefused, DirectoryDown, DirectoryError, TlsRefused
from rse.ldap.library import ldap3, ldap3_errors
from rse.ldap.tls import StrictTls

if TYPE_CHECKING:
    from ldap3 import Connection

AVOID_SECONDS = 30.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_TRY_NEXT = frozenset({51, 52})  # busy, unavailable: another server may well answer


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server: where it is and whether the connection starts encrypted."""

    host: str
    port: int
    ldaps: bool

    @classmethod
    def parse(cls, url: str) -> "Endpoint":
        parts = urlsplit(url)
        ldaps = parts.scheme == "ldaps"
        return cls(parts.hostname or "", parts.port or (636 if ldaps else 389), ldaps)

    def __str__(self) -> str:
        return f"{'ldaps' if self.ldaps else 'ldap'}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who binds. The password is bytes, so that no library prepares, changes or refuses it."""

    dn: str
    password: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """How a directory is reached; `plaintext` only on loopback, and only if written down."""

    endpoints: Sequence[Endpoint]
    start_tls: bool
    plaintext: bool = False
    ca_file: str | None = None
    tls_name: str | None = None
    connect_seconds: int = 3
    receive_seconds: int = 10


@dataclass(slots=True)
class Link:
    """An open connection with its deadline. `receive` is what the reader reads from."""

    connection: "Connection"
    endpoint: Endpoint
    deadline: Deadline
    receive_seconds: float
    references: int = 0

    def send(self, message: bytes) -> None:
        try:
            self._socket().sendall(message)
        except OSError as error:
            raise DirectoryDown(f"{self.endpoint}: {error}") from error

    def receive(self, size: int) -> bytes:
        try:
            return self._socket().recv(size)
        except TimeoutError as error:
            raise DirectoryDown(f"{self.endpoint}: no answer in time") from error
        except OSError as error:
            raise DirectoryDown(f"{self.endpoint}: {error}") from error

    def next_id(self) -> int:
        return int(self.connection.server.next_message_id())

    def close(self) -> None:
        try:
            self.connection.unbind()
        except (ldap3_errors.LDAPExceptionError, OSError, AttributeError):
            _drop(self.connection)

    def _socket(self) -> socket.socket:
        left = self.deadline.left
        if not left:
            raise DirectoryDown(f"{self.endpoint}: the time for this operation is over")
        found: socket.socket | None = self.connection.socket
        if found is None:
            raise DirectoryDown(f"{self.endpoint}: the connection is closed")
        found.settimeout(min(left, self.receive_seconds))
        return found


_avoided: dict[Endpoint, float] = {}  # servers that failed just now are asked last


def forget_failures() -> None:
    """Ask all servers in their order again."""
    _avoided.clear()


@contextmanager
def linked(route: Route, credentials: Credentials | None, deadline: Deadline) -> Iterator[Link]:
    """A bound connection to the first server that works; closed at the end."""
    link = _first_link(route, credentials, deadline)
    try:
        yield link
    finally:
        link.close()


def _first_link(route: Route, credentials: Credentials | None, deadline: Deadline) -> Link:
    problems: list[DirectoryError] = []
    now = time.monotonic()
    for endpoint in sorted(route.endpoints, key=lambda one: _avoided.get(one, 0.0) > now):
        try:
            link = _open(route, endpoint, deadline)
        except (DirectoryDown, TlsRefused) as error:
            _avoided[endpoint] = now + AVOID_SECONDS
            problems.append(error)
            continue
        try:
            bind(link, credentials)
        except DirectoryError as error:
            link.close()
            if isinstance(error, BindRefused) and error.code not in _TRY_NEXT:
                raise
            problems.append(error)
        else:
            _avoided.pop(endpoint, None)
            return link
    words = "; ".join(str(problem) for problem in problems) or "no server is configured"
    only_tls = bool(problems) and all(isinstance(problem, TlsRefused) for problem in problems)
    raise TlsRefused(words) if only_tls else DirectoryDown(words)


def _open(route: Route, endpoint: Endpoint, deadline: Deadline) -> Link:
    """Connect and encrypt; nothing that identifies anybody has been sent when this returns."""
    left = deadline.left
    if not left:
        raise DirectoryDown(f"{endpoint}: the time for this operation is over")
    tls = StrictTls(route.ca_file, route.tls_name)
    seconds = max(1, min(route.receive_seconds, int(left)))
    connection = _connection(route, endpoint, tls, seconds)
    try:
        connection.open(read_server_info=False)
        if route.start_tls and not endpoint.ldaps:
            connection.start_tls(read_server_info=False)
    except (ldap3_errors.LDAPExceptionError, OSError) as error:
        _drop(connection)
        if tls.problem:
            raise TlsRefused(f"{endpoint}: {tls.problem}") from error
        if isinstance(error, ldap3_errors.LDAPStartTLSError):
            raise TlsRefused(f"{endpoint}: the server does not offer StartTLS ({error})") from error
        raise DirectoryDown(f"{endpoint}: {error}") from error
    if not isinstance(connection.socket, ssl.SSLSocket) and not _may_be_plain(route, endpoint):
        _drop(connection)
        raise TlsRefused(f"{endpoint}: the connection is not encrypted")
    return Link(connection, endpoint, deadline, route.receive_seconds)


def _drop(connection: "Connection") -> None:
    """Close a connection in any state; ldap3 forgets the socket of one that failed to open."""
    found: socket.socket | None = connection.socket
    connection.strategy.close()
    if found is not None:
        found.close()


def _connection(
    route: Route, endpoint: Endpoint, tls: StrictTls, receive_seconds: int
) -> "Connection":
    server = ldap3.Server(
        endpoint.host,
        port=endpoint.port,
        use_ssl=endpoint.ldaps,
        tls=tls,
        get_info=ldap3.NONE,
        connect_timeout=route.connect_seconds,
    )
    return ldap3.Connection(
        server,
        client_strategy=ldap3.SYNC,
        check_names=False,
        auto_referrals=False,
        auto_range=False,
        return_empty_attributes=False,
        read_only=True,
        receive_timeout=receive_seconds,
    )


def _may_be_plain(route: Route, endpoint: Endpoint) -> bool:
    return route.plaintext and endpoint.host in LOOPBACK


def bind(link: Link, credentials: Credentials | None) -> None:
    """Bind with a password, or anonymously when there are no credentials; only result 0 counts."""
    connection = link.connection
    if credentials is not None:
        if not credentials.dn or not credentials.password:
            raise BindRefused(49, "an empty name or password is never sent")
        connection.user, connection.password = credentials.dn, credentials.password
        connection.authentication = ldap3.SIMPLE
    try:
        connection.bind(read_server_info=False)
    except (ldap3_errors.LDAPExceptionError, OSError, ValueError) as error:
        raise DirectoryDown(f"{link.endpoint}: {error}") from error
    finally:
        connection.password = None
    answer = connection.result or {}
    if answer.get("result") != 0:
        raise BindRefused(int(answer.get("result", -1)), str(answer.get("message") or ""))

"""A scripted LDAP peer on a real socket: answers what no honest server would."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rse.ldap import ber
from rse.ldap.ber import integer, octets, tlv
from rse.ldap.errors import ProtocolError

BIND_REQUEST, BIND_RESPONSE, EXTENDED_REQUEST = 0x60, 0x61, 0x77
Answer = Callable[[ber.Reply], list[bytes]]


def message(number: int, body: bytes, controls: bytes = b"") -> bytes:
    return tlv(
        ber.SEQUENCE, integer(number) + body + (tlv(ber.CONTROLS, controls) if controls else b"")
    )


def result(tag: int, code: int = 0, words: str = "") -> bytes:
    return tlv(tag, integer(code, ber.ENUMERATED) + octets("") + octets(words))


def entry(dn: str, /, **attributes: list[bytes]) -> bytes:
    body = b"".join(
        tlv(
            ber.SEQUENCE,
            octets(name.replace("__", ";")) + tlv(ber.SET, b"".join(map(octets, values))),
        )
        for name, values in attributes.items()
    )
    return tlv(ber.SEARCH_ENTRY, octets(dn) + tlv(ber.SEQUENCE, body))


def ranged(dn: str, name: str, values: list[bytes]) -> bytes:
    body = tlv(ber.SEQUENCE, octets(name) + tlv(ber.SET, b"".join(map(octets, values))))
    return tlv(ber.SEARCH_ENTRY, octets(dn) + tlv(ber.SEQUENCE, body))


def cookie(value: bytes) -> bytes:
    return ber.control(ber.PAGED, tlv(ber.SEQUENCE, integer(0) + octets(value)), critical=False)


def done(number: int, code: int = 0, page: bytes | None = None, words: str = "") -> bytes:
    return message(
        number, result(ber.SEARCH_DONE, code, words), b"" if page is None else cookie(page)
    )


class Peer:
    """`on_search` gives the bytes that answer a search; binds succeed unless told otherwise.

    What comes in is kept.
    """

    def __init__(
        self, on_search: Answer, on_extended: Answer | None, on_bind: Answer | None
    ) -> None:
        self.on_search, self.on_extended, self.on_bind = on_search, on_extended, on_bind
        self.received: list[int] = []
        self.raw = bytearray()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        def receive(size: int) -> bytes:
            data = connection.recv(size)
            self.raw.extend(data)
            return data

        try:
            for request in ber.replies(receive):
                self.received.append(request.tag)
                answers = self._answers(request)
                for data in answers:
                    connection.sendall(data)
                if answers and answers[-1] == b"":
                    connection.close()
                    return
        except (OSError, ProtocolError):
            connection.close()

    def _answers(self, request: ber.Reply) -> list[bytes]:
        if request.tag == BIND_REQUEST:
            if self.on_bind:
                return self.on_bind(request)
            return [message(request.message_id, result(BIND_RESPONSE))]
        if request.tag == EXTENDED_REQUEST and self.on_extended:
            return self.on_extended(request)
        return self.on_search(request) if request.tag == ber.SEARCH_REQUEST else []


@contextmanager
def peer(
    on_search: Answer, on_extended: Answer | None = None, on_bind: Answer | None = None
) -> Iterator[Peer]:
    running = Peer(on_search, on_extended, on_bind)
    try:
        yield running
    finally:
        running.stop()

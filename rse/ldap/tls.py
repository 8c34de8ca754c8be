"""Encryption that is verified or refused: chain, name and version, for ldaps and StartTLS alike."""

import socket
import ssl
from typing import TYPE_CHECKING

from rse.ldap.errors import TlsRefused
from rse.ldap.library import ldap3

if TYPE_CHECKING:
    from ldap3 import Connection, Tls
else:
    Tls = ldap3.Tls


class StrictTls(Tls):
    """Replaces ldap3's own, which trusts anybody, sends no name and mistrusts addresses.

    `problem` keeps what went wrong in words, because ldap3 wraps and renames the exception.
    """

    def __init__(self, ca_file: str | None, name: str | None) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        try:
            self.context = ssl.create_default_context(cafile=ca_file)
        except OSError as error:  # absent, unreadable, or no certificate in it
            raise TlsRefused(
                f"{ca_file}: the CA file cannot be read: {error.strerror or error}"
            ) from error
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.name = name
        self.problem = ""

    def wrap_socket(self, connection: "Connection", do_handshake: bool = False) -> None:
        plain = connection.socket
        if plain.family != socket.AF_UNIX:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connection.socket = self.context.wrap_socket(
                plain, server_hostname=self.name or connection.server.host
            )
        except (ssl.SSLError, OSError, ValueError) as error:
            self.problem = _words(error)
            raise


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "the TLS handshake took too long"
    return f"no TLS with this server: {error.__class__.__name__}: {error}"

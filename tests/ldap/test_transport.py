"""Reaching a directory over real sockets: trusted or refused, never in plaintext,
the next server when one fails.
"""

import time
from dataclasses import replace

import pytest

from rse.ldap import ber
from rse.ldap.deadline import Deadline
from rse.ldap.errors import BindRefused, DirectoryDown, DirectoryError, TlsRefused
from rse.ldap.reader import Reader
from rse.ldap.transport import Credentials, Endpoint, Link, Route, linked
from tests.ldap.conftest import StartSlapd
from tests.ldap.peer import EXTENDED_REQUEST, message, peer, result
from tests.testenv.authority import Authority
from tests.testenv.processes import free_port
from tests.testenv.slapd import SlapdServer

pytestmark = pytest.mark.ldap


def route(*urls: str, start_tls: bool = False, ca_file: object = None, **more: object) -> Route:
    found = Route(
        [Endpoint.parse(url) for url in urls], start_tls, ca_file=str(ca_file) if ca_file else None
    )
    return replace(found, connect_seconds=1, receive_seconds=1, **more)  # type: ignore[arg-type]


def service(server: SlapdServer) -> Credentials:
    return Credentials(server.sync_dn, server.sync_password.encode())


def connect(chosen: Route, credentials: Credentials | None = None) -> str:
    """Bind, read the root entry, say which server answered."""
    with linked(chosen, credentials, Deadline(5)) as link:
        assert Reader(link).root().values("namingContexts")
        return str(link.endpoint)


def test_ldaps_and_start_tls_work_with_the_right_authority(slapd: SlapdServer) -> None:
    assert connect(route(slapd.ldaps_url, ca_file=slapd.ca_file), service(slapd)) == slapd.ldaps_url
    assert (
        connect(route(slapd.url, start_tls=True, ca_file=slapd.ca_file), service(slapd))
        == slapd.url
    )


def test_an_unknown_authority_is_refused(
    slapd: SlapdServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    foreign = Authority(tmp_path_factory.mktemp("foreign"), "Foreign CA")
    for chosen in (
        route(slapd.ldaps_url, ca_file=foreign.ca_file),
        route(slapd.url, start_tls=True, ca_file=foreign.ca_file),
        route(slapd.ldaps_url),
    ):
        with pytest.raises(TlsRefused, match="not trusted"):
            connect(chosen, service(slapd))


def test_a_certificate_for_another_name_is_refused_unless_that_name_is_expected(
    start_slapd: StartSlapd,
) -> None:
    server = start_slapd(names=["dc1.ostrelle.example"])
    with pytest.raises(TlsRefused, match="not trusted"):
        connect(route(server.ldaps_url, ca_file=server.ca_file), service(server))
    connect(
        route(server.ldaps_url, ca_file=server.ca_file, tls_name="dc1.ostrelle.example"),
        service(server),
    )


def test_plaintext_needs_its_setting_and_loopback(slapd: SlapdServer) -> None:
    with pytest.raises(TlsRefused, match="not encrypted"):
        connect(route(slapd.url), service(slapd))
    connect(route(slapd.url, plaintext=True), service(slapd))


def test_a_refused_start_tls_never_falls_back_to_plaintext() -> None:
    def refuse(request: ber.Reply) -> list[bytes]:
        return [message(request.message_id, result(ber.EXTENDED_RESPONSE, 53, "no TLS here"))]

    with peer(lambda _: [], refuse) as server:
        with pytest.raises(TlsRefused, match="does not offer StartTLS"):
            connect(
                route(server.url, start_tls=True), Credentials("cn=sync", b"the-service-password")
            )
        assert server.received == [EXTENDED_REQUEST]
        assert b"the-service-password" not in server.raw


def test_bytes_that_follow_the_start_tls_answer_in_plaintext_are_not_read_as_the_server_s() -> None:
    def inject(request: ber.Reply) -> list[bytes]:
        honest = message(request.message_id, result(ber.EXTENDED_RESPONSE))
        return [honest + message(request.message_id + 1, result(0x61))]

    with peer(lambda _: [], inject) as server:
        with pytest.raises(DirectoryError):
            connect(
                route(server.url, start_tls=True), Credentials("cn=sync", b"the-service-password")
            )
        assert b"the-service-password" not in server.raw


def test_the_next_server_is_asked_when_one_is_down_or_not_trusted(
    slapd: SlapdServer, start_slapd: StartSlapd
) -> None:
    dead = f"ldaps://127.0.0.1:{free_port()}"
    untrusted = start_slapd()
    chosen = route(dead, untrusted.ldaps_url, slapd.ldaps_url, ca_file=slapd.ca_file)
    assert connect(chosen, service(slapd)) == slapd.ldaps_url


def test_no_server_at_all_is_said_with_each_reason(slapd: SlapdServer) -> None:
    slapd.halt()
    with pytest.raises(DirectoryDown, match=str(slapd.tls_port)):
        connect(route(slapd.ldaps_url, ca_file=slapd.ca_file), service(slapd))


def test_a_wrong_service_password_is_not_tried_at_every_server(
    slapd: SlapdServer, start_slapd: StartSlapd
) -> None:
    wrong = Credentials(slapd.sync_dn, b"wrong")
    with pytest.raises(BindRefused) as refused:
        connect(route(slapd.ldaps_url, slapd.ldaps_url, ca_file=slapd.ca_file), wrong)
    assert refused.value.code == 49


@pytest.mark.parametrize("credentials", [Credentials("cn=a", b""), Credentials("", b"x")])
def test_an_empty_name_or_password_is_never_sent(
    start_slapd: StartSlapd, credentials: Credentials
) -> None:
    server = start_slapd(anonymous_binds=True)
    with pytest.raises(BindRefused, match="never sent"):
        connect(route(server.ldaps_url, ca_file=server.ca_file), credentials)


@pytest.mark.parametrize(
    "password", ["bl anks ", "u\u0308ml\u00e4ut\u00aa", "x" * 300, "pass\u00adword"]
)
def test_a_password_goes_over_the_wire_as_its_own_bytes(slapd: SlapdServer, password: str) -> None:
    dn = slapd.add_person("eva", "Eva Norrby", password)
    connect(route(slapd.ldaps_url, ca_file=slapd.ca_file), Credentials(dn, password.encode()))


def test_a_server_that_accepts_and_then_says_nothing_costs_seconds_not_for_ever() -> None:
    with peer(lambda _: []) as server:
        begun = time.monotonic()
        with pytest.raises(DirectoryDown, match="no answer in time"):
            connect(route(server.url, plaintext=True), Credentials("cn=a", b"b"))
        assert time.monotonic() - begun < 4


def test_another_thread_can_end_an_operation(slapd: SlapdServer) -> None:
    deadline = Deadline(60)
    with linked(route(slapd.ldaps_url, ca_file=slapd.ca_file), service(slapd), deadline) as link:
        deadline.cancel()
        with pytest.raises(DirectoryDown, match="is over"):
            _read(link)


def _read(link: Link) -> None:
    Reader(link).root()

"""Reading over real sockets: what is complete, and the odd servers whose answers are not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from rse.ldap import ber, filters
from rse.ldap.ber import Search
from rse.ldap.deadline import Deadline
from rse.ldap.entries import Entry
from rse.ldap.errors import DirectoryDown, DirectoryError, ProtocolError, SearchFailed
from rse.ldap.profiles import OPENLDAP
from rse.ldap.reader import Reader
from rse.ldap.transport import Credentials, Endpoint, Route, linked
from tests.ldap.conftest import StartSlapd
from tests.ldap.peer import Answer, Peer, done, entry, message, peer, ranged, result
from tests.testenv.slapd import SlapdServer

pytestmark = pytest.mark.ldap

EVERYTHING = filters.present("objectClass")


@contextmanager
def reading(server: SlapdServer) -> Iterator[Reader]:
    route = Route(
        [Endpoint.parse(server.ldaps_url)], False, ca_file=str(server.ca_file), receive_seconds=2
    )
    with linked(
        route, Credentials(server.sync_dn, server.sync_password.encode()), Deadline(10)
    ) as link:
        yield Reader(link)


@contextmanager
def reading_from(answer: Answer) -> Iterator[tuple[Reader, Peer]]:
    with peer(answer) as server:
        route = Route([Endpoint.parse(server.url)], False, plaintext=True, receive_seconds=1)
        with linked(route, None, Deadline(5)) as link:
            yield Reader(link), server


def read(reader: Reader, base: str, page_size: int = 3) -> tuple[list[str], DirectoryError | None]:
    """The names that came, and what cut the reading short."""
    found: list[str] = []
    try:
        for batch in reader.pages(Search(base, EVERYTHING, ["cn"]), page_size):
            found += [one.dn for one in batch]
    except DirectoryError as error:
        return found, error
    return found, None


def test_every_page_of_a_real_server_is_read(slapd: SlapdServer) -> None:
    for number in range(10):
        slapd.add_person(f"p{number}", f"Person {number}")
    with reading(slapd) as reader:
        found, trouble = read(reader, slapd.people_dn)
        assert trouble is None and len(found) == len(set(found)) == 13
        assert read(reader, slapd.people_dn, 500)[0] == found


def test_a_size_limit_delivers_some_and_says_that_it_is_not_all(start_slapd: StartSlapd) -> None:
    server = start_slapd(size_limit=4)
    for number in range(10):
        server.add_person(f"p{number}", f"Person {number}")
    with reading(server) as reader:
        found, trouble = read(reader, server.people_dn)
    assert 0 < len(found) <= 4
    assert (
        isinstance(trouble, SearchFailed)
        and trouble.code == 4
        and "service account" in str(trouble)
    )


def test_a_base_that_is_not_there_is_told_as_such(slapd: SlapdServer) -> None:
    with reading(slapd) as reader:
        found, trouble = read(reader, f"ou=nowhere,{slapd.suffix}")
    assert found == [] and isinstance(trouble, SearchFailed) and trouble.code == 32


def test_a_server_that_is_killed_between_two_pages_leaves_a_part(slapd: SlapdServer) -> None:
    for number in range(10):
        slapd.add_person(f"p{number}", f"Person {number}")
    with reading(slapd) as reader:
        pages = reader.pages(Search(slapd.people_dn, EVERYTHING, ["cn"]), 3)
        assert len(next(pages)) == 3
        slapd.kill()
        with pytest.raises(DirectoryDown):
            list(pages)


def test_a_person_is_found_by_id_after_a_move(slapd: SlapdServer) -> None:
    with reading(slapd) as reader:
        search = Search(slapd.people_dn, filters.eq("uid", "ada"), ["entryUUID"])
        (ada,) = reader.few(search)
        external_id = OPENLDAP.external_id(ada)
        assert external_id is not None
        moved = slapd.rename(ada.dn, "uid=ada", slapd.suffix)
        bases = [f"ou=nowhere,{slapd.suffix}", slapd.people_dn, slapd.suffix]
        assert reader.lookup(OPENLDAP, bases, external_id) == moved
        assert reader.lookup(OPENLDAP, [slapd.people_dn], external_id) is None


def test_the_same_cookie_for_ever_ends_and_is_not_complete() -> None:
    def answer(request: ber.Reply) -> list[bytes]:
        number = request.message_id
        return [message(number, entry("cn=a")), done(number, page=b"again")]

    with reading_from(answer) as (reader, server):
        found, trouble = read(reader, "dc=x")
    assert isinstance(trouble, ProtocolError) and "for ever" in str(trouble)
    assert len(found) == 2 and len(server.received) <= 4


def test_a_server_that_ignores_paging_is_read_to_its_end() -> None:
    def answer(request: ber.Reply) -> list[bytes]:
        return [message(request.message_id, entry(f"cn={n}")) for n in range(1200)] + [
            done(request.message_id)
        ]

    with reading_from(answer) as (reader, _):
        found, trouble = read(reader, "dc=x")
    assert trouble is None and len(found) == 1200


def test_a_server_that_refuses_paging_is_asked_without_it() -> None:
    def answer(request: ber.Reply) -> list[bytes]:
        if ber.controls(request):
            return [done(request.message_id, 12, words="no paging")]
        return [message(request.message_id, entry("cn=a")), done(request.message_id)]

    with reading_from(answer) as (reader, _):
        assert read(reader, "dc=x") == (["cn=a"], None)


def test_a_page_that_is_too_large_for_the_server_is_asked_for_smaller() -> None:
    sizes: list[int] = []

    def answer(request: ber.Reply) -> list[bytes]:
        value = ber.controls(request)[ber.PAGED]
        start, stop = ber.span(value, 0, len(value))
        first = next(ber.items(value, start, stop))
        sizes.append(int.from_bytes(value[first[1] : first[2]], "big"))
        if sizes[-1] > 500:
            return [done(request.message_id, 53, words="page too large")]
        return [message(request.message_id, entry("cn=a")), done(request.message_id, page=b"")]

    with reading_from(answer) as (reader, _):
        assert read(reader, "dc=x", 1000) == (["cn=a"], None)
    assert sizes == [1000, 200]


@pytest.mark.parametrize(
    "junk",
    [
        lambda _: b"\x30\x84\x80\x00\x00\x00",
        lambda _: b"\x30\x0a\x02\x01",
        lambda _: b"HTTP/1.1 200 OK\r\n\r\n",
        lambda number: message(number, b"\x6f\x00"),
        lambda number: message(number, b"\x64\x7f\x00"),
        lambda number: message(number + 5, result(ber.SEARCH_DONE)),
        lambda number: message(number, ber.tlv(ber.SEARCH_ENTRY, ber.octets("cn=a"))),
        lambda number: message(number, ber.tlv(ber.SEARCH_DONE, b"")),
    ],
)
def test_truncated_giant_and_foreign_answers_end_as_an_error_with_what_came_before(
    junk: Callable[[int], bytes],
) -> None:
    def answer(request: ber.Reply) -> list[bytes]:
        return [message(request.message_id, entry("cn=a")) * 500, junk(request.message_id), b""]

    with reading_from(answer) as (reader, _):
        found, trouble = read(reader, "dc=x")
    assert isinstance(trouble, ProtocolError | DirectoryDown) and len(found) == 500


def test_a_notice_of_disconnection_is_told_in_the_server_s_words() -> None:
    with reading_from(lambda _: [message(0, result(ber.EXTENDED_RESPONSE, 52, "going down"))]) as (
        reader,
        _,
    ):
        _, trouble = read(reader, "dc=x")
    assert isinstance(trouble, DirectoryDown) and "going down" in str(trouble)


def test_a_reference_to_another_server_is_counted_and_not_followed() -> None:
    with peer(lambda _: []) as elsewhere:
        reference = ber.tlv(ber.SEARCH_REFERENCE, ber.octets(f"{elsewhere.url}/dc=y"))

        def answer(request: ber.Reply) -> list[bytes]:
            return [
                message(request.message_id, reference),
                message(request.message_id, entry("cn=a")),
                done(request.message_id),
            ]

        with reading_from(answer) as (reader, _):
            assert read(reader, "dc=x") == (["cn=a"], None)
            assert reader.stream.link.references == 1
        with reading_from(lambda request: [done(request.message_id, 10)]) as (reader, _):
            assert isinstance(read(reader, "dc=x")[1], SearchFailed)
        assert elsewhere.received == []


def test_ranges_are_followed_to_their_end() -> None:
    def answer(request: ber.Reply) -> list[bytes]:
        wanted = request.buffer[request.start : request.end]
        name = "member;range=2-3" if b"range=2-" in wanted else "member;range=4-*"
        return [
            message(request.message_id, ranged("cn=g", name, [name.encode()])),
            done(request.message_id),
        ]

    with reading_from(answer) as (reader, _):
        whole, ended = reader.ranges(Entry("cn=g", {"member;range=0-1": [b"a", b"b"]}))
    assert ended and len(whole.values("member")) == 4


def test_a_range_that_breaks_off_leaves_the_group_partial() -> None:
    with reading_from(
        lambda request: [message(request.message_id, entry("cn=g")), done(request.message_id)]
    ) as (reader, _):
        whole, ended = reader.ranges(Entry("cn=g", {"member;range=0-1": [b"a", b"b"]}))
    assert not ended and len(whole.values("member")) == 2


def test_readers_work_side_by_side_in_threads(slapd: SlapdServer) -> None:
    counts: list[int] = []

    def work() -> None:
        with reading(slapd) as reader:
            counts.append(len(read(reader, slapd.people_dn)[0]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [3] * 4

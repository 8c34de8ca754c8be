"""Reading a directory: pages, ranges, look-ups; what ends without an exception is complete.

Complete means result code 0 on every page and an empty cookie on the last one; everything else
raises, after what was read so far has been delivered. Nothing here ever follows a referral.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rse.ldap import ber, filters
from rse.ldap.ber import Search
from rse.ldap.entries import Entry
from rse.ldap.errors import LIMITS, NO_SUCH_OBJECT, DirectoryDown, ProtocolError, SearchFailed
from rse.ldap.profiles import Profile
from rse.ldap.transport import Link

PAGING_REFUSED, UNWILLING = 12, 53
SMALL_PAGE = 200
BATCH = 500
MAX_RANGES = 1000


@dataclass(slots=True)
class _Answer:
    """One search's answer while it comes in."""

    entries: list[Entry] = field(default_factory=list)
    result: ber.Result | None = None
    cookie: bytes = b""


class _Stream:
    """The messages of one connection, with one decoder, because bytes may come ahead."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.replies = ber.replies(link.receive)
        self.names: dict[bytes, str] = {}

    def batches(
        self, search: Search, controls: Sequence[bytes], answer: _Answer
    ) -> Iterator[list[Entry]]:
        """Send a search and yield full batches; rest, result and cookie stay in `answer`."""
        number = self.link.next_id()
        self.link.send(search.encode(number, controls))
        while True:
            reply = self._next()
            if reply.message_id != number:
                raise _stranger(reply)
            if reply.tag == ber.SEARCH_ENTRY:
                answer.entries.append(Entry(*ber.entry(reply, self.names)))
                if len(answer.entries) >= BATCH:
                    yield answer.entries
                    answer.entries = []
            elif reply.tag == ber.SEARCH_DONE:
                answer.result = ber.result(reply)
                value = ber.controls(reply).get(ber.PAGED)
                answer.cookie = ber.page_cookie(value) if value else b""
                return
            elif reply.tag == ber.SEARCH_REFERENCE:
                self.link.references += 1
            else:
                raise ProtocolError(f"an answer of unknown kind {reply.tag:#x}")

    def _next(self) -> ber.Reply:
        try:
            return next(self.replies)
        except ConnectionError as error:
            raise DirectoryDown(f"{self.link.endpoint}: {error}") from error


def _stranger(reply: ber.Reply) -> Exception:
    if reply.message_id == 0 and reply.tag == ber.EXTENDED_RESPONSE:
        return DirectoryDown(f"the server ended the connection: {ber.result(reply).words}")
    return ProtocolError("an answer to another request")


class Reader:
    """All searches over one link."""

    def __init__(self, link: Link) -> None:
        self.stream = _Stream(link)

    def pages(self, search: Search, page_size: int) -> Iterator[list[Entry]]:
        """Yield a search's entries in batches, and end only when the answer is whole."""
        cookie, previous, delivered = b"", frozenset[str](), False
        while True:
            answer, page = _Answer(), set[str]()
            for batch in self.stream.batches(
                search, [ber.paged_control(page_size, cookie)], answer
            ):
                page.update(entry.dn for entry in batch)
                delivered = True
                yield batch
            page.update(entry.dn for entry in answer.entries)
            code = answer.result.code if answer.result else -1
            if not cookie and not delivered and self._may_retry(code, page_size):
                yield from self._smaller(search, code)
                return
            if answer.entries:
                delivered = True
                yield answer.entries
            _must_be_success(answer.result)
            if not answer.cookie:
                return
            if answer.cookie == cookie and page <= previous:
                raise ProtocolError("the server repeats one page for ever")
            cookie, previous = answer.cookie, frozenset(page)

    @staticmethod
    def _may_retry(code: int, page_size: int) -> bool:
        return code == PAGING_REFUSED or (code in LIMITS | {UNWILLING} and page_size > SMALL_PAGE)

    def _smaller(self, search: Search, code: int) -> Iterator[list[Entry]]:
        """The server refused our page size or paging itself: once more with less."""
        if code == PAGING_REFUSED:
            yield from self.whole(search)
        else:
            yield from self.pages(search, SMALL_PAGE)

    def whole(self, search: Search) -> Iterator[list[Entry]]:
        """A search without paging."""
        answer = _Answer()
        yield from self.stream.batches(search, (), answer)
        if answer.entries:
            yield answer.entries
        _must_be_success(answer.result)

    def few(self, search: Search) -> list[Entry]:
        """The entries of a search with a size limit; reaching it is an answer, not an error."""
        answer, found = _Answer(), list[Entry]()
        for batch in self.stream.batches(search, (), answer):
            found += batch
        found += answer.entries
        if answer.result is None or answer.result.code != 4 or not search.size_limit:
            _must_be_success(answer.result)
        return found

    def root(self) -> Entry:
        """The root entry: what the server says of itself; an empty entry when it hides it."""
        wanted = ("namingContexts", "supportedControl", "supportedExtension", "vendorName",
                  "vendorVersion", "objectClass",
                  "domainFunctionality", "supportedCapabilities", "currentTime")  # fmt: skip
        try:
            found = self.few(
                Search("", filters.present("objectClass"), wanted, scope=0, size_limit=1)
            )
        except SearchFailed:
            found = []
        return found[0] if found else Entry("", {})

    def ranges(self, entry: Entry) -> tuple[Entry, bool]:
        """An entry with its ranged attributes read on, and whether they came to their end."""
        attributes = {
            name: list(found) for name, found in entry.attributes.items() if ";range=" not in name
        }
        whole = True
        for name in [name for name in entry.attributes if ";range=" in name]:
            plain, _, bounds = name.partition(";range=")
            found = entry.values(name)
            more, ended = self._rest(entry.dn, plain, bounds)
            attributes[plain] = attributes.get(plain, []) + found + more
            whole = whole and ended
        return Entry(entry.dn, attributes), whole

    def _rest(self, dn: str, attribute: str, bounds: str) -> tuple[list[bytes], bool]:
        """Follow ranges until one ends in `*`; an empty or missing one is not the end."""
        found: list[bytes] = []
        for _ in range(MAX_RANGES):
            last = bounds.partition("-")[2]
            if last == "*":
                return found, True
            if not last.isdigit():
                return found, False
            wanted = f"{attribute};range={int(last) + 1}-*"
            entries = self.few(Search(dn, filters.present("objectClass"), [wanted], scope=0))
            values = entries[0].attributes if entries else {}
            name = next((name for name in values if name.startswith(f"{attribute};range=")), None)
            if name is None or not values[name]:
                return found, False
            found += values[name]
            bounds = name.partition(";range=")[2]
        return found, False

    def lookup(self, profile: Profile, bases: Sequence[str], external_id: str) -> str | None:
        """The DN under which an id lives now, anywhere in these bases; None when it is nowhere."""
        for base in bases:
            search = Search(
                base, profile.id_filter(external_id), [profile.id_attribute], size_limit=1
            )
            try:
                found = self.few(search)
            except SearchFailed as error:
                if error.code == NO_SUCH_OBJECT:
                    continue
                raise
            if found:
                return found[0].dn
        return None


def _must_be_success(result: ber.Result | None) -> None:
    if result is None:
        raise ProtocolError("a search without a result")
    if result.code != 0:
        raise SearchFailed(result.code, result.words)

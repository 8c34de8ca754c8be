"""One reading of a directory: groups, people, and a look-up of those not seen. Blocking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from rse.ldap import groups, names, reconcile
from rse.ldap.ber import Search
from rse.ldap.deadline import Deadline
from rse.ldap.directory import Directory
from rse.ldap.entries import Entry
from rse.ldap.errors import (
    NO_SUCH_OBJECT,
    DirectoryDown,
    DirectoryError,
    ProtocolError,
    SearchFailed,
)
from rse.ldap.groups import GroupGraph, Membership
from rse.ldap.guard import MAX_LOOKUPS
from rse.ldap.mapping import Candidate, Rejected
from rse.ldap.plan import Findings, Grant, Index, Known, Place, Status
from rse.ldap.reader import Reader
from rse.ldap.transport import linked

SETTLED = frozenset({Status.ACTIVE, Status.DISABLED})
_BROKEN = "the connection broke"
_NOBODY = Membership(frozenset(), frozenset(), frozenset(), certain=False)


@dataclass(slots=True)
class Reading:
    """What one reading brought, and what cut it short."""

    candidates: list[Candidate] = field(default_factory=list)
    unchanged: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    excluded: int = 0
    trouble: str = ""
    server: str = ""
    referrals: int = 0
    findings: Findings = field(default_factory=lambda: Findings(candidates=[]))


def read(directory: Directory, index: Index, now: datetime, deadline: Deadline) -> Reading:
    """Read everything.

    Raises when nothing can be said at all: server down, no trust, a base that is not there.
    """
    reading = Reading()
    with linked(directory.route, directory.credentials(), deadline) as link:
        reader = Reader(link)
        reading.server = str(link.endpoint)
        graph = read_groups(directory, reader, reading) if directory.reads_groups else None
        _people(directory, reader, index.known, now, reading)
        reading.findings = findings(directory, reading, graph)
        if reading.findings.complete:
            confirmed = _confirm(directory, reader, index, reading)
            reading.findings = replace(reading.findings, confirmed=confirmed)
        reading.referrals = link.references
    return reading


def read_groups(directory: Directory, reader: Reader, reading: Reading) -> GroupGraph:
    """All groups; the graph knows when it is not the whole of them."""
    found = []
    for base in directory.settings.groups.bases:
        search = Search(base, directory.profile.group_filter, groups.attributes(directory.profile))
        for entry in _all(reader, search, directory.settings.page_size, reading):
            whole, ended = reader.ranges(entry)
            found.append(groups.read(directory.profile, whole, partial=not ended))
    return GroupGraph.of(found, complete=not reading.trouble)


def _people(
    directory: Directory,
    reader: Reader,
    known: Mapping[str, Known],
    now: datetime,
    reading: Reading,
) -> None:
    for base in directory.settings.users.bases:
        search = Search(base, directory.user_filter, directory.mapper.attributes)
        for entry in _all(reader, search, directory.settings.page_size, reading):
            if directory.exclude and directory.excludes(names.key(entry.dn)):
                reading.excluded += 1
            else:
                _person(directory, entry, known, now, reading)


def _person(
    directory: Directory, entry: Entry, known: Mapping[str, Known], now: datetime, reading: Reading
) -> None:
    """Most entries of most runs are as they were: those cost one digest and one look-up."""
    external_id = directory.profile.external_id(entry)
    before = known.get(external_id) if external_id else None
    if external_id and before is not None and _is_settled(directory, entry, before, now):
        reading.unchanged.add(external_id)
        return
    read = directory.mapper.read(entry, now)
    if isinstance(read, Rejected):
        reading.rejected.append(read)
    else:
        reading.candidates.append(read)


def _is_settled(directory: Directory, entry: Entry, before: Known, now: datetime) -> bool:
    """Whether nothing here can lead to a change; an expiry passes without one of the entry."""
    if (
        before.status not in SETTLED
        or before.account_id is None
        or before.digest != directory.mapper.digest(entry)
    ):
        return False
    return (directory.profile.status(entry, now) is None) == (before.status is Status.ACTIVE)


def _all(reader: Reader, search: Search, page_size: int, reading: Reading) -> Iterator[Entry]:
    """Every entry of a search; what cuts it short is kept as trouble.

    A base that isn't there fails the whole run.
    """
    if reading.trouble.startswith(_BROKEN):
        return
    try:
        for batch in reader.pages(search, page_size):
            yield from batch
    except SearchFailed as error:
        if error.code == NO_SUCH_OBJECT:
            raise SearchFailed(
                error.code, f"{search.base} does not exist, or may not be read"
            ) from error
        reading.trouble = f"{search.base}: {error}"
    except (DirectoryDown, ProtocolError) as error:
        reading.trouble = f"{_BROKEN} while {search.base} was read: {error}"


def findings(directory: Directory, reading: Reading, graph: GroupGraph | None) -> Findings:
    chosen = directory.settings
    access = None
    if graph is not None and chosen.users.require_groups:
        access = [
            _required(graph, group, nested=chosen.groups.nested)
            for group in chosen.users.require_groups
        ]
    grants = [
        Grant(
            one.group,
            graph.membership(one.group, nested=chosen.groups.nested) if graph else None,
            one.strict,
        )
        for one in chosen.grants
    ]
    places = [
        Place(
            one.group,
            one.space,
            graph.membership(one.group, nested=chosen.groups.nested) if graph else None,
            one.strict,
        )
        for one in chosen.spaces
    ]
    return Findings(
        candidates=reading.candidates,
        unchanged=frozenset(reading.unchanged),
        rejected=reading.rejected,
        complete=not reading.trouble,
        access=access,
        grants=grants,
        places=places,
    )


def _required(graph: GroupGraph, group: str, *, nested: bool) -> Membership:
    """A group that gives access must be there: a missing group is not an empty group."""
    found = graph.membership(group, nested=nested)
    if found is None and graph.complete:
        raise DirectoryError(f"the group {group!r} that gives access was not found exactly once")
    return found or _NOBODY


def _confirm(
    directory: Directory, reader: Reader, index: Index, reading: Reading
) -> dict[str, str]:
    """Look up by id whom the search did not bring: "" when gone, else where they are now."""
    wanted = [
        one
        for one in reconcile.unseen(index, reading.findings)
        if index.known[one].account_id is not None
    ]
    if len(wanted) > MAX_LOOKUPS:
        return dict.fromkeys(
            wanted, ""
        )  # the guard stops a plan of this size; nobody is removed unconfirmed
    bases = [*directory.settings.users.bases, *_contexts(reader)]
    confirmed: dict[str, str] = {}
    for external_id in wanted:
        try:
            dn = reader.lookup(directory.profile, bases, external_id)
        except DirectoryError as error:
            reading.trouble = f"a look-up failed: {error}"
            return confirmed
        confirmed[external_id] = "" if dn is None else _where(directory, dn)
    return confirmed


def _contexts(reader: Reader) -> list[str]:
    return [value.decode("utf-8", "replace") for value in reader.root().values("namingcontexts")]


def _where(directory: Directory, dn: str) -> str:
    key = names.key(dn)
    if directory.excludes(key):
        return f"moved to {dn}, which is excluded"
    if any(names.is_under(key, names.key(base)) for base in directory.settings.users.bases):
        return f"{dn} no longer matches the filter"
    return f"moved to {dn}, outside of the configured bases"

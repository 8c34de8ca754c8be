"""`rse ldap check`: each step from a server's name to a readable person, and its remedy."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rse.kernel import clock
from rse.ldap import ber, profiles, survey
from rse.ldap.ber import Search
from rse.ldap.deadline import Deadline
from rse.ldap.directory import Directory
from rse.ldap.entries import Entry
from rse.ldap.errors import BindRefused, DirectoryDown, DirectoryError, TlsRefused
from rse.ldap.mapping import Candidate
from rse.ldap.reader import Reader
from rse.ldap.survey import Reading
from rse.ldap.transport import Endpoint, Link, linked

SAMPLE = 5
DAYS_BEFORE_EXPIRY = 21


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check: what was looked at, how it is, and what to do about it."""

    what: str
    well: bool
    words: str
    remedy: str = ""


def check(directory: Directory, deadline: Deadline) -> list[Finding]:
    """Look at each server alone, then read through the first that works.

    Blocking; writes nothing anywhere.
    """
    found = [_server(directory, endpoint, deadline) for endpoint in directory.route.endpoints]
    if not any(finding.well for finding in found):
        return found
    try:
        with linked(directory.route, directory.credentials(), deadline) as link:
            found += _contents(directory, link)
    except DirectoryError as error:
        found.append(Finding("reading", False, str(error), "see the line above"))
    return found


def _server(directory: Directory, endpoint: Endpoint, deadline: Deadline) -> Finding:
    """One server's name, connection, certificate and service account, in that order."""
    what = f"server {endpoint}"
    try:
        socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
        with linked(
            replace(directory.route, endpoints=[endpoint]), directory.credentials(), deadline
        ) as link:
            return _certificate(what, link)
    except socket.gaierror as error:
        return Finding(
            what,
            False,
            f"the name is unknown: {error.strerror}",
            "check the name and the machine's DNS",
        )
    except TlsRefused as error:
        return Finding(
            what, False, str(error), "set ca_file to the CA that issued the server's certificate"
        )
    except BindRefused as error:
        return Finding(what, False, str(error), "check bind_dn and the password file")
    except DirectoryDown as error:
        return Finding(what, False, str(error), "check address, port and firewall")
    except DirectoryError as error:
        return Finding(what, False, str(error), "check the settings")


def _certificate(what: str, link: Link) -> Finding:
    connection = link.connection.socket
    if not isinstance(connection, ssl.SSLSocket):
        return Finding(what, True, "connected and bound, WITHOUT encryption on loopback")
    expires = ssl.cert_time_to_seconds(str((connection.getpeercert() or {})["notAfter"]))
    days = (datetime.fromtimestamp(expires, UTC) - clock.now()).days
    words = f"connected, {connection.version()}, bound; the certificate lasts {days} days"
    return Finding(what, days > DAYS_BEFORE_EXPIRY, words, "renew the server's certificate")


def _contents(directory: Directory, link: Link) -> Iterator[Finding]:
    reader = Reader(link)
    root = reader.root()
    yield _kind(directory, root)
    paged = ber.PAGED.encode() in root.values("supportedcontrol")
    yield Finding(
        "paging", True, "offered" if paged else "not offered: everything comes in one answer"
    )
    reading = Reading()
    if directory.reads_groups:
        yield from _groups(directory, reader, reading)
    for base in directory.settings.users.bases:
        yield from _base(directory, reader, base)
    if "memberof" in directory.settings.users.filter.lower():
        words = "entering or leaving the group leaves no trace on the person's entry"
        yield Finding("filter with memberOf", False, words, "use require_groups instead")


def _kind(directory: Directory, root: Entry) -> Finding:
    guess, chosen = profiles.detect(root), directory.profile.name
    well = guess in (chosen, "generic")
    return Finding(
        "profile", well, f"{chosen}; the server looks like {guess}", f'set profile = "{guess}"'
    )


def _groups(directory: Directory, reader: Reader, reading: Reading) -> Iterator[Finding]:
    graph = survey.read_groups(directory, reader, reading)
    words = f"{len(graph.by_dn)} groups{'' if graph.complete else ', and then: ' + reading.trouble}"
    yield Finding("groups", graph.complete, words, "ask for higher limits for the service account")
    wanted = [
        *directory.settings.users.require_groups,
        *(grant.group for grant in directory.settings.grants),
    ]
    for name in wanted:
        found = graph.membership(name, nested=directory.settings.groups.nested)
        words = (
            "not found exactly once"
            if found is None
            else f"{len(found.people)} members with all sub-groups"
        )
        circle = ", with a circle" if found and found.circular else ""
        yield Finding(
            f"group {name}", found is not None, words + circle, "give its DN instead of its name"
        )


def _base(directory: Directory, reader: Reader, base: str) -> Iterator[Finding]:
    """Up to five people, and which of the attributes we ask for can be read of them."""
    what = f"people in {base}"
    try:
        search = Search(base, directory.user_filter, directory.mapper.attributes, size_limit=SAMPLE)
        entries = reader.few(search)
    except DirectoryError as error:
        yield Finding(
            what, False, str(error), "check the base and the rights of the service account"
        )
        return
    yield Finding(
        what, bool(entries), f"a sample of {len(entries)}", "check base, filter and rights"
    )
    for entry in entries:
        read = directory.mapper.read(entry, clock.now())
        if isinstance(read, Candidate):
            shown = f"{read.login}: {read.display_name}, {read.mail or 'no mail address'}"
            yield Finding(entry.dn, True, shown + (f" ({read.inactive})" if read.inactive else ""))
        else:
            yield Finding(
                entry.dn,
                False,
                read.reason,
                "check the mapping and the rights of the service account",
            )

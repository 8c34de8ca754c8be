"""`rse ldap explain`: why one person is here or not, by the very rules of a run."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from rse.identity.people import login_key as account_key
from rse.kernel import clock
from rse.ldap import filters, names, queries, reconcile, runs, survey
from rse.ldap.ber import Search
from rse.ldap.deadline import Deadline
from rse.ldap.directory import Directory
from rse.ldap.entries import Entry
from rse.ldap.errors import NO_SUCH_OBJECT, SearchFailed
from rse.ldap.finding import find_one
from rse.ldap.mapping import Candidate, Rejected
from rse.ldap.models import DirectoryIdentity
from rse.ldap.names import DnSyntax
from rse.ldap.plan import Findings
from rse.ldap.reader import Reader
from rse.ldap.survey import Reading
from rse.ldap.threads import sign_ins
from rse.ldap.transport import linked


@dataclass(frozen=True, slots=True)
class _Sight:
    """What the directory shows of one person just now."""

    steps: list[str]
    candidate: Candidate | None = None
    findings: Findings | None = None


async def explain(directory: Directory, who: str) -> list[str]:
    """Lines for an administrator about a login, mail address, DN or id."""
    stored = await _stored(directory, who)

    def look(deadline: Deadline) -> _Sight:
        return _look(directory, who, stored.external_id if stored else None, deadline)

    sight = await sign_ins.run(look, directory.settings.timeouts.run)
    lines = list(sight.steps)
    if sight.candidate and sight.findings:
        lines += await _verdict(directory, sight.candidate, sight.findings)
    external_id = (
        sight.candidate.external_id if sight.candidate else stored.external_id if stored else None
    )
    if external_id:
        lines += [line async for line in _history(directory, external_id)]
    return lines


async def _stored(directory: Directory, who: str) -> DirectoryIdentity | None:
    known = DirectoryIdentity.filter(directory=directory.name)
    for wanted in ({"external_id": who}, {"login": who}, {"mail": who}, {"dn": who}):
        found = await known.filter(**wanted).first()
        if found is not None:
            return found
    return None


def _look(directory: Directory, who: str, external_id: str | None, deadline: Deadline) -> _Sight:
    with linked(directory.route, directory.credentials(), deadline) as link:
        reader = Reader(link)
        entries = _entries(directory, reader, who, external_id)
        if len(entries) != 1:
            found = ", ".join(entry.dn for entry in entries) or "nothing"
            return _Sight([f"search: {found} – exactly one entry is needed"])
        entry = entries[0]
        steps = [f"entry: {entry.dn}", *_scope(directory, reader, entry)]
        read = directory.mapper.read(entry, clock.now())
        if isinstance(read, Rejected):
            return _Sight([*steps, f"mapping: {read.reason}"])
        steps += _mapped(directory, read)
        reading = Reading()
        graph = survey.read_groups(directory, reader, reading) if directory.reads_groups else None
        findings = survey.findings(
            directory, Reading(candidates=[read], trouble="one person only"), graph
        )
        return _Sight([*steps, *_access(directory, findings, read)], read, findings)


def _entries(
    directory: Directory, reader: Reader, who: str, external_id: str | None
) -> list[Entry]:
    """By id where we know one, by DN where it is one, else as at sign-in."""
    dn = who if _is_dn(who) else None
    if external_id:
        contexts = [
            value.decode("utf-8", "replace") for value in reader.root().values("namingcontexts")
        ]
        dn = reader.lookup(
            directory.profile, [*directory.settings.users.bases, *contexts], external_id
        )
    if dn is None:
        return find_one(directory, reader, who)
    try:
        return reader.few(
            Search(dn, filters.present("objectClass"), directory.mapper.attributes, scope=0)
        )
    except SearchFailed as error:
        if error.code == NO_SUCH_OBJECT:
            return []
        raise


def _is_dn(who: str) -> bool:
    try:
        return "=" in who and bool(names.parse(who))
    except DnSyntax:
        return False


def _scope(directory: Directory, reader: Reader, entry: Entry) -> Iterator[str]:
    key = names.key(entry.dn)
    inside = [
        base for base in directory.settings.users.bases if names.is_under(key, names.key(base))
    ]
    yield f"base: {'inside ' + inside[0] if inside else 'OUTSIDE of every base'}"
    if directory.excludes(key):
        yield "exclude: lies in an EXCLUDED part of the tree"
    parts = [("profile's filter", directory.profile.user_filter)]
    if directory.settings.users.filter:
        parts.append(
            (
                f"filter {directory.settings.users.filter}",
                filters.parse(directory.settings.users.filter),
            )
        )
    for words, part in parts:
        matches = bool(reader.few(Search(entry.dn, part, ["objectClass"], scope=0)))
        yield f"{words}: {'matches' if matches else 'does NOT match'}"


def _mapped(directory: Directory, read: Candidate) -> Iterator[str]:
    shown = {
        "login": read.login,
        "display_name": read.display_name,
        "mail": read.mail or "",
        "title": read.title,
    }
    for field, value in shown.items():
        used = ", ".join(sorted(directory.mapper.templates[field].attributes))
        yield f"{field}: {value!r} from {used}"
    yield from (f"warning: {words}" for words in read.warnings)
    yield f"status: {read.inactive or 'active'}"


def _access(directory: Directory, findings: Findings, read: Candidate) -> Iterator[str]:
    for name, membership in zip(
        directory.settings.users.require_groups, findings.access or (), strict=False
    ):
        belongs = membership.has(read.dn_key, read.login_key, read.primary_group)
        yield f"group {name}, gives access: {_belongs(belongs)}"
    for grant in findings.grants:
        known = grant.membership
        belongs = known is not None and known.has(read.dn_key, read.login_key, read.primary_group)
        yield f"group {grant.group}, makes administrators: {_belongs(belongs)}"


def _belongs(yes: bool) -> str:
    return "belongs" if yes else "does NOT belong"


async def _verdict(directory: Directory, candidate: Candidate, findings: Findings) -> list[str]:
    """What a run would do now with this one person."""
    key = {candidate.login_key, account_key(candidate.login)}
    index = await queries.index_of(
        directory.name, directory.source, candidate.external_id, key, candidate.mail
    )
    plan = reconcile.plan(index, findings, runs.policy(directory))
    changes = [
        f"{change.kind}{': ' + change.reason if change.reason else ''}" for change in plan.changes
    ]
    skipped = [f"nothing: {reason}" for reason in plan.skipped]
    return [
        f"a run would: {', '.join(changes or skipped or ['change nothing'])}",
        *(f"warning: {one}" for one in plan.warnings),
    ]


async def _history(directory: Directory, external_id: str) -> AsyncIterator[str]:
    identity = await DirectoryIdentity.get_or_none(
        directory=directory.name, external_id=external_id
    )
    yield f"known here as: {_standing(identity)}"
    for change in await queries.changes_of(external_id):
        when = change.applied_at.strftime("%Y-%m-%d %H:%M") if change.applied_at else "not applied"
        yield f"{when}: {change.kind} {change.reason or change.error}".rstrip()


def _standing(identity: DirectoryIdentity | None) -> str:
    if identity is None:
        return "nobody"
    return f"{identity.status} – {identity.reason}" if identity.reason else identity.status

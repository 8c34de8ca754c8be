"""Sign-in by bind. The order of the steps is a security property, kept by `sign_in` and `_try`."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rse.identity.models import Account
from rse.identity.people import login_key as account_key
from rse.kernel import clock, limits
from rse.kernel.crypto import token
from rse.kernel.errors import NotAllowed, Unavailable
from rse.kernel.i18n import gettext as _
from rse.ldap import queries, reconcile, runs, survey
from rse.ldap.deadline import Deadline
from rse.ldap.directory import Directory, directories
from rse.ldap.errors import BindRefused, DirectoryError
from rse.ldap.finding import find_one
from rse.ldap.mapping import Candidate
from rse.ldap.models import DirectoryIdentity
from rse.ldap.plan import Findings, Status
from rse.ldap.reader import Reader
from rse.ldap.survey import Reading
from rse.ldap.threads import sign_ins
from rse.ldap.transport import Credentials, linked
from rse.ldap.values import login_key

log = logging.getLogger(__name__)

LOGIN_MOST, PASSWORD_MOST = 256, 1024
# Below what directories allow before they lock somebody out.
TRIES, WINDOW_SECONDS = 5, 900
_DECOY_PASSWORD = b"never the password of anybody"
_SUB_CODE = re.compile(r"\bdata ([0-9a-f]{3})\b")


class Outcome(StrEnum):
    """What became of one try at one directory; goes to the log, never to the browser."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    INACTIVE = "inactive"
    REFUSED = "refused"
    MUST_CHANGE = "must-change"


@dataclass(frozen=True, slots=True)
class _Answer:
    """A directory's answer, with the person it vouches for."""

    outcome: Outcome
    candidate: Candidate | None = None


async def sign_in(login: str, password: str) -> Account | None:
    """The account a directory vouches for; None for every kind of "no".

    The caller limits tries per network and lets all failures last the same. Raises TooMany before
    a directory is asked too often, and Unavailable when it could not be asked.
    """
    if not _is_usable(login, password):
        return None
    key = f"ldap:login:{login_key(login)}"
    await limits.hit(key, TRIES, WINDOW_SECONDS)
    account = await _at_directories(login, password)
    if account is not None:
        await limits.forgive(key)
    return account


def _is_usable(login: str, password: str) -> bool:
    """An empty password would bind anonymously and "succeed": it never leaves this process."""
    if not login.strip() or not password or "\0" in login or "\0" in password:
        return False
    return len(login) <= LOGIN_MOST and len(password.encode("utf-8", "replace")) <= PASSWORD_MOST


async def _at_directories(login: str, password: str) -> Account | None:
    """Ask in order until one knows the name; one that is down may have been it: say so."""
    down = False
    for directory, name in await _candidates(login):
        try:
            answer = await _try(directory, name, password)
            log.info(
                "sign-in at a directory",
                extra={"directory": directory.name, "outcome": str(answer.outcome)},
            )
            if answer.outcome is Outcome.ACCEPTED and answer.candidate:
                return await _welcome(directory, answer.candidate)
        except DirectoryError as error:
            facts = {"directory": directory.name, "error": str(error)}
            log.warning("a directory could not be asked", extra=facts)
            down = True
            continue
        if answer.outcome is Outcome.MUST_CHANGE:
            raise NotAllowed(
                _("Your password has expired. Change it where your company keeps it, then sign in.")
            )
        if answer.outcome is not Outcome.UNKNOWN:
            return None
    if down:
        raise Unavailable(
            _("The company's directory does not answer just now. Try again in a few minutes.")
        )
    return None


async def _candidates(login: str) -> Sequence[tuple[Directory, str]]:
    """Where to ask for which name: the account's directory, that of the suffix, or all."""
    account = await Account.get_or_none(login=account_key(login))
    if account is not None and account.source == "local":
        return []
    known = [one for one in directories() if account is not None and one.source == account.source]
    if known:
        return [(known[0], login)]
    suffix, mark, rest = login.partition("\\")
    if mark:
        return [
            (one, rest)
            for one in directories()
            if one.settings.login.suffix.casefold() == suffix.casefold()
        ]
    return [(one, login) for one in directories()]


async def _try(directory: Directory, name: str, password: str) -> _Answer:
    """One search, then at most one bind with this password, on a connection of its own."""
    seconds = directory.settings.timeouts.sign_in
    count, candidate = await sign_ins.run(
        lambda deadline: _search(directory, name, deadline), seconds
    )
    if candidate is None or candidate.inactive:
        await sign_ins.run(lambda deadline: _bind(directory, _decoy(directory), deadline), seconds)
        return _Answer(_why_not(count, candidate))
    key = f"ldap:person:{directory.name}:{candidate.external_id}"
    await limits.hit(
        key, TRIES, WINDOW_SECONDS
    )  # whatever was typed: login, mail and suffix share these tries
    credentials = Credentials(candidate.dn, password.encode())
    outcome = await sign_ins.run(lambda deadline: _bind(directory, credentials, deadline), seconds)
    if outcome is Outcome.ACCEPTED:
        await limits.forgive(key)
    return _Answer(outcome, candidate)


def _search(directory: Directory, name: str, deadline: Deadline) -> tuple[int, Candidate | None]:
    """How many entries match, and the person when it is exactly one."""
    with linked(directory.route, directory.credentials(), deadline) as link:
        entries = find_one(directory, Reader(link), name)
    read = directory.mapper.read(entries[0], clock.now()) if len(entries) == 1 else None
    return len(entries), read if isinstance(read, Candidate) else None


def _bind(directory: Directory, credentials: Credentials, deadline: Deadline) -> Outcome:
    """Success is result 0 to a bind with the DN that was found, and nothing else."""
    try:
        with linked(directory.route, credentials, deadline):
            return Outcome.ACCEPTED
    except BindRefused as refusal:
        code = _SUB_CODE.search(refusal.words)
        # Active Directory says "expired" and "must change" only after the right password
        return Outcome.MUST_CHANGE if code and code.group(1) in ("532", "773") else Outcome.REFUSED


def _decoy(directory: Directory) -> Credentials:
    """Nobody to bind as; the step is taken, so an unknown name costs what a known one does."""
    return Credentials(f"cn={token(9)},{directory.settings.users.bases[0]}", _DECOY_PASSWORD)


def _why_not(found: int, candidate: Candidate | None) -> Outcome:
    if found > 1:
        return Outcome.AMBIGUOUS
    return Outcome.UNKNOWN if candidate is None else Outcome.INACTIVE


async def _welcome(directory: Directory, candidate: Candidate) -> Account | None:
    """Bring the person up to date by the same plan as a run, then see whether they may in."""
    index = await queries.index_of(
        directory.name,
        directory.source,
        candidate.external_id,
        {account_key(candidate.login)},
        candidate.mail,
    )
    known = index.known.get(candidate.external_id)
    if (known is None or known.account_id is None) and not directory.settings.login.jit:
        return None
    findings = Findings(candidates=[candidate], complete=False)
    if known is None or known.status is not Status.ACTIVE:
        findings = await _with_access(directory, candidate)
    plan = reconcile.plan(index, findings, runs.policy(directory))
    if plan.changes:
        await runs.apply_one(directory, plan)
    identity = await DirectoryIdentity.get_or_none(
        directory=directory.name, external_id=candidate.external_id
    )
    if identity is None or identity.person_id is None or identity.status != Status.ACTIVE:
        return None
    account = await Account.get_or_none(person_id=identity.person_id).select_related(
        "person__organisation"
    )
    return account if account is not None and account.person.is_active else None


async def _with_access(directory: Directory, candidate: Candidate) -> Findings:
    """Somebody new, or back: the groups decide, read as in a run, never from memberOf."""

    def read(deadline: Deadline) -> Findings:
        with linked(directory.route, directory.credentials(), deadline) as link:
            reading = Reading()
            graph = (
                survey.read_groups(directory, Reader(link), reading)
                if directory.reads_groups
                else None
            )
            return survey.findings(
                directory, Reading(candidates=[candidate], trouble="one person only"), graph
            )

    return await sign_ins.run(read, directory.settings.timeouts.sign_in)

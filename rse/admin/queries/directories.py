"""Directories as the administration shows them: state, runs, plans, conflicts, checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rse.kernel import clock
from rse.kernel.errors import NotFound, Unavailable
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.ldap import checking, queries, runs
from rse.ldap.checking import Finding
from rse.ldap.directory import Directory, directories
from rse.ldap.errors import DirectoryError
from rse.ldap.models import DirectoryChange, DirectoryIdentity, DirectoryRun
from rse.ldap.threads import readings

SHOWN = 200
CHECK_SECONDS = 40

STATES = {
    "running": N_("being read"),
    "applying": N_("being applied"),
    "done": N_("done"),
    "partial": N_("read in part: nobody was removed"),
    "blocked": N_("held back: approve it or change the directory"),
    "failed": N_("failed"),
}
STATUSES = {
    "active": N_("active"),
    "disabled": N_("switched off there"),
    "missing": N_("missing, still waited for"),
    "out_of_scope": N_("out of scope"),
    "removed": N_("removed"),
    "conflict": N_("in conflict"),
    "ignored": N_("ignored"),
}
KINDS = {
    "rename": N_("Change the login"),
    "create": N_("Make an account"),
    "link": N_("Join to an account"),
    "update": N_("Bring up to date"),
    "enable": N_("Switch on"),
    "grant": N_("Make an administrator"),
    "enter": N_("Bring into a space"),
    "conflict": N_("Set aside: conflict"),
    "missing": N_("Wait for: missing"),
    "out_of_scope": N_("Out of scope"),
    "disable": N_("Switch off"),
    "remove": N_("Switch off: gone"),
    "revoke": N_("Take the administrator's role"),
    "leave": N_("Take out of a space"),
}


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One configured directory and how it stands."""

    name: str
    title: str
    profile: str
    servers: Sequence[str]
    security: str
    every: str
    statuses: Mapping[str, int]
    last_whole_run: datetime | None
    newest: "RunRow | None"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, in words."""

    id: int
    state: str
    words: str
    trigger: str
    started_at: datetime
    ended_at: datetime | None
    found: int
    counts: Mapping[str, int]
    objections: Sequence[str]
    warnings: Sequence[str]
    error: str
    may_approve: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One step of a plan: to whom, what, and why."""

    words: str
    who: str
    reason: str
    error: str = ""


async def directory_rows() -> list[DirectoryRow]:
    return [await directory_row(directory) for directory in directories()]


async def directory_row(directory: Directory) -> DirectoryRow:
    chosen, newest = directory.settings, await run_rows(directory.name, 1)
    counts = await queries.status_counts(directory.name)
    return DirectoryRow(
        name=directory.name,
        title=chosen.title or directory.name,
        profile=chosen.profile,
        servers=chosen.servers,
        security=chosen.security,
        every=chosen.sync.every,
        statuses={_(STATUSES.get(name, name)): number for name, number in counts.items()},
        last_whole_run=await queries.last_whole_run(directory.name),
        newest=newest[0] if newest else None,
    )


async def run_rows(name: str, limit: int = 20) -> list[RunRow]:
    return [_run(found) for found in await queries.runs(name, limit)]


def _run(found: DirectoryRun) -> RunRow:
    return RunRow(
        id=found.id,
        state=found.state,
        words=_(STATES.get(found.state, found.state)),
        trigger=found.trigger,
        started_at=found.started_at,
        ended_at=found.ended_at,
        found=found.found,
        counts={_(KINDS.get(kind, kind)): number for kind, number in found.counts.items()},
        objections=found.objections,
        warnings=found.warnings,
        error=found.error,
        may_approve=found.state == runs.BLOCKED
        and found.started_at > clock.now() - runs.APPROVAL_HOLDS,
    )


async def run_with_changes(name: str, run_id: int) -> tuple[RunRow, list[ChangeRow]]:
    """The door to one run, with the first of its steps."""
    found = await DirectoryRun.get_or_none(id=run_id, directory=name)
    if found is None:
        raise NotFound(_("There is no such run."))
    steps = await DirectoryChange.filter(run_id=run_id).order_by("seq").limit(SHOWN)
    return _run(found), [
        ChangeRow(_(KINDS.get(s.kind, s.kind)), _who(s.before, s.after), s.reason, s.error)
        for s in steps
    ]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What the next run would do."""

    found: int
    complete: bool
    trouble: str
    counts: Mapping[str, int]
    objections: Sequence[str]
    warnings: Sequence[str]
    changes: Sequence[ChangeRow]
    more: int


def proposal_view(proposal: runs.Proposal) -> ProposalView:
    plan = proposal.plan
    changes = [
        ChangeRow(_(KINDS.get(c.kind, c.kind)), _who(c.before, c.after), c.reason)
        for c in plan.changes[:SHOWN]
    ]
    return ProposalView(
        found=plan.found,
        complete=plan.complete,
        trouble=proposal.reading.trouble,
        counts={_(KINDS.get(kind, kind)): number for kind, number in plan.counts.items()},
        objections=proposal.objections,
        warnings=list(plan.warnings)[:SHOWN],
        changes=changes,
        more=max(0, len(plan.changes) - SHOWN),
    )


def _who(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    for facts in (after, before):
        for name in ("display_name", "login", "dn"):
            if facts.get(name):
                return str(facts[name])
    return ""


async def conflicts(name: str) -> list[DirectoryIdentity]:
    return await queries.conflicts(name)


async def findings(directory: Directory) -> list[Finding]:
    """Every step from a server's name to a readable person, tried now."""
    try:
        return await readings.run(
            lambda deadline: checking.check(directory, deadline), CHECK_SECONDS
        )
    except DirectoryError as error:
        raise Unavailable(
            _("The directory could not be read: %(reason)s", reason=str(error))
        ) from error

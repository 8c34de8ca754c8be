"""A run from its first byte to its last change: read, plan, guard, store, apply."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rse.config_ldap import share
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotFound
from rse.kernel.i18n import gettext as _
from rse.ldap import apply, guard, lease, managers, queries, reconcile, survey
from rse.ldap.deadline import Deadline
from rse.ldap.directory import Directory
from rse.ldap.errors import DirectoryError
from rse.ldap.events import PlacesRead
from rse.ldap.models import DirectoryChange, DirectoryRun
from rse.ldap.plan import Change, Index, Plan, Policy
from rse.ldap.survey import Reading
from rse.ldap.threads import readings

log = logging.getLogger(__name__)

RUNNING, APPLYING, DONE, PARTIAL, BLOCKED, FAILED = (
    "running",
    "applying",
    "done",
    "partial",
    "blocked",
    "failed",
)
SIGN_IN = "sign-in"
APPROVAL_HOLDS = timedelta(hours=24)
KEPT = timedelta(days=400)
_MOST_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan with the guard's objections, and the reading it came from."""

    plan: Plan
    objections: tuple[str, ...]
    reading: Reading


async def preview(directory: Directory) -> Proposal:
    """What a run would do now. Nothing is written."""
    index = await queries.index(directory.name, directory.source)
    return await _propose(directory, index)


async def sync(directory: Directory, trigger: str, approve: int | None = None) -> DirectoryRun:
    """Bring our people to what the directory says; AlreadyRunning when a run is under way.

    `approve` is the blocked run whose plan an administrator has seen: it holds for that very plan.
    """
    async with lease.held(directory.name):
        await _resume(directory)
        run = await DirectoryRun.create(directory=directory.name, trigger=trigger)
        index = await queries.index(directory.name, directory.source)
        try:
            proposal = await _propose(directory, index)
        except DirectoryError as error:
            return await _finish(run, FAILED, error=str(error))
        await _record(run, proposal.plan, proposal.objections)
        run.server, run.error = proposal.reading.server, proposal.reading.trouble
        if proposal.objections and not await _is_approved(run, approve):
            return await _finish(run, BLOCKED)
        if await apply.apply(directory, run):
            await managers.settle(directory)
        await _say_places(directory)
        return await _finish(run, PARTIAL if proposal.reading.trouble else DONE)


async def _say_places(directory: Directory) -> None:
    """After each run: spaces are brought to what the groups say, and what differs is mended."""
    async with transaction() as change:
        change.record(PlacesRead(directory.name))


async def apply_one(directory: Directory, plan: Plan) -> DirectoryRun:
    """Apply the plan of one person at sign-in.

    It waits for no run: each step checks the state it meets.
    """
    run = await DirectoryRun.create(directory=directory.name, trigger=SIGN_IN)
    await _record(run, plan, ())
    await apply.apply(directory, run, leased=False)
    await managers.settle(directory)
    return await _finish(run, DONE)


async def _propose(directory: Directory, index: Index) -> Proposal:
    now = clock.now()

    def read(deadline: Deadline) -> Reading:
        return survey.read(directory, index, now, deadline)

    reading = await readings.run(read, directory.settings.timeouts.run)
    plan = reconcile.plan(index, reading.findings, policy(directory))
    return Proposal(plan, guard.judge(plan, index, directory.limits), reading)


def policy(directory: Directory) -> Policy:
    chosen = directory.settings
    return Policy(
        now=clock.now(),
        grace=chosen.guard.grace_time,
        grace_runs=chosen.guard.grace_runs,
        link=chosen.link,
        group_loss=share(chosen.guard.group_loss),
    )


async def _record(run: DirectoryRun, plan: Plan, objections: Iterable[str]) -> None:
    """Store the whole plan before its first step: a crash leaves something to go on from."""
    run.counts, run.skipped = plan.counts, dict(plan.skipped)
    run.warnings, run.objections = list(plan.warnings)[:_MOST_WARNINGS], list(objections)
    run.plan_hash, run.found, run.complete = plan.hash, plan.found, plan.complete
    async with transaction():
        await DirectoryChange.bulk_create(
            [_row(run, number, change) for number, change in enumerate(plan.changes)],
            batch_size=500,
        )
        run.state = BLOCKED if run.objections else APPLYING
        await run.save()


def _row(run: DirectoryRun, number: int, change: Change) -> DirectoryChange:
    return DirectoryChange(
        run_id=run.id,
        seq=number,
        kind=change.kind,
        external_id=change.external_id,
        before=dict(change.before),
        after=dict(change.after),
        reason=change.reason,
    )


async def _is_approved(run: DirectoryRun, approve: int | None) -> bool:
    """Whether an administrator saw and approved exactly this plan not long ago."""
    if approve is None:
        return False
    seen = await DirectoryRun.get_or_none(id=approve, directory=run.directory)
    if seen is None or seen.state != BLOCKED:
        await _finish(run, BLOCKED)
        raise NotFound(_("There is no blocked run of this number."))
    if seen.plan_hash != run.plan_hash or seen.started_at < clock.now() - APPROVAL_HOLDS:
        await _finish(run, BLOCKED)
        raise Conflict(
            _("The directory has changed since that run. Look at the new plan and approve that.")
        )
    run.approved_run, run.state = seen.id, APPLYING
    await run.save(update_fields=["approved_run", "state"])
    return True


async def _resume(directory: Directory) -> None:
    """Finish what a dead process had begun to apply; a dead reading has changed nothing."""
    for run in await DirectoryRun.filter(directory=directory.name, state=APPLYING).exclude(
        trigger=SIGN_IN
    ):
        steps = await apply.apply(directory, run)
        await managers.settle(directory)
        log.warning(
            "an interrupted run was finished", extra={"directory": directory.name, "steps": steps}
        )
        await _finish(run, DONE if run.complete else PARTIAL)
    for run in await DirectoryRun.filter(directory=directory.name, state=RUNNING):
        await _finish(run, FAILED, error="interrupted before anything was changed")


async def _finish(run: DirectoryRun, state: str, error: str = "") -> DirectoryRun:
    run.state, run.ended_at = state, clock.now()
    run.error = error or run.error
    await run.save()
    level = logging.INFO if state in (DONE, PARTIAL) else logging.ERROR
    facts = {"directory": run.directory, "run": run.id, "state": state, "counts": run.counts}
    log.log(level, "directory run ended", extra=facts)
    return run


async def forget_old() -> None:
    """Changes hold personal data: they go after 400 days, the counts of their run stay."""
    await DirectoryChange.filter(run__started_at__lt=clock.now() - KEPT).delete()

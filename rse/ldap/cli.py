"""Commands about directories: check, preview, sync, explain, status."""

import argparse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from rse.ldap import checking, queries, runs
from rse.ldap.directory import Directory, directories, named
from rse.ldap.errors import DirectoryError
from rse.ldap.explain import explain
from rse.ldap.lease import AlreadyRunning
from rse.ldap.models import DirectoryRun
from rse.ldap.plan import Change
from rse.ldap.threads import readings

SHOWN = 200


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    ldap = commands.add_parser("ldap", help="check, preview, sync, explain, status of directories")
    actions = ldap.add_subparsers(required=True, metavar="action")
    for name, help_text, run in (
        ("check", "look at servers, rights and mapping; says what mends a fault", check),
        ("preview", "what a run would change; writes nothing", preview),
        ("sync", "bring people to what the directory says", sync),
        ("status", "the last runs and who stands where", status),
    ):
        one = actions.add_parser(name, help=help_text)
        one.add_argument("directory", nargs="?", help="its name; not needed when there is one")
        one.set_defaults(func=run, on_instance=True)
        if name == "sync":
            one.add_argument(
                "--approve", type=int, metavar="RUN", help="apply the plan that this run showed"
            )
    why = actions.add_parser("explain", help="why one person is here or not")
    why.add_argument("who", help="login, mail address, DN or id")
    why.add_argument("--directory", help="its name; not needed when there is one")
    why.set_defaults(func=explain_person, on_instance=True)


async def check(options: argparse.Namespace) -> int:
    """0 when everything is well, 1 otherwise; each fault with its remedy."""
    faults = 0
    for directory in [named(options.directory)] if options.directory else directories():
        print(f"{directory.name}:")
        look = partial(checking.check, directory)
        for finding in await readings.run(look, directory.settings.timeouts.run):
            print(f"  {'ok   ' if finding.well else 'FAULT'} {finding.what}: {finding.words}")
            if not finding.well:
                faults += 1
                print(f"        to do: {finding.remedy}")
    return 1 if faults else 0


async def preview(options: argparse.Namespace) -> int:
    """0 when a run would apply it, 1 when the guard would stop it."""

    async def show(directory: Directory) -> int:
        proposal = await runs.preview(directory)
        for change in proposal.plan.changes[:SHOWN]:
            print(f"  {_line(change)}")
        if len(proposal.plan.changes) > SHOWN:
            print(f"  … and {len(proposal.plan.changes) - SHOWN} more")
        _print_counts(proposal.plan.counts, proposal.plan.skipped, proposal.plan.warnings)
        if proposal.reading.trouble:
            print(f"  partial, nobody would be removed: {proposal.reading.trouble}")
        for objection in proposal.objections:
            print(f"  the guard would stop this: {objection}")
        return 1 if proposal.objections else 0

    return await _with_directory(options, show)


def _line(change: Change) -> str:
    name = change.after.get("login") or change.before.get("login") or change.external_id
    changed = ", ".join(
        f"{field}: {change.before[field]!r} → {value!r}"
        for field, value in change.after.items()
        if field in change.before and field != "digest" and change.before[field] != value
    )
    return f"{change.kind:<12} {name}  {changed}  {change.reason}".rstrip()


async def sync(options: argparse.Namespace) -> int:
    """0 done or already running, 1 failed or partial, 3 stopped by the guard."""

    async def run(directory: Directory) -> int:
        try:
            return _report(await runs.sync(directory, "command", options.approve))
        except AlreadyRunning:
            print(f"{directory.name}: already running")
            return 0

    return await _with_directory(options, run)


def _report(run: DirectoryRun) -> int:
    place = f" at {run.server}" if run.server else ""
    print(f"{run.directory}: {run.state}, {run.found} found{place}")
    _print_counts(run.counts, run.skipped, run.warnings)
    if run.error:
        print(f"  {run.error}")
    for objection in run.objections:
        print(f"  the guard: {objection}")
    if run.state == runs.BLOCKED:
        command = f"rse ldap sync {run.directory} --approve {run.id}"
        print(f"  nothing was changed; if this is right: {command}")
    return {runs.DONE: 0, runs.BLOCKED: 3}.get(run.state, 1)


def _print_counts(
    counts: Mapping[str, int], skipped: Mapping[str, int], warnings: Sequence[str]
) -> None:
    print(f"  {_joined(counts) or 'nothing to change'}")
    for reason, number in skipped.items():
        print(f"  {number} left out: {reason}")
    for words in warnings:
        print(f"  warning: {words}")


async def status(options: argparse.Namespace) -> int:
    """Each directory's people by status, its last runs and the conflicts that wait for somebody."""
    for directory in [named(options.directory)] if options.directory else directories():
        people = _joined(await queries.status_counts(directory.name))
        print(f"{directory.name}: {people or 'nobody yet'}")
        for run in await queries.runs(directory.name, limit=5):
            told = run.error or "; ".join(run.objections) or _joined(run.counts) or "no change"
            print(f"  {run.started_at:%Y-%m-%d %H:%M} {run.state}: {told}")
        for conflict in await queries.conflicts(directory.name):
            print(f"  conflict {conflict.dn}: {conflict.reason}")
    return 0


def _joined(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


async def explain_person(options: argparse.Namespace) -> int:
    async def show(directory: Directory) -> int:
        for line in await explain(directory, options.who):
            print(f"  {line}")
        return 0

    return await _with_directory(options, show)


async def _with_directory(
    options: argparse.Namespace, work: Callable[[Directory], Awaitable[int]]
) -> int:
    """Say what the directory did wrong in one line."""
    directory = named(options.directory)
    try:
        return await work(directory)
    except DirectoryError as error:
        print(f"{directory.name}: {error}")
        return 1

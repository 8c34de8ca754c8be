"""`python -m tests.journey [--stay]`: plays the story and ends with `N passed, N failed`."""

import argparse
import asyncio
import shutil
import signal
import sys
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from tests.journey.people import BASTIEN, INES, LEONIE, MAUD, PASSWORD, RUI
from tests.journey.report import Report
from tests.journey.stage import Stage, demo_folder, set_up
from tests.journey.story import STORY
from tests.journey.waiting import StoryBroken
from tests.testenv.processes import NotStarted
from tests.testenv.programs import Missing

INTERRUPTED = 130


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.journey", description=__doc__)
    parser.add_argument("--stay", action="store_true", help="leave both companies running")
    stay: bool = parser.parse_args().stay
    folder, report = demo_folder(stay=stay), Report()
    try:
        asyncio.run(_run(report, folder, stay=stay))
    except asyncio.CancelledError:
        # Everything was ended on the way here; who stayed has seen the count.
        print("\nstopped", flush=True)
        return 0 if report.is_closed and not report.failed else INTERRUPTED
    finally:
        if not report.failed:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if report.failed else 0


async def _run(report: Report, folder: Path, *, stay: bool) -> None:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    async with AsyncExitStack() as stack:
        stage = await _play(report, stack, folder, stay=stay)
        if report.failed:
            print(f"\nlogs: {folder}/*/server.log and commands.log, mails: {folder}/mail")
        if stay:
            report.close()
            if stage is not None:
                await _stay(stage)
    if not report.is_closed:
        report.close()


async def _play(report: Report, stack: AsyncExitStack, folder: Path, *, stay: bool) -> Stage | None:
    stages: list[Stage] = []

    async def start() -> str:
        try:
            stage = await set_up(stack, folder, stay=stay)
        except (Missing, NotStarted) as error:
            raise StoryBroken(str(error)) from error
        stages.append(stage)
        return "\n".join(f"{c.name} at {c.origin}, process {c.pid}" for c in stage.companies)

    if not await report.play("Two companies, a directory and a mail catcher start", start):
        return None
    for title, step in STORY:
        await report.play(title, partial(step, stages[0]))
    return stages[0]


async def _stay(stage: Stage) -> None:
    """Print the ways in and leave everything running until Ctrl-C."""
    ways_in = ((stage.ostrelle, (MAUD, INES, BASTIEN)), (stage.brumelis, (LEONIE, RUI)))
    for company, people in ways_in:
        print(f"\n{company.name}  {company.origin}")
        for who in people:
            link = (await company.rse("user", "link", who.login)).splitlines()[-1]
            print(f"  {who.name:<15} {link}")
    print(f"\nEach link works once. Logins work too, with the password « {PASSWORD} ».")
    print(f"Mails: {stage.folder / 'mail'}. Ctrl-C ends both companies.", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())

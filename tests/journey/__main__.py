"""`python -m tests.journey [--stay]`: plays the story and ends with `N passed, N failed`."""

import argparse
import asyncio
import shutil
import signal
import sys
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from tests.journey.report import Report
from tests.journey.stage import Stage, demo_folder, set_up
from tests.journey.story import STORY
from tests.testenv.programs import Missing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.journey", description=__doc__)
    parser.add_argument("--stay", action="store_true", help="leave both companies running")
    stay: bool = parser.parse_args().stay
    folder = demo_folder(stay=stay)
    report = Report()
    try:
        asyncio.run(_play(report, folder, stay=stay))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("\nstopped")
        if not report.total:
            return 130
    except Missing as missing:
        print(f"demo: {missing}", file=sys.stderr)
        report.failed += 1
    finally:
        _leave(folder, keep=stay or report.failed > 0)
    report.close()
    return 1 if report.failed else 0


async def _play(report: Report, folder: Path, *, stay: bool) -> None:
    _stop_on_sigterm()
    async with AsyncExitStack() as stack:
        stage = await _open(stack, folder)
        for title, step in STORY:
            await report.play(title, partial(step, stage))


def _stop_on_sigterm() -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


async def _open(stack: AsyncExitStack, folder: Path) -> Stage:
    started = time.monotonic()
    stage = await set_up(stack, folder)
    for company in stage.companies:
        print(f"{company.name:<9} {company.origin}  process {company.pid}")
    print(f"directory {stage.directory.url}, mail catcher port {stage.catcher.port}")
    print(f"ready in {time.monotonic() - started:.1f} s\n", flush=True)
    return stage


def _leave(folder: Path, *, keep: bool) -> None:
    if keep:
        print(f"\nlogs: {folder}/*/server.log, commands.log; mails: {folder}/mail")
    else:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

"""A killed worker loses no notice and tells nothing twice."""

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.notifications.crash import LOG

pytestmark = [pytest.mark.twoproc, pytest.mark.slow]


async def run(folder: Path, what: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.notifications.crash", str(folder), what
    )
    async with asyncio.timeout(60):
        return await process.wait()


def notices(folder: Path) -> int:
    connection = sqlite3.connect(folder / "rse.sqlite3")
    try:
        return int(connection.execute("SELECT count(*) FROM notification").fetchone()[0])
    finally:
        connection.close()


async def test_a_worker_killed_between_notice_and_mail_loses_nothing(tmp_path: Path) -> None:
    assert await run(tmp_path, "begin") == 0
    assert await run(tmp_path, "die") == -signal.SIGKILL
    assert notices(tmp_path) == 1
    assert not (tmp_path / LOG).exists()
    assert await run(tmp_path, "go-on") == 0
    assert await run(tmp_path, "go-on") == 0
    assert notices(tmp_path) == 1
    assert len((tmp_path / LOG).read_text().split()) == 1

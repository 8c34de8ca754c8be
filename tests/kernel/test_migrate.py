"""The schema: brought up by a command; a server beside others never does it by itself."""

import asyncio
import os
import sys

import pytest

from rse.kernel.db import dialect

pytestmark = pytest.mark.usefixtures("app")


async def rse(url: str, folder: str, *arguments: str) -> tuple[int, str]:
    environment = {
        **os.environ, "RSE_DATABASE__URL": url, "RSE_SERVER__DATA_DIR": folder,
        "RSE_SERVER__BIND": "127.0.0.1:0", "RSE_LOG__LEVEL": "error",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rse", *arguments, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode()


async def test_an_embedded_database_brings_itself_up(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = str(tmp_path_factory.mktemp("embedded"))
    code, out = await rse("", folder, "setup")
    assert code == 0, out
    assert "/setup/" in out
    code, out = await rse("", folder, "migrate", "--plan")
    assert (code, out.strip()) == (0, "Nothing to do.")


async def test_a_shared_database_waits_for_the_command(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if dialect() != "postgres":
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create("rse_schema")
    folder = str(tmp_path_factory.mktemp("shared"))
    code, out = await rse(url, folder, "setup")
    assert code == 2, out
    assert "rse migrate" in out
    code, out = await rse(url, folder, "migrate")
    assert code == 0, out
    code, out = await rse(url, folder, "setup")
    assert code == 0, out
    server.drop("rse_schema")

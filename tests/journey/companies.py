"""A company as it runs: its settings, its process, its command line, a look into its database."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.journey.waiting import StoryBroken, check, until
from tests.testenv.processes import Server, answers, free_port
from tests.testenv.programs import REPOSITORY

COMMAND_SECONDS = 60
_SETTINGS = """\
# {name}: written by the demonstration.
[server]
public_url = "http://127.0.0.1:{port}"
bind = "127.0.0.1:{port}"
data_dir = "{folder}/data"

[network]
allowed_private = ["127.0.0.0/8"]

[community]
language = "fr"

[brand]
theme = "{theme}"
themes_dir = "{repository}/themes"

[federation]
retry_first_seconds = 0.1
retry_longest_seconds = 0.5
poll_seconds = 0.2

[mail]
domain = "{mail_domain}"
smtp_bind = "127.0.0.1:{smtp_port}"
retry_minutes = [0.02, 0.1]
relay = {{ host = "127.0.0.1", port = {relay_port}, tls = "none" }}
{more}"""


@dataclass
class Company:
    """One instance of the product: a folder, a process, two doors on loopback."""

    name: str
    theme: str
    folder: Path
    relay_port: int
    port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    more_settings: str = ""
    _server: Server | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def mail_domain(self) -> str:
        return f"mail.{self.theme}.example"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pid(self) -> int:
        return self._server.process.pid if self._server else 0

    def write_settings(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file.write_text(
            _SETTINGS.format(
                name=self.name, port=self.port, folder=self.folder, theme=self.theme,
                repository=REPOSITORY, mail_domain=self.mail_domain, smtp_port=self.smtp_port,
                relay_port=self.relay_port, more=self.more_settings,
            ),
            encoding="utf-8",
        )  # fmt: skip

    async def start(self) -> None:
        """Begin, or begin again after a kill, and wait until both doors are open."""
        if self._server is None:
            command = [*self._command, "serve"]
            self._server = Server(command, self.folder, env=_environment(), as_root=True)
        else:
            self._server.again()
        await until(self._is_open, f"{self.name} to open its doors", 40)

    async def _is_open(self) -> bool:
        assert self._server is not None
        if self._server.process.poll() is not None:
            raise StoryBroken(f"{self.name} did not start:\n{self._server.tail()}")
        return answers(self.port) and answers(self.smtp_port)

    def kill(self) -> None:
        """As a power cut would."""
        if self._server is not None:
            self._server.kill()

    def stop(self) -> None:
        if self._server is not None:
            self._server.halt()

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Run `rse …` as an administrator would; exit status and what it printed."""
        process = await asyncio.create_subprocess_exec(
            *self._command, *arguments, cwd=self.folder, env=_environment(),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                out, errors = await process.communicate()
        except (TimeoutError, asyncio.CancelledError):
            process.kill()
            await process.wait()
            raise
        with (self.folder / "commands.log").open("a", encoding="utf-8") as log:
            log.write(f"$ rse {' '.join(arguments)}\n{out.decode()}{errors.decode()}\n")
        return process.returncode or 0, out.decode().strip()

    async def rse(self, *arguments: str) -> str:
        """Run `rse …`, which must end well; what it printed."""
        status, printed = await self.run(*arguments)
        check(status == 0, f"rse {' '.join(arguments[:3])} ended with {status}: {printed[-300:]}")
        return printed

    def rows(self, sql: str, *values: str | int) -> list[tuple[str | int | None, ...]]:
        """Look into the database without touching it: to wait, and to see that nothing changed."""
        place = f"file:{self.folder / 'data' / 'rse.sqlite3'}?mode=ro"
        with sqlite3.connect(place, uri=True, timeout=5) as connection:
            found = connection.execute(sql, values).fetchall()
        connection.close()
        return found

    def count(self, sql: str, *values: str | int) -> int:
        return int(self.rows(sql, *values)[0][0] or 0)

    async def until_settled(self) -> None:
        """Wait until what was asked of it is done: spool, jobs and deliveries are empty."""
        await until(self._is_settled, f"{self.name} to finish its work", 20)

    async def _is_settled(self) -> bool:
        if any((self.folder / "data" / "mail" / "received").iterdir()):
            return False
        waiting = self.count("SELECT count(*) FROM outbox_job")
        waiting += self.count("SELECT count(*) FROM fed_lane WHERE outgoing AND acked < head")
        return waiting + self.count("SELECT count(*) FROM fed_in WHERE state = 'pending'") == 0

    @property
    def _file(self) -> Path:
        return self.folder / "rse.toml"

    @property
    def _command(self) -> Sequence[str]:
        return (sys.executable, "-m", "rse", "--config", str(self._file))


def _environment() -> dict[str, str]:
    """Ours without any setting of the product: only its file counts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RSE_")}
    path = os.pathsep.join(filter(None, (str(REPOSITORY), kept.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}

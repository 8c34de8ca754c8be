"""A PostgreSQL server of our own, and databases cloned from a template."""

import secrets
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.testenv.processes import Server, answers, free_port, give, scratch, unprivileged
from tests.testenv.programs import Program

# Nothing here survives the run, so nothing is made durable.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "120",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresServer:
    """Databases on one server; the product's role `rse` owns them and has no other right."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.server: Server | None = None
        self.admin_url = program.url or self._start()
        self._ensure_role()

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database, empty or as a copy of `template`; returns its address."""
        self.drop(name)
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER rse')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """The address the product is given."""
        parts = urlsplit(self.admin_url)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(("postgres", f"rse:{self._password}@{place}", f"/{name}", "", ""))

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the server's administrator; returns the bare answer."""
        parts = urlsplit(self.admin_url)
        address = urlunsplit(("postgresql", parts.netloc, f"/{database}", "", ""))
        command = [self._psql(), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", statement]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=self.program.env()
        )
        if done.returncode:
            raise RuntimeError(f"{statement}: {done.stderr.strip()}")
        return done.stdout.strip()

    def restart(self) -> None:
        """Stop and start the same server: connections break, data stays."""
        if self.server is None:
            raise RuntimeError("This server is not ours to restart.")
        self.server.halt()
        self.server.again()
        self._wait(self.server)

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()

    @property
    def _password(self) -> str:
        return urlsplit(self.admin_url).password or ""

    def _ensure_role(self) -> None:
        if not self.sql("SELECT 1 FROM pg_roles WHERE rolname = 'rse'"):
            self.sql(f"CREATE ROLE rse LOGIN PASSWORD '{self._password}'")

    def _psql(self) -> str:
        beside = self.program.beside("psql")
        return str(beside) if beside.exists() else "psql"

    def _start(self) -> str:
        folder, password = scratch("postgres"), secrets.token_hex(12)
        self._initialise(folder, password)
        self.port = free_port()
        options = [part for key, value in _FAST.items() for part in ("-c", f"{key}={value}")]
        command = [str(self.program.path), "-D", str(folder / "data"), "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", str(folder), *options]
        # SIGQUIT: its own processes go with it, and no shared memory stays behind.
        self.server = Server(command, folder, env=self.program.env(), stop_signal=signal.SIGQUIT)
        self.admin_url = f"postgresql://postgres:{password}@127.0.0.1:{self.port}/postgres"
        self._wait(self.server)
        return self.admin_url

    def _wait(self, server: Server) -> None:
        server.wait_until(lambda: answers(self.port) and self._accepts())

    def _accepts(self) -> bool:
        try:
            self.sql("SELECT 1")
        except RuntimeError:
            return False
        return True

    def _initialise(self, folder: Path, password: str) -> None:
        secret = folder / "password"
        secret.write_text(password)
        give(secret)
        command = [str(self.program.beside("initdb")), "-D", str(folder / "data"), "-U", "postgres"]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", "--no-sync"]
        done = subprocess.run(
            [*command, f"--pwfile={secret}"],
            env={**self.program.env(), "TZ": "UTC"},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            **unprivileged(),  # type: ignore[call-overload]
        )
        secret.unlink()
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stdout} {done.stderr}")

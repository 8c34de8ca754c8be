"""A real mail server in front of ours: Exim takes SMTP and hands it over by LMTP."""

import asyncio
import os
import pwd
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path

_CONFIG = """\
exim_path = {binary}
{identity}
primary_hostname = mx.ostrelle.example
spool_directory = {root}/spool
log_file_path = {root}/log-%slog
pid_file_path = {root}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
disable_ipv6 = true
tls_advertise_hosts =
keep_environment =
never_users =
allow_mx_to_ip = true
acl_smtp_rcpt = accept_ours
acl_smtp_data = accept_all
acl_not_smtp =
message_size_limit = 30M
received_headers_max = 30
queue_run_max = 2
host_lookup =
rfc1413_query_timeout = 0s
begin acl
accept_ours:
  accept domains = {domain}
  deny message = relaying refused
accept_all:
  accept {stamp}
begin routers
inbound:
  driver = manualroute
  domains = {domain}
  route_list = * 127.0.0.1 byname
  self = send
  transport = to_lmtp
begin transports
to_lmtp:
  driver = smtp
  protocol = lmtp
  port = {lmtp_port}
  hosts_try_fastopen =
  allow_localhost
begin retry
* * F,1h,2s
begin rewrite
begin authenticators
"""
_STAMP = "add_header = :at_start:Authentication-Results: mx.ostrelle.example; {results}"


def exim_path() -> str | None:
    """Find the server's program; it lives where ordinary users do not look."""
    return os.environ.get("EXIM_PATH") or shutil.which(
        "exim4", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Exim:
    """A running Exim: SMTP comes in on `port`, mail for `domain` goes on by LMTP."""

    root: Path
    lmtp_port: int
    domain: str
    results: str = ""
    port: int = field(default_factory=free_port)
    _daemon: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> "Exim":
        self._write_configuration()
        self._daemon = await asyncio.create_subprocess_exec(
            self._binary, "-C", str(self._configuration), "-bdf", "-q2s",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await self._until_listening()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._daemon is not None and self._daemon.returncode is None:
            self._daemon.terminate()
            await self._daemon.wait()

    @property
    def _binary(self) -> str:
        found = exim_path()
        if found is None:
            raise FileNotFoundError("exim4 is not installed: apt-get install exim4-daemon-light")
        return found

    @property
    def _configuration(self) -> Path:
        return self.root / "exim.conf"

    def log(self) -> str:
        path = self.root / "log-mainlog"
        return path.read_text() if path.exists() else ""

    async def queued(self) -> int:
        """How many mails wait in Exim's queue."""
        count = await asyncio.create_subprocess_exec(
            self._binary, "-C", str(self._configuration), "-bpc", stdout=asyncio.subprocess.PIPE
        )
        output, _ = await count.communicate()
        return int(output.strip() or 0)

    def _write_configuration(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        user = pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            # Started as root, Exim drops to this user; the directory must be open to it.
            user = "nobody"
            for path in (self.root, *list(self.root.parents)[:3]):
                if path.stat().st_uid == 0 and str(path).startswith(("/tmp/", "/var/tmp/")):
                    path.chmod(path.stat().st_mode | 0o711)
            shutil.chown(self.root, user)
        group = "nogroup" if os.getuid() == 0 else str(os.getgid())
        self._configuration.write_text(
            _CONFIG.format(
                binary=self._binary,
                identity=f"exim_user = {user}\nexim_group = {group}",
                root=self.root,
                port=self.port,
                domain=self.domain,
                lmtp_port=self.lmtp_port,
                stamp=_STAMP.format(results=self.results) if self.results else "",
            )
        )
        # Exim takes no configuration that others could have changed.
        self._configuration.chmod(0o644)

    async def _until_listening(self) -> None:
        assert self._daemon is not None
        for _ in range(100):
            if self._daemon.returncode is not None:
                assert self._daemon.stderr is not None
                raise RuntimeError((await self._daemon.stderr.read()).decode())
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise TimeoutError("exim does not listen")

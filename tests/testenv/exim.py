"""A real mail server in front of ours: Exim takes SMTP and hands it over by LMTP."""

import asyncio
import grp
import os
import pwd
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.testenv.processes import free_port, give, scratch
from tests.testenv.programs import Program

_CONFIG = """\
exim_path = {binary}
exim_user = {user}
exim_group = {group}
primary_hostname = mx.ostrelle.example
spool_directory = {root}/spool
log_file_path = {root}/log-%slog
pid_file_path = {root}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
disable_ipv6 = true
tls_advertise_hosts =
keep_environment = ^LD_ : ^NSS_
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


def _ordinary_user() -> tuple[pwd.struct_passwd, grp.struct_group]:
    """Who Exim runs as: ourselves, or nobody when we are root."""
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return user, grp.getgrgid(user.pw_gid)


@dataclass
class Exim:
    """A running Exim: SMTP comes in on `port`, mail for `domain` goes on by LMTP."""

    program: Program
    lmtp_port: int
    domain: str
    results: str = ""
    root: Path = field(default_factory=lambda: scratch("exim"))
    port: int = field(default_factory=free_port)
    _daemon: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> "Exim":
        self._write_configuration()
        self._daemon = await self._run("-bdf", "-q2s")
        await self._until_listening(self._daemon)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._daemon is not None and self._daemon.returncode is None:
            self._daemon.terminate()
            await self._daemon.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def log(self) -> str:
        path = self.root / "log-mainlog"
        return path.read_text() if path.exists() else ""

    async def queued(self) -> int:
        """How many mails wait in Exim's queue."""
        # Told apart from the note on the other stream: started with -C it gave up its privilege.
        output, _ = await (await self._run("-bpc")).communicate()
        return int(output.strip() or 0)

    async def _run(self, *options: str) -> asyncio.subprocess.Process:
        user, group = _ordinary_user()
        return await asyncio.create_subprocess_exec(
            str(self.program.path), "-C", str(self.root / "exim.conf"), *options,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env=self.program.env(), user=user.pw_uid, group=group.gr_gid,
        )  # fmt: skip

    def _write_configuration(self) -> None:
        user, group = _ordinary_user()
        configuration = self.root / "exim.conf"
        configuration.write_text(
            _CONFIG.format(
                binary=self.program.path,
                user=user.pw_name,
                group=group.gr_name,
                root=self.root,
                port=self.port,
                domain=self.domain,
                lmtp_port=self.lmtp_port,
                stamp=_STAMP.format(results=self.results) if self.results else "",
            )
        )
        # Exim takes no configuration that others could have changed.
        configuration.chmod(0o644)
        give(configuration)

    async def _until_listening(self, daemon: asyncio.subprocess.Process) -> None:
        for _ in range(100):
            if daemon.returncode is not None:
                _, said = await daemon.communicate()
                raise RuntimeError(said.decode())
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise TimeoutError("exim does not listen")

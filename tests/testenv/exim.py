"""A real mail server in front of ours: Exim takes SMTP and hands it over by LMTP."""

import asyncio
import pwd
import subprocess
from pathlib import Path

from tests.testenv.processes import Server, answers, free_port, give, scratch, unprivileged
from tests.testenv.programs import Program

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
keep_environment = LD_LIBRARY_PATH : LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
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


class Exim:
    """`async with Exim(program, lmtp_port, "mail.ostrelle.example") as exim:` at exim.port."""

    def __init__(self, program: Program, lmtp_port: int, domain: str, results: str = "") -> None:
        self.program = program
        self.port = free_port()
        self.folder = scratch("exim")
        self.configuration = self.folder / "exim.conf"
        self.configuration.write_text(
            _CONFIG.format(
                binary=program.path,
                identity=_identity(self.folder),
                root=self.folder,
                port=self.port,
                domain=domain,
                lmtp_port=lmtp_port,
                stamp=_STAMP.format(results=results) if results else "",
            )
        )
        # Exim takes no configuration that others could have changed.
        self.configuration.chmod(0o644)
        give(self.configuration)

    async def __aenter__(self) -> "Exim":
        command = [str(self.program.path), "-C", str(self.configuration), "-bdf", "-q2s"]
        self.server = Server(command, self.folder, env=self.program.env())
        await asyncio.to_thread(self.server.wait_until, lambda: answers(self.port))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.server.stop)

    def log(self) -> str:
        path = self.folder / "log-mainlog"
        return path.read_text() if path.exists() else ""

    async def queued(self) -> int:
        """How many mails wait in Exim's queue."""
        return await asyncio.to_thread(self._queued)

    def _queued(self) -> int:
        done = subprocess.run(
            [str(self.program.path), "-C", str(self.configuration), "-bpc"],
            env=self.program.env(),
            capture_output=True,
            text=True,
            check=False,
            **unprivileged(),  # type: ignore[call-overload]
        )
        return int(done.stdout.strip() or 0)


def _identity(folder: Path) -> str:
    """Exim names its user in its configuration: the one our servers run as."""
    owner = folder.stat()
    return f"exim_user = {pwd.getpwuid(owner.st_uid).pw_name}\nexim_group = {owner.st_gid}"

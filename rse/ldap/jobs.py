"""When directories are read by themselves."""

import logging

from rse.identity.sign_in import authenticators
from rse.kernel import clock
from rse.kernel.schedule import Timed
from rse.ldap import auth, queries, runs
from rse.ldap.directory import Directory, directories
from rse.ldap.lease import AlreadyRunning, LeaseLost

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0


async def start() -> None:
    """Offer sign-in; a template or filter nobody can understand stops the process here."""
    if directories():
        authenticators["ldap"] = auth.sign_in


async def sync_due() -> None:
    """Read each directory whose interval has passed since its last run began."""
    for directory in directories():
        if await _is_due(directory):
            try:
                await runs.sync(directory, "schedule")
            except (AlreadyRunning, LeaseLost):
                log.info("a directory is being read already", extra={"directory": directory.name})


async def _is_due(directory: Directory) -> bool:
    interval = directory.settings.sync.interval
    if interval is None:
        return False
    last = await queries.runs(directory.name, limit=1)
    return not last or last[0].started_at + interval <= clock.now()


SCHEDULE = (
    Timed(name="ldap.sync", seconds=LOOK_SECONDS, run=sync_due),
    Timed(name="ldap.retention", seconds=86400, run=runs.forget_old),
)

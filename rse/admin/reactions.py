"""What the worker does for administrators."""

import logging

from rse.kernel.errors import Conflict, NotFound
from rse.ldap import runs
from rse.ldap.directory import named
from rse.ldap.lease import AlreadyRunning, LeaseLost

from .events import SyncRequested

log = logging.getLogger(__name__)


async def read_directory(event: SyncRequested) -> None:
    """Run it unless it runs already; what became of it is in the list of runs."""
    where = {"directory": event.directory}
    try:
        await runs.sync(named(event.directory), "admin", event.approve or None)
    except (AlreadyRunning, LeaseLost):
        log.info("a directory is being read already", extra=where)
    except (Conflict, NotFound):
        # The plan is not the one that was seen: the new run is there, blocked, to be looked at.
        log.warning("an approved plan does not hold any more", extra=where)

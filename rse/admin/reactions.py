"""What the worker does for administrators."""

import logging
from datetime import timedelta

from rse.kernel import clock
from rse.kernel.errors import Conflict, NotFound
from rse.kernel.ids import at_time
from rse.ldap import runs
from rse.ldap.directory import named
from rse.ldap.lease import AlreadyRunning, LeaseLost

from .actions import batches
from .events import InvitationsWanted, SyncRequested
from .models import InvitationBatch

log = logging.getLogger(__name__)
KEPT = timedelta(days=30)


async def make_invitations(event: InvitationsWanted) -> None:
    await batches.make_all(event.batch_id)


async def forget_lists() -> None:
    """Lists of people to invite are not kept for ever."""
    await InvitationBatch.filter(id__lt=at_time(clock.now() - KEPT)).delete()


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

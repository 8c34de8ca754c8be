"""What administrators ask of the worker."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SyncRequested(Event):
    """A directory is to be read now; `approve` is the blocked run whose plan was seen, or 0."""

    name = "admin.sync-requested"
    directory: str
    approve: int = 0


@dataclass(frozen=True, slots=True)
class InvitationsWanted(Event):
    """The invitations of a list are to be made."""

    name = "admin.invitations_wanted"
    batch_id: int

"""What the mail channel sets up in every process."""

from . import notices, system
from .out.queue import Desk, desks


async def start() -> None:
    """Say how each kind of our own mail is written."""
    desks[notices.KIND] = Desk(notices.write, notices.settled)
    desks[system.KIND] = Desk(system.write)

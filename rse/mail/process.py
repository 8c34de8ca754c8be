"""What the mail channel sets up in every process."""

from . import digest_letters, notice_letters, system
from .out.queue import Desk, desks


async def start() -> None:
    """Say how each kind of our own mail is written."""
    desks[notice_letters.KIND] = Desk(notice_letters.write, notice_letters.settled)
    desks[digest_letters.KIND] = Desk(digest_letters.write, digest_letters.settled)
    desks[system.KIND] = Desk(system.write)

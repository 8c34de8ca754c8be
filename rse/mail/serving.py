"""Mail in a running process: the doors, and the one reader of the spool behind them."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from rse.config import settings
from rse.kernel import clock
from rse.mail import act, ours
from rse.mail.intake import Intake
from rse.mail.smtpd import House, Lmtp, Smtp, listen
from rse.mail.spool import Spool

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
STOP_SECONDS = 10.0


def spool() -> Spool:
    """The spool of this instance."""
    return Spool(settings().server.data_dir / "mail")


def house(intake: Intake) -> House:
    """Our doors' common ground, from the settings in force."""
    mail = settings().mail
    return House(
        ours.domain(), mail.limits, mail.relay_networks, ours.routes().refusal, intake.receive
    )


@asynccontextmanager
async def receiving() -> AsyncGenerator[None]:
    """Open the doors that are set and work the spool beside the block."""
    reader = Reader(spool())
    common = house(Intake(reader.store, reader.wake))
    binds: tuple[tuple[str, type[Smtp]], ...] = (
        (settings().mail.smtp_bind, Smtp),
        (settings().mail.lmtp_bind, Lmtp),
    )
    servers = [await listen(common, bind, door) for bind, door in binds if bind]
    running = asyncio.create_task(reader.run(common), name="mail spool")
    try:
        yield
    finally:
        for server in servers:
            server.close()
        reader.stop()
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(running, STOP_SECONDS)


class Reader:
    """Works the spool until told to stop; a mail in hand is finished first."""

    def __init__(self, store: Spool) -> None:
        self.store = store
        self._wake = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """There is a mail: look now instead of at the next tick."""
        self._wake.set()

    def stop(self) -> None:
        self._is_stopping = True
        self._wake.set()

    async def run(self, common: House) -> None:
        while not self._is_stopping:
            with self.store.sole_reader() as is_mine:
                while is_mine and not self._is_stopping:
                    self._wake.clear()
                    await self._work(common)
                    await self._pause()
            # Another process reads; it may end.
            await self._pause()

    async def _work(self, common: House) -> None:
        try:
            await work_once(self.store, common)
        except OSError:  # the disk may answer again; what lies there stays there
            log.exception("mail spool cannot be read")

    async def _pause(self) -> None:
        if not self._is_stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()


async def work_once(store: Spool, common: House) -> int:
    """Work every mail that is due; how many there were."""
    due = await asyncio.to_thread(store.due, time.time())
    for name in due:
        await _work_one(store, common, name)
    return len(due)


async def purge() -> None:
    """Forget raw mail past its days."""
    kept_for = timedelta(days=settings().mail.raw_days)
    await asyncio.to_thread(spool().purge, (clock.now() - kept_for).timestamp())


async def _work_one(store: Spool, common: House, name: str) -> None:
    entry = await asyncio.to_thread(store.read, name)
    try:
        state = await act.take(entry, is_trusted_peer=common.trusts(entry.envelope.peer))
    except Exception:  # boundary: a mail that fails is kept and tried again, the others go on
        log.exception("mail failed", extra={"mail": name[:12], "attempt": entry.attempts + 1})
        await asyncio.to_thread(store.postpone, entry)
    else:
        await asyncio.to_thread(store.settle, entry, state)

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


def spool() -> Spool:
    """The spool of this instance."""
    return Spool(settings().server.data_dir / "mail")


def house(intake: Intake) -> House:
    """Our doors' common ground, from the settings in force."""
    mail = settings().mail
    return House(
        ours.domain(), mail.limits, mail.trusted_relays, ours.routes().refusal, intake.receive
    )


@asynccontextmanager
async def receiving() -> AsyncGenerator[None]:
    """Open the doors that are set and work the spool beside the block."""
    store, wake = spool(), asyncio.Event()
    common = house(Intake(store, wake.set))
    binds: tuple[tuple[str, type[Smtp]], ...] = (
        (settings().mail.smtp_bind, Smtp),
        (settings().mail.lmtp_bind, Lmtp),
    )
    servers = [await listen(common, bind, door) for bind, door in binds if bind]
    reader = asyncio.create_task(_work(store, common, wake), name="mail spool")
    try:
        yield
    finally:
        for server in servers:
            server.close()
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader


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


async def _work(store: Spool, common: House, wake: asyncio.Event) -> None:
    while True:
        with store.sole_reader() as is_mine:
            while is_mine:
                wake.clear()
                await work_once(store, common)
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), IDLE_SECONDS)
        await asyncio.sleep(IDLE_SECONDS)


async def _work_one(store: Spool, common: House, name: str) -> None:
    entry = await asyncio.to_thread(store.read, name)
    try:
        state = await act.take(entry, is_trusted_peer=common.trusts(entry.envelope.peer))
    except Exception:  # boundary: a mail that fails is kept and tried again, the others go on
        log.exception("mail failed", extra={"mail": name[:12], "attempt": entry.attempts + 1})
        await asyncio.to_thread(store.postpone, entry)
    else:
        await asyncio.to_thread(store.settle, entry, state)

"""From the end of DATA to the spool: judged by its bytes, synced to disk, then answered."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rse.mail import screen
from rse.mail.smtpd import Arrival
from rse.mail.spool import Envelope, Spool, SpoolFull

log = logging.getLogger(__name__)

STORED = "250 2.6.0 Stored"
DISK_FULL = "452 4.3.1 No room for this mail now"


@dataclass(slots=True)
class Intake:
    """What stands between a door and the spool."""

    spool: Spool
    wake: Callable[[], None] = field(default=lambda: None)

    async def receive(self, arrival: Arrival) -> str:
        """Take a mail for good, or say why not."""
        refusal = await asyncio.to_thread(screen.refusal, arrival.content)
        if refusal is not None:
            return refusal
        envelope = Envelope(
            arrival.sender, arrival.recipients, arrival.peer, arrival.protocol, time.time()
        )
        try:
            await asyncio.to_thread(self.spool.put, envelope, arrival.content)
        except SpoolFull as error:
            log.critical("mail spool takes no more: %s", error)
            return DISK_FULL
        self.wake()
        return STORED

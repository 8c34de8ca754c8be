"""What is cleared away by the clock."""

from . import delivery, gate


async def tidy() -> None:
    """Scheduled: old signatures, and what was delivered long ago."""
    await gate.forget_old_signatures()
    await delivery.forget_delivered()

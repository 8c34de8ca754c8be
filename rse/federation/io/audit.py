"""The append-only record of what was said, decided and done, each entry chained to the last."""

import hashlib

from rse.federation.core import jcs
from rse.federation.core.jsonsafe import Json
from rse.federation.core.stream import START
from rse.kernel.db import inside_transaction, transaction

from .models import AuditHead, FedAudit

HEAD = 1


async def note(  # noqa: PLR0913 - an entry has that many parts
    direction: str,
    action: str,
    *,
    partner_id: int | None = None,
    subject: str = "",
    decision: str = "",
    reason: str = "",
    person_id: int | None = None,
) -> None:
    """Add one entry, in the caller's transaction or one of its own."""
    entry = FedAudit(
        partner_id=partner_id, direction=direction, action=action, subject=subject[:512],
        decision=decision, reason=reason[:300], person_id=person_id,
    )  # fmt: skip
    if inside_transaction():
        await _append(entry)
    else:
        async with transaction():
            await _append(entry)


async def _append(entry: FedAudit) -> None:
    head = await _locked_head()
    entry.seq = head.seq + 1
    entry.chain = _link(head.chain, entry)
    await entry.save(force_create=True)
    await AuditHead.filter(id=HEAD).update(seq=entry.seq, chain=entry.chain)


async def _locked_head() -> AuditHead:
    """The end of the chain, held until the transaction ends: entries come one after the other."""
    head = await AuditHead.filter(id=HEAD).select_for_update().first()
    if head is not None:
        return head
    await AuditHead.get_or_create(id=HEAD, defaults={"chain": START})
    return await AuditHead.filter(id=HEAD).select_for_update().get()


async def broken_at() -> int | None:
    """The number of the first entry that does not fit its chain; None when all do."""
    chain, expected = START, 1
    async for entry in FedAudit.all().order_by("seq"):
        if entry.seq != expected or entry.chain != _link(chain, entry):
            return expected
        chain, expected = entry.chain, expected + 1
    return None


def _link(chain: str, entry: FedAudit) -> str:
    said: list[Json] = [
        chain, entry.seq, entry.at.isoformat(timespec="milliseconds"), entry.partner_id,
        entry.direction, entry.action, entry.subject, entry.decision, entry.reason,
        entry.person_id,
    ]  # fmt: skip
    # Ids go beyond what canonical JSON numbers may hold: they are hashed as text.
    texts: list[Json] = [None if value is None else str(value) for value in said]
    return hashlib.sha256(jcs.canonical(texts)).hexdigest()

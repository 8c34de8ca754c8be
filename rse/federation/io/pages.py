"""Pages of the outgoing log: the same bytes whether they are pushed or pulled."""

from rse.federation.core import stream
from rse.federation.core.stream import Entry, Page
from rse.federation.names import our_origin
from rse.kernel.reads import ids

from .models import FedOut, Lane, Share


def page_url(lane: int, after: int) -> str:
    return f"{our_origin()}/fed/stream?lane={lane}&after={after}"


async def write(lane: Lane, after: int) -> tuple[bytes, int]:
    """The page after `after`, and its last number; an empty page when there is nothing more."""
    rows = (
        await FedOut.filter(partner_id=lane.partner_id, lane=lane.number, seq__gt=after)
        .order_by("seq")
        .limit(stream.PAGE_ITEMS)
    )
    live = await open_shares(rows)
    chosen: list[FedOut] = []
    size = 0
    for row in rows:
        size += len(row.body)
        if chosen and size > stream.PAGE_BYTES:
            break
        chosen.append(row)
    # What belongs to a share that ended meanwhile keeps its place in the chain, not its words.
    bodies = [
        bytes(row.body) if row.share_id is None or row.share_id in live else None for row in chosen
    ]
    page = Page(
        lane=lane.number, epoch=lane.epoch, after=after,
        prev=await _chain_at(lane, after), head=lane.head,
        entries=tuple(Entry(row.seq, row.digest, None) for row in chosen),
    )  # fmt: skip
    last = chosen[-1].seq if chosen else after
    return stream.write_page(page_url(lane.number, after), page, bodies), last


async def open_shares(rows: list[FedOut]) -> set[int]:
    named = {row.share_id for row in rows if row.share_id is not None}
    return set(await ids(Share.filter(id__in=named, state="active")))


async def _chain_at(lane: Lane, seq: int) -> str:
    if seq == 0:
        return stream.START
    if seq == lane.head:
        return lane.head_chain
    row = await FedOut.get_or_none(partner_id=lane.partner_id, lane=lane.number, seq=seq)
    # A place the log does not have (any more): a chain nobody has, so the reader asks for a resync.
    return row.chain if row else "f" * 64

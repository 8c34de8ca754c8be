"""The outgoing log: appends an activity to a partner's lane, in the caller's transaction."""

from rse.federation.core import jcs, stream
from rse.federation.core.vocab import Activity
from rse.federation.events import ActivitiesQueued
from rse.kernel.crypto import token
from rse.kernel.db import transaction

from .models import FedOut, Lane


async def append(
    partner_id: int, lane_number: int, activity: Activity, *, share_id: int | None = None
) -> bool:
    """Add to the end of the lane; False when this partner's log has the activity already."""
    async with transaction() as change:
        lane = await locked_lane(partner_id, lane_number, outgoing=True)
        if await FedOut.exists(partner_id=partner_id, activity_id=activity.id):
            return False
        body = jcs.canonical(activity.to_json())
        digest = stream.digest_of(body)
        chain = stream.link(lane.head_chain, digest)
        await FedOut.create(
            partner_id=partner_id, lane=lane_number, seq=lane.head + 1, share_id=share_id,
            activity_id=activity.id, body=body, digest=digest, chain=chain,
        )  # fmt: skip
        await Lane.filter(id=lane.id).update(head=lane.head + 1, head_chain=chain)
        change.record(ActivitiesQueued(partner_id))
    return True


async def locked_lane(partner_id: int, number: int, *, outgoing: bool) -> Lane:
    """The lane's row, held until the transaction ends: its numbers have no gaps."""
    known = Lane.filter(partner_id=partner_id, number=number, outgoing=outgoing)
    lane = await known.select_for_update().first()
    if lane is not None:
        return lane
    epoch = token(12) if outgoing else ""
    return await Lane.create(
        partner_id=partner_id, number=number, outgoing=outgoing, epoch=epoch,
        head_chain=stream.START,
    )  # fmt: skip

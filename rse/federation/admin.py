"""What administrators see and do: partners, invitations, codes, shares, the audit record."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _

from . import registry
from .core import keys
from .core.vocab import Group
from .io import audit, handshake, keyring, partnership, welcome
from .io import share as sharing
from .io.models import REJECTED, FedAudit, FedIn, Lane, Partner, PartnerInvite, Share
from .names import object_uri
from .queries import partner_card, share_card
from .types import OURSELVES, PartnerCard, ShareCard

# As the table of invitations keeps it.
LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class PartnerStatus:
    """A partner and the state of the line to it."""

    card: PartnerCard
    fingerprint: str
    waiting_out: int
    waiting_in: int
    rejected_in: int
    failures: int
    last_error: str
    last_in_at: datetime | None
    last_out_at: datetime | None
    said_of_us: str
    confirmed_by_us: bool
    confirmed_by_them: bool
    shares: tuple[ShareCard, ...]


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invitation that was not used yet; the link itself is kept nowhere."""

    partnership: str
    expires_at: datetime


async def partners() -> list[PartnerStatus]:
    """Every partner with its queue, last traffic and shares; newest first."""
    rows = await Partner.all().order_by("-id").limit(200).select_related("organisation")
    return [await _status(row) for row in rows]


async def partner(partner_id: int) -> PartnerStatus:
    return await _status(await partnership.get(partner_id))


async def our_fingerprint() -> str:
    """Our root key's fingerprint in groups of four, to be compared on the telephone."""
    return keys.grouped(await keyring.our_fingerprint())


async def open_invites() -> list[OpenInvite]:
    rows = await PartnerInvite.filter(used_at__isnull=True).order_by("-id").limit(50)
    return [OpenInvite(row.partnership, row.expires_at) for row in rows]


async def create_invite(person_id: int) -> str:
    """A link for another company's admin: one use, shown once."""
    return await welcome.create_invite(person_id=person_id)


async def cancel_invite(partnership_name: str, person_id: int) -> None:
    """Make an unused invitation worthless."""
    found = PartnerInvite.filter(partnership=partnership_name, used_at__isnull=True)
    if len(partnership_name) > LONGEST_NAME or not await found.delete():
        raise NotFound(_("This invitation is not open any more."))
    await audit.note("admin", "invite.cancel", subject=partnership_name, person_id=person_id)


async def accept_invite(link: str, person_id: int) -> PartnerStatus:
    """Join by a pasted link; afterwards both sides show a code."""
    joined = await handshake.join(link, person_id=person_id)
    return await partner(joined.id)


async def code(partner_id: int) -> str:
    """The twelve digits to read to the other company's admin, in groups of four."""
    digits = await partnership.code_of(await partnership.get(partner_id))
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


async def confirm_code(partner_id: int, heard: str, person_id: int) -> None:
    """Confirm with the code the other admin read out."""
    await partnership.confirm(partner_id, heard, person_id=person_id)


async def suspend(partner_id: int, person_id: int) -> None:
    await partnership.suspend(partner_id, person_id=person_id)


async def resume(partner_id: int, person_id: int) -> None:
    await partnership.resume(partner_id, person_id=person_id)


async def terminate(partner_id: int, person_id: int) -> None:
    await partnership.terminate(partner_id, person_id=person_id)


async def share_space(partner_id: int, space_id: int, person_id: int) -> int:
    """Offer a space of ours; the number of the share."""
    document = await registry.load("spaces", space_id, OURSELVES)
    name = str(document["name"]) if document else ""
    if not name:
        raise NotFound(_("This space cannot be shared."))
    summary = str(document.get("summary") or "") if document else ""
    group = Group(id=object_uri("spaces", space_id), name=name, summary=summary or None)
    offered = await sharing.offer(
        await partnership.get(partner_id), space_id, group, person_id=person_id
    )
    return offered.id


async def unshare_space(share_id: int, person_id: int) -> None:
    """Stop at once, from either side."""
    await sharing.end(share_id, person_id=person_id)


async def accept_share(share_id: int, person_id: int) -> None:
    """Take an offered space: its mirror is made."""
    await sharing.accept(share_id, person_id=person_id)


async def decline_share(share_id: int, person_id: int) -> None:
    await sharing.decline(share_id, person_id=person_id)


async def audit_entries(
    partner_id: int | None = None, *, before: int | None = None
) -> list[FedAudit]:
    """Newest first, a hundred at a time."""
    entries = FedAudit.all() if partner_id is None else FedAudit.filter(partner_id=partner_id)
    if before is not None:
        entries = entries.filter(seq__lt=before)
    return await entries.order_by("-seq").limit(100)


async def audit_export() -> AsyncIterator[FedAudit]:
    """The whole record, oldest first."""
    last = 0
    while rows := await FedAudit.filter(seq__gt=last).order_by("seq").limit(500):
        for row in rows:
            yield row
        last = rows[-1].seq


async def audit_broken_at() -> int | None:
    """The first entry that was tampered with; None when the chain holds."""
    return await audit.broken_at()


async def _status(row: Partner) -> PartnerStatus:
    lanes = await Lane.filter(partner_id=row.id, outgoing=True)
    received = FedIn.filter(partner_id=row.id)
    shares = await Share.filter(partner_id=row.id).order_by("-id").select_related("partner")
    return PartnerStatus(
        card=partner_card(row),
        fingerprint=keys.grouped(keys.fingerprint(keyring.public_key(row.public_key))),
        waiting_out=sum(lane.head - lane.acked for lane in lanes),
        waiting_in=await received.filter(state__in=("pending", "deferred")).count(),
        rejected_in=await received.filter(state=REJECTED).count(),
        failures=max((lane.failures for lane in lanes), default=0),
        last_error=next((lane.last_error for lane in lanes if lane.last_error), ""),
        last_in_at=row.last_in_at,
        last_out_at=row.last_out_at,
        said_of_us=row.said_of_us,
        confirmed_by_us=row.our_proof is not None,
        confirmed_by_them=row.their_proof is not None,
        shares=tuple(share_card(share) for share in shares),
    )

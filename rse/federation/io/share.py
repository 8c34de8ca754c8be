"""Sharing one space with one partner: invite, accept, attach the mirror, end."""

from rse.federation.core.vocab import Activity, Group, Ref
from rse.federation.names import activity_uri, object_uri, our_actor
from rse.federation.types import ShareAccepted, ShareEnded
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id

from . import audit, log
from .models import CONTROL, Partner, Share

OPEN = ("invited", "accepted", "active")


async def offer(
    partner: Partner, space_id: int, group: Group, *, person_id: int | None = None
) -> Share:
    """Invite the partner into a space of ours. Content flows once its admin accepted."""
    if partner.state != "active":
        raise Conflict(_("This partnership is not active."))
    if await Share.exists(partner_id=partner.id, space_id=space_id, state__in=OPEN):
        raise Conflict(_("This space is shared with this partner already."))
    async with transaction():
        share_id = new_id()
        share = await Share.create(
            id=share_id, partner=partner, hosted_by_us=True, space_id=space_id,
            group_uri=object_uri("spaces", space_id), group_name=group.name,
            group_summary=group.summary or "", invite_uri=activity_uri(f"share:{share_id}"),
            state="invited",
        )  # fmt: skip
        await log.append(partner.id, CONTROL, _invite(share, partner, group))
        await audit.note(
            "admin", "share", partner_id=partner.id, subject=share.group_uri, person_id=person_id
        )
    return share


async def received(partner_id: int, activity: Activity, group: Group) -> None:
    """A partner invites us into a space of theirs: one of our admins decides."""
    if await Share.exists(invite_uri=activity.id):
        return
    await Share.create(
        partner_id=partner_id, hosted_by_us=False, space_id=None, group_uri=group.id,
        group_name=group.name, group_summary=group.summary or "",
        policy=activity.share_policy or "postAndReply", invite_uri=activity.id, state="invited",
    )  # fmt: skip


async def accept(share_id: int, *, person_id: int | None = None) -> Share:
    """As guest, say yes. The spaces feature then makes the mirror and calls `attach`."""
    share = await _guest_share(share_id, "invited")
    async with transaction() as change:
        await Share.filter(id=share.id).update(state="accepted")
        await audit.note(
            "admin",
            "share.accept",
            partner_id=share.partner_id,
            subject=share.group_uri,
            person_id=person_id,
        )
        change.record(ShareAccepted(share.id, share.partner_id))
    return share


async def decline(share_id: int, *, person_id: int | None = None) -> None:
    """As guest, say no."""
    share = await _guest_share(share_id, "invited")
    async with transaction():
        await Share.filter(id=share.id).update(state="rejected", ended_at=clock.now())
        await audit.note(
            "admin",
            "share.reject",
            partner_id=share.partner_id,
            subject=share.group_uri,
            person_id=person_id,
        )
        await log.append(share.partner_id, CONTROL, _answer(share, "Reject"))


async def attach(share_id: int, space_id: int) -> None:
    """The mirror exists: content may flow, and the host is told. Doing it twice changes nothing."""
    share = await Share.get(id=share_id)
    if share.state != "accepted":
        return
    async with transaction():
        await Share.filter(id=share.id).update(state="active", space_id=space_id)
        await log.append(share.partner_id, CONTROL, _answer(share, "Accept"))


async def answered(share: Share, *, accepted: bool) -> None:
    """As host, learn what the partner's admin decided."""
    async with transaction() as change:
        now = clock.now()
        if accepted:
            await Share.filter(id=share.id).update(state="active", history_from=now)
            change.record(ShareAccepted(share.id, share.partner_id))
        else:
            await Share.filter(id=share.id).update(state="rejected", ended_at=now)


async def end(share_id: int, *, person_id: int | None = None) -> None:
    """Stop at once, then tell the partner; either side may."""
    share = await Share.get_or_none(id=share_id)
    if share is None or share.state not in OPEN:
        raise NotFound(_("This space is not shared any more."))
    async with transaction():
        await ended(share)
        await audit.note(
            "admin",
            "unshare",
            partner_id=share.partner_id,
            subject=share.group_uri,
            person_id=person_id,
        )
        await log.append(share.partner_id, CONTROL, _undo(share))


async def ended(share: Share) -> None:
    """Mark the end; from here every read and write of this share is refused."""
    async with transaction() as change:
        await Share.filter(id=share.id).update(state="ended", ended_at=clock.now())
        change.record(ShareEnded(share.id, share.partner_id))


async def _guest_share(share_id: int, state: str) -> Share:
    share = await Share.get_or_none(id=share_id, hosted_by_us=False, state=state)
    if share is None:
        raise NotFound(_("This invitation is not open any more."))
    return share


def _invite(share: Share, partner: Partner, group: Group) -> Activity:
    return Activity(
        id=share.invite_uri, type="Invite", actor=our_actor(), object=group,
        target=actor_of(partner), share_policy=share.policy, published=clock.now(),
    )  # fmt: skip


def _answer(share: Share, kind: str) -> Activity:
    return Activity(
        id=activity_uri(f"share.{kind}:{share.id}"), type=kind, actor=our_actor(),
        object=Ref(id=share.invite_uri, type="Invite", object=share.group_uri),
        published=clock.now(),
    )  # fmt: skip


def _undo(share: Share) -> Activity:
    return _answer(share, "Undo")


def actor_of(partner: Partner) -> str:
    """The partner's instance actor."""
    return f"{partner.origin}/fed/actor"

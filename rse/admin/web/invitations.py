"""Invitations: by mail, by link, and the list of those given out."""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.account.queries import waiting as who_waits
from rse.admin.actions import batches, newcomers
from rse.admin.actions import invitations as actions
from rse.admin.actions.invitations import Invited
from rse.admin.drafts import LinkInvitationDraft, ListDraft, MailInvitationDraft, ReasonDraft
from rse.admin.invitation_lists import sentence
from rse.admin.models import InvitationBatch
from rse.admin.queries import batches as lists
from rse.admin.queries import members as queries
from rse.identity.community import community
from rse.identity.current import current_account
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.kernel.ids import made_at, to_public
from rse.mail.out.queue import is_on
from rse.web import go, render
from rse.web.form import Form, refused, typed

from .asked import asked_id

blueprint = Blueprint("invitations", __name__)

PAGE = "/admin/invitations"


@blueprint.get(PAGE)
async def invitations() -> ResponseReturnValue:
    return await _page(Form({"days": "14", "uses": "10"}))


@blueprint.post(f"{PAGE}/mails")
async def invite_addresses() -> ResponseReturnValue:
    try:
        invited = await actions.invite_addresses(
            current_account(), await parse(MailInvitationDraft)
        )
    except RseError as error:
        return refused(error, await _page(await typed(error)))
    return await _page(Form({"days": "14", "uses": "10"}), invited)


@blueprint.post(f"{PAGE}/links")
async def make_link() -> ResponseReturnValue:
    try:
        await actions.make_link(current_account(), await parse(LinkInvitationDraft))
    except RseError as error:
        return refused(error, await _page(await typed(error)))
    return go(PAGE)


@blueprint.post(f"{PAGE}/approval")
async def change_approval() -> ResponseReturnValue:
    wanted = (await request.form).get("approval") == "on"
    await newcomers.change_approval(current_account(), approval=wanted)
    return go(PAGE)


@blueprint.post(f"{PAGE}/lists")
async def look_at_list() -> ResponseReturnValue:
    """Read a list: a file, or what was pasted."""
    try:
        draft = await parse(ListDraft)
        sent = (await request.files).get("file")
        content = sent.read() if sent and sent.filename else draft.list.encode()
        batch = await batches.look_at(current_account(), content, draft.days)
    except RseError as error:
        return refused(error, await _page(await typed(error)))
    return go(f"{PAGE}/lists/{to_public(batch.id)}")


@blueprint.get(f"{PAGE}/lists/<id:batch_id>")
async def show_list(batch_id: int) -> str:
    return await _list_page(await lists.batch(batch_id))


@blueprint.post(f"{PAGE}/lists/<id:batch_id>")
async def invite_list(batch_id: int) -> ResponseReturnValue:
    batch = await lists.batch(batch_id)
    try:
        await batches.start(current_account(), batch)
    except RseError as error:
        return refused(error, await _list_page(batch, error.message))
    return go(f"{PAGE}/lists/{to_public(batch.id)}")


async def _list_page(batch: InvitationBatch, message: str = "") -> str:
    lines = lists.lines_of(batch)
    return await render(
        "admin/invitation_list.html",
        batch=batch,
        lines=[(line, sentence(line.error or line.outcome)) for line in lines],
        good=sum(not line.error for line in lines),
        bad=sum(bool(line.error) for line in lines),
        done=sum(bool(line.outcome) for line in lines),
        message=message,
    )


@blueprint.get("/admin/requests")
async def requests() -> str:
    return await _requests_page(Form())


@blueprint.post("/admin/requests/<id:request_id>/approval")
async def approve(request_id: int) -> ResponseReturnValue:
    await newcomers.approve(current_account(), request_id)
    return go("/admin/requests")


@blueprint.post("/admin/requests/<id:request_id>/refusal")
async def decline(request_id: int) -> ResponseReturnValue:
    try:
        await newcomers.decline(current_account(), request_id, await parse(ReasonDraft))
    except RseError as error:
        form = await typed(error)
        return refused(error, await _requests_page(form, request_id))
    return go("/admin/requests")


async def _requests_page(form: Form, refused_id: int = 0) -> str:
    live = await community()
    return await render(
        "admin/requests.html",
        waiting=[(one, made_at(one.id)) for one in await who_waits()],
        approval=live.approval,
        form=form,
        refused_id=refused_id,
    )


@blueprint.post(f"{PAGE}/<id:invitation_id>/cancel")
async def cancel(invitation_id: int) -> ResponseReturnValue:
    await actions.cancel(current_account(), await queries.invitation(invitation_id))
    return go(PAGE)


@blueprint.post(f"{PAGE}/<id:invitation_id>/resend")
async def resend(invitation_id: int) -> ResponseReturnValue:
    await actions.resend(current_account(), await queries.invitation(invitation_id))
    return go(PAGE)


async def _page(form: Form, invited: Invited | None = None) -> str:
    return await render(
        "admin/invitations.html",
        invitations=await queries.invitation_rows(asked_id("before")),
        mail_is_on=is_on(),
        approval=(await community()).approval,
        waiting=len(await who_waits()),
        batches=[(one, made_at(one.id)) for one in await lists.recent()],
        form=form,
        invited=invited,
    )

"""Invitations: by mail, by link, and the list of those given out."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.admin.actions import invitations as actions
from rse.admin.actions.invitations import Invited
from rse.admin.drafts import LinkInvitationDraft, MailInvitationDraft
from rse.admin.queries import members as queries
from rse.identity.current import current_account
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
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
        form=form,
        invited=invited,
    )

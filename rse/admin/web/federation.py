"""Partner companies: invite, join, compare the code, suspend, share spaces, read the record."""

from typing import Literal

from pydantic import BaseModel, Field
from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.admin.actions import partners as actions
from rse.admin.queries import partners as queries
from rse.federation import admin as federation
from rse.identity.current import current_account
from rse.kernel.errors import NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.text import clean_line
from rse.web import go, render
from rse.web.form import Form, refused, typed

blueprint = Blueprint("federation", __name__)

PAGE = "/admin/federation"


class LinkDraft(BaseModel):
    link: str = Field(min_length=1, max_length=2000)


class CodeDraft(BaseModel):
    code: str = Field(min_length=1, max_length=40)


class StepDraft(BaseModel):
    step: Literal["suspend", "resume", "terminate"]


class SpaceDraft(BaseModel):
    space: str = Field(min_length=1, max_length=20)


class AnswerDraft(BaseModel):
    answer: Literal["accept", "decline", "end"]


@blueprint.get(PAGE)
async def partners() -> ResponseReturnValue:
    return await _list(Form())


@blueprint.post(f"{PAGE}/invitations")
async def invite() -> ResponseReturnValue:
    """Shown in this answer only: it is kept nowhere."""
    return await _list(Form(), link=await actions.invite(current_account()))


@blueprint.post(f"{PAGE}/invitations/cancel")
async def cancel_invitation() -> ResponseReturnValue:
    name = clean_line((await request.form).get("partnership", ""), 200)
    await federation.cancel_invite(name, current_account().person_id)
    return go(PAGE)


@blueprint.post(f"{PAGE}/partners")
async def accept() -> ResponseReturnValue:
    try:
        partner = await actions.accept(current_account(), (await parse(LinkDraft)).link)
    except RseError as error:
        return refused(error, await _list(await typed(error)))
    return go(f"{PAGE}/{to_public(partner.card.id)}")


async def _list(form: Form, link: str = "") -> str:
    return await render(
        "admin/federation.html",
        partners=await federation.partners(),
        states=queries.state_words(),
        invites=await federation.open_invites(),
        fingerprint=await federation.our_fingerprint(),
        form=form,
        link=link,
    )


@blueprint.get(f"{PAGE}/<id:partner_id>")
async def partner(partner_id: int) -> ResponseReturnValue:
    return await _page(partner_id, Form())


@blueprint.post(f"{PAGE}/<id:partner_id>/code")
async def confirm(partner_id: int) -> ResponseReturnValue:
    try:
        await actions.confirm(current_account(), partner_id, (await parse(CodeDraft)).code)
    except RseError as error:
        return refused(error, await _page(partner_id, await typed(error)))
    return go(f"{PAGE}/{to_public(partner_id)}")


@blueprint.post(f"{PAGE}/<id:partner_id>/step")
async def step(partner_id: int) -> ResponseReturnValue:
    try:
        await actions.step(current_account(), partner_id, (await parse(StepDraft)).step)
    except RseError as error:
        return refused(error, await _page(partner_id, await typed(error)))
    return go(f"{PAGE}/{to_public(partner_id)}")


@blueprint.post(f"{PAGE}/<id:partner_id>/shares")
async def share(partner_id: int) -> ResponseReturnValue:
    try:
        space_id = _space_id((await parse(SpaceDraft)).space)
        await actions.share(current_account(), partner_id, space_id)
    except RseError as error:
        return refused(error, await _page(partner_id, await typed(error)))
    return go(f"{PAGE}/{to_public(partner_id)}")


def _space_id(text: str) -> int:
    try:
        return parse_public(text)
    except NotFound:
        raise NotFound(_("Choose one of the spaces.")) from None


@blueprint.post(f"{PAGE}/<id:partner_id>/shares/<id:share_id>")
async def answer_share(partner_id: int, share_id: int) -> ResponseReturnValue:
    await queries.share_belongs(partner_id, share_id)
    answer = (await parse(AnswerDraft)).answer
    await actions.answer_share(current_account(), partner_id, share_id, answer)
    return go(f"{PAGE}/{to_public(partner_id)}")


async def _page(partner_id: int, form: Form) -> str:
    found = await federation.partner(partner_id)
    return await render(
        "admin/partner.html",
        partner=found,
        states=queries.state_words(),
        share_states=queries.share_words(),
        code=await queries.code_to_compare(found),
        fingerprint=await federation.our_fingerprint(),
        spaces=await queries.shareable_spaces(found),
        form=form,
    )


@blueprint.get(f"{PAGE}/audit")
async def record() -> ResponseReturnValue:
    text = request.args.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 19 else None
    entries = await federation.audit_entries(before=before)
    return await render(
        "admin/federation_audit.html",
        entries=entries,
        next_before=entries[-1].seq if len(entries) == 100 else None,
        broken_at=await federation.audit_broken_at(),
    )

"""Members: the list, and one member with role, access, link, sessions and mail address."""

from collections.abc import Awaitable, Callable

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.admin import rules
from rse.admin.actions import members as actions
from rse.admin.drafts import MailChangeDraft, ReasonDraft, RoleDraft
from rse.admin.queries import members as queries
from rse.admin.queries.outsiders import find as find_outsider
from rse.identity.current import current_account
from rse.identity.models import Account
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import ngettext
from rse.kernel.ids import to_public
from rse.web import go, render
from rse.web.form import Form, refused, typed

from .asked import asked_id
from .outsiders import page as outsider_page

blueprint = Blueprint("members", __name__)


@blueprint.get("/admin/members")
async def members() -> ResponseReturnValue:
    text, chosen = request.args.get("q", "")[:200], request.args.get("show", "")
    return await render(
        "admin/members.html",
        members=await queries.members(text, chosen, asked_id("after")),
        text=text,
        chosen=chosen if chosen in queries.FILTERS else "",
        counts=await queries.counts(),
    )


@blueprint.get("/admin/members/<id:person_id>")
async def member(person_id: int) -> ResponseReturnValue:
    if await find_outsider(person_id):
        return await outsider_page(person_id)
    return await _page(await queries.member(person_id))


@blueprint.post("/admin/members/<id:person_id>/role")
async def change_role(person_id: int) -> ResponseReturnValue:
    async def change(account: Account) -> None:
        await actions.change_role(current_account(), account, (await parse(RoleDraft)).role)

    return await _changed(person_id, change)


@blueprint.post("/admin/members/<id:person_id>/disable")
async def disable(person_id: int) -> ResponseReturnValue:
    async def change(account: Account) -> None:
        await actions.disable(current_account(), account, (await parse(ReasonDraft)).reason)

    return await _changed(person_id, change)


@blueprint.post("/admin/members/<id:person_id>/enable")
async def enable(person_id: int) -> ResponseReturnValue:
    async def change(account: Account) -> None:
        await actions.enable(current_account(), account, (await parse(ReasonDraft)).reason)

    return await _changed(person_id, change)


@blueprint.post("/admin/members/<id:person_id>/mail")
async def change_mail(person_id: int) -> ResponseReturnValue:
    async def change(account: Account) -> None:
        await actions.change_mail(current_account(), account, (await parse(MailChangeDraft)).email)

    return await _changed(person_id, change)


@blueprint.post("/admin/members/<id:person_id>/link")
async def make_link(person_id: int) -> ResponseReturnValue:
    """Shown in this answer only: it is kept nowhere and stands in no address."""
    account = await queries.member(person_id)
    return await _page(account, link=await actions.make_password_link(current_account(), account))


@blueprint.post("/admin/members/<id:person_id>/sessions/end")
async def end_sessions(person_id: int) -> ResponseReturnValue:
    account = await queries.member(person_id)
    ended = await actions.end_sessions(current_account(), account)
    return await _page(
        account, done=ngettext("%(n)s browser signed out.", "%(n)s browsers signed out.", ended)
    )


async def _changed(
    person_id: int, change: Callable[[Account], Awaitable[None]]
) -> ResponseReturnValue:
    account = await queries.member(person_id)
    try:
        await change(account)
    except RseError as error:
        return refused(error, await _page(account, form=await typed(error)))
    return go(f"/admin/members/{to_public(person_id)}")


async def _page(account: Account, form: Form | None = None, link: str = "", done: str = "") -> str:
    person = account.person
    return await render(
        "admin/member.html",
        account=account,
        person=person,
        directory=rules.directory_of(account.source),
        switched_off_by=rules.directory_of(person.status_source),
        may_enable=rules.may_enable(person),
        may_disable=rules.may_disable(current_account().person, person),
        may_get_link=rules.may_get_link(account),
        mail_kept_by=person.locked_fields.get("email", ""),
        last_seen=await queries.last_seen(account.id),
        session_count=await queries.session_count(account.id),
        form=form or Form(),
        link=link,
        done=done,
    )

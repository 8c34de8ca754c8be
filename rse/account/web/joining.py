"""The door for the invited, and the terms they are shown."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.account import actions, rules
from rse.account.drafts import AddressDraft, JoinDraft
from rse.identity.community import Community, community
from rse.identity.invitations import look_at_invitation
from rse.identity.models import Invitation
from rse.kernel.errors import NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import current_language
from rse.kernel.i18n import gettext as _
from rse.kernel.text import render_markdown
from rse.web import render
from rse.web.form import Form, typed

from .doors import caller, entered, secret_page

blueprint = Blueprint("joining", __name__)


@blueprint.get("/join/<token>")
async def join_page(token: str) -> ResponseReturnValue:
    invitation = await look_at_invitation(token)
    form = Form({"email": invitation.email, "language": current_language()})
    return secret_page(await _page(invitation, await community(), form))


@blueprint.post("/join/<token>")
async def join(token: str) -> ResponseReturnValue:
    invitation, live = await look_at_invitation(token), await community()
    try:
        if rules.must_prove_address(invitation):
            await actions.prove_address(invitation, await parse(AddressDraft))
            return secret_page(await _page(invitation, live, Form(), sent=True))
        opened = await actions.join(
            invitation, await parse(JoinDraft), caller(), terms_shown=bool(live.terms)
        )
    except RseError as error:
        return secret_page(await _page(invitation, live, await typed(error)), error)
    return entered(opened)


async def _page(invitation: Invitation, live: Community, form: Form, *, sent: bool = False) -> str:
    return await render(
        "account/prove_address.html"
        if rules.must_prove_address(invitation)
        else "account/join.html",
        invitation=invitation,
        inviter=invitation.invited_by.display_name,
        has_terms=bool(live.terms),
        form=form,
        sent=sent,
    )


@blueprint.get("/terms")
async def terms_page() -> ResponseReturnValue:
    live = await community()
    if not live.terms:
        raise NotFound(_("This network has no terms of its own."))
    return await render(
        "account/terms.html", terms=render_markdown(live.terms), changed_at=live.terms_changed_at
    )

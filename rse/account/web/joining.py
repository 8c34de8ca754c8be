"""The door for the invited, and the terms they are shown."""

from urllib.parse import urlencode

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.account import actions, newcomers, rules
from rse.account.drafts import AddressDraft, JoinDraft, TermsDraft
from rse.identity.community import Community, community
from rse.identity.current import current_account, current_session
from rse.identity.invitations import look_at_invitation
from rse.identity.models import Invitation
from rse.kernel.errors import Invalid, NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import current_language
from rse.kernel.i18n import gettext as _
from rse.kernel.text import render_markdown
from rse.web import go, render
from rse.web.form import Form, refused, typed
from rse.web.render import fragment_wanted

from .doors import caller, entered, secret_page

blueprint = Blueprint("joining", __name__)
# Where one may go without having accepted: to read them, to leave, to take one's data along, and
# to write them.
WITHOUT_TERMS = ("/terms", "/sign-", "/settings", "/admin", "/privacy")


@blueprint.get("/join/<token>")
async def join_page(token: str) -> ResponseReturnValue:
    invitation = await look_at_invitation(token)
    form = Form(
        {"email": invitation.email, "name": invitation.name, "language": current_language()}
    )
    return secret_page(await _page(invitation, await community(), form))


@blueprint.post("/join/<token>")
async def join(token: str) -> ResponseReturnValue:
    invitation, live = await look_at_invitation(token), await community()
    try:
        if rules.must_prove_address(invitation):
            await newcomers.prove_address(invitation, await parse(AddressDraft))
            return secret_page(await _page(invitation, live, Form(), sent=True))
        draft = await parse(JoinDraft)
        opened = await newcomers.join(invitation, draft, caller())
    except RseError as error:
        return secret_page(await _page(invitation, live, await typed(error)), error)
    if opened is None:
        return secret_page(await render("account/waiting.html", name=draft.name))
    return entered(opened)


async def _page(invitation: Invitation, live: Community, form: Form, *, sent: bool = False) -> str:
    return await render(
        "account/prove_address.html"
        if rules.must_prove_address(invitation)
        else "account/join.html",
        invitation=invitation,
        inviter=invitation.invited_by.display_name,
        # On the page itself: whoever left it to read them would lose what they typed.
        terms=render_markdown(live.terms) if live.terms else "",
        must_wait=rules.must_wait(invitation, approval=live.approval),
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


@blueprint.get("/terms/accept")
async def accept_page() -> ResponseReturnValue:
    current_account()
    return await _accept_page(Form({"next": request.args.get("next", "/")}))


@blueprint.post("/terms/accept")
async def accept() -> ResponseReturnValue:
    account = current_account()
    try:
        draft = await parse(TermsDraft)
        if not draft.terms:
            sentence = _("Accept the terms to go on.")
            raise Invalid(sentence, {"terms": sentence})
        await actions.accept_terms(account, draft.version)
    except RseError as error:
        return refused(error, await _accept_page(await typed(error)))
    return go(draft.next)


async def _accept_page(form: Form) -> str:
    live = await community()
    if not live.terms:  # taken away while somebody read them
        raise NotFound(_("This network has no terms of its own."))
    return await render(
        "account/accept_terms.html",
        terms=render_markdown(live.terms),
        changed_at=live.terms_changed_at,
        version=live.terms_version,
        form=form,
    )


async def ask_for_terms() -> ResponseReturnValue | None:
    """Whoever has not accepted the terms in force is asked before the next page they open."""
    session = current_session()
    if session is None or not session.account.terms_due:
        return None
    opens_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    if not opens_page or fragment_wanted() or request.path.startswith(WITHOUT_TERMS):
        return None
    return go(f"/terms/accept?{urlencode({'next': request.full_path.rstrip('?')})}")

"""The doors: sign-in, set-up, one-time link, reset; and the language before any of them."""

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from rse.account import actions, queries
from rse.account.actions import Caller
from rse.account.drafts import AddressDraft, LanguageDraft, PasswordDraft, SetupDraft, SignInDraft
from rse.identity import links
from rse.identity.current import current_session
from rse.identity.models import OneTimeLink
from rse.identity.sessions import session_for
from rse.kernel.errors import NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.web import go, kept, render
from rse.web.form import Form, refused, typed
from rse.web.session import client_network, forget_session, remember_session, set_cookie

blueprint = Blueprint("doors", __name__)

YEAR_SECONDS = 365 * 86_400


@blueprint.get("/sign-in")
async def sign_in_page() -> ResponseReturnValue:
    target = request.args.get("next", "/")
    if current_session():
        return go(target)
    return await render("account/sign_in.html", form=Form({"next": target}))


@blueprint.post("/sign-in")
async def sign_in() -> ResponseReturnValue:
    try:
        draft = await parse(SignInDraft)
        token = await actions.sign_in(draft, caller())
    except RseError as error:
        return refused(error, await render("account/sign_in.html", form=await typed(error)))
    session = await session_for(token)
    place = await kept.give_back(session.account.person, await request.form) if session else ""
    return entered(token, place or draft.next)


async def sign_in_again(form: MultiDict[str, str]) -> str:
    """The sign-in page for somebody whose session ended while they were writing."""
    values = {"next": form.get("back", "/"), **kept.carried(form)}
    return await render("account/sign_in.html", form=Form(values), is_again=True)


@blueprint.post("/sign-out")
async def sign_out() -> ResponseReturnValue:
    session = current_session()
    if session:
        await actions.revoke_session(session, session.id)
    response = go("/sign-in")
    assert isinstance(response, Response)  # noqa: S101
    forget_session(response)
    # Pictures and files in the browser's own cache; the service worker forgets the pages it kept.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/setup/<token>")
async def setup_page(token: str) -> ResponseReturnValue:
    await _setup_link(token)
    return secret_page(await render("account/setup.html", form=Form()))


@blueprint.post("/setup/<token>")
async def set_up(token: str) -> ResponseReturnValue:
    link = await _setup_link(token)
    try:
        opened = await actions.set_up(link, await parse(SetupDraft), caller())
    except RseError as error:
        return secret_page(await render("account/setup.html", form=await typed(error)), error)
    return entered(opened)


async def _setup_link(token: str) -> OneTimeLink:
    if await queries.has_admin():
        raise NotFound(_("This network has an administrator already. Sign in instead."))
    return await links.look_at_link(token, links.SETUP)


@blueprint.get("/link/<token>")
async def link_page(token: str) -> ResponseReturnValue:
    link = await links.look_at_link(token, links.SIGN_IN)
    name = link.account.person.display_name if link.account else ""
    return secret_page(await render("account/link.html", name=name))


@blueprint.post("/link/<token>")
async def use_link(token: str) -> ResponseReturnValue:
    link = await links.look_at_link(token, links.SIGN_IN)
    return entered(await actions.sign_in_by_link(link, caller()))


@blueprint.get("/reset")
async def reset_page() -> ResponseReturnValue:
    return await render("account/reset.html", form=Form(), sent=False)


@blueprint.post("/reset")
async def request_reset() -> ResponseReturnValue:
    try:
        await actions.request_reset(await parse(AddressDraft), caller())
    except RseError as error:
        form = await typed(error)
        return refused(error, await render("account/reset.html", form=form, sent=False))
    return await render("account/reset.html", form=Form(), sent=True)


@blueprint.get("/reset/<token>")
async def new_password_page(token: str) -> ResponseReturnValue:
    link = await links.look_at_link(token, links.RESET)
    login = link.account.login if link.account else ""
    return secret_page(await render("account/new_password.html", form=Form(), login=login))


@blueprint.post("/reset/<token>")
async def reset(token: str) -> ResponseReturnValue:
    link = await links.look_at_link(token, links.RESET)
    try:
        opened = await actions.reset(link, await parse(PasswordDraft), caller())
    except RseError as error:
        page = await render(
            "account/new_password.html",
            form=await typed(error),
            login=link.account.login if link.account else "",
        )
        return secret_page(page, error)
    return entered(opened)


@blueprint.post("/language")
async def choose_language() -> ResponseReturnValue:
    draft = await parse(LanguageDraft)
    session = current_session()
    if session:
        await actions.change_language(session, draft.language)
    response = go(draft.next)
    assert isinstance(response, Response)  # noqa: S101
    set_cookie(response, "language", draft.language, seconds=YEAR_SECONDS)
    return response


def caller() -> Caller:
    return Caller(request.headers.get("User-Agent", ""), client_network(), current_session())


def entered(token: str, target: str = "/") -> Response:
    """Hand the browser its session and go on."""
    response = go(target)
    assert isinstance(response, Response)  # noqa: S101
    remember_session(response, token)
    return response


def secret_page(body: str, error: RseError | None = None) -> Response:
    """A page whose address carries a secret: the browser tells it to nobody."""
    if error:
        response = refused(error, body)
    else:
        response = Response(body, content_type="text/html; charset=utf-8")
    # Not "no-referrer": browsers then send the page's own form as from nowhere, and it is refused.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response

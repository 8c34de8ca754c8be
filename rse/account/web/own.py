"""Settings of one's own account: language, password, sessions."""

from collections.abc import Sequence
from zoneinfo import available_timezones

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.account import actions, queries, rules
from rse.account.drafts import PasswordChangeDraft, PreferencesDraft
from rse.identity.current import current_session
from rse.identity.models import Person, Session
from rse.kernel.errors import RseError, SignInRequired
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.web import go, render
from rse.web.form import Form, refused, typed
from rse.web.shell import NavItem

blueprint = Blueprint("own", __name__)


@blueprint.get("/settings")
async def settings_page() -> ResponseReturnValue:
    account = _session().account
    values = {
        "language": account.person.language,
        "timezone": account.person.timezone,
        "scheme": account.scheme,
    }
    return await _page(Form(values))


@blueprint.post("/settings")
async def change_preferences() -> ResponseReturnValue:
    try:
        await actions.change_preferences(_session(), await parse(PreferencesDraft))
    except RseError as error:
        return refused(error, await _page(await typed(error)))
    return go("/settings")


async def _page(form: Form) -> str:
    return await render(
        "account/settings.html",
        form=form,
        zones=[(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
    )


@blueprint.get("/settings/security")
async def security_page() -> ResponseReturnValue:
    return await _security_page(Form())


@blueprint.post("/settings/password")
async def change_password() -> ResponseReturnValue:
    try:
        await actions.change_password(_session(), await parse(PasswordChangeDraft))
    except RseError as error:
        return refused(error, await _security_page(await typed(error)))
    return await _security_page(Form(), done=_("Your password has been changed."))


@blueprint.post("/settings/sessions/<id:session_id>/end")
async def revoke_session(session_id: int) -> ResponseReturnValue:
    await actions.revoke_session(_session(), session_id)
    return go("/settings/security")


@blueprint.post("/settings/sessions/end-others")
async def revoke_other_sessions() -> ResponseReturnValue:
    await actions.revoke_other_sessions(_session())
    return go("/settings/security")


async def _security_page(form: Form, done: str = "") -> str:
    session = _session()
    return await render(
        "account/security.html",
        form=form,
        done=done,
        sessions=await queries.session_rows(session),
        may_change_password=rules.may_change_password(session.account),
        has_password=session.account.password_hash is not None,
        source=session.account.source.partition(":")[2],
        account=session.account,
    )


async def navigation(person: Person) -> Sequence[NavItem]:
    """The first tabs of the settings; other parts add theirs."""
    return [
        NavItem(group="settings", label=_("General"), url="/settings", position=10),
        NavItem(
            group="settings",
            label=_("Password and sessions"),
            url="/settings/security",
            position=20,
        ),
    ]


def _session() -> Session:
    session = current_session()
    if session is None:
        raise SignInRequired(_("Please sign in."))
    return session

"""Previews over HTTP: their pictures, the author's removal, the administrator's switch."""

from collections.abc import Sequence

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_admin, current_person, current_session
from rse.identity.models import Person
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.kernel.storage import blobs
from rse.web.render import go, render
from rse.web.shell import NavItem

from . import actions, queries

blueprint = Blueprint("previews", __name__)
SETTINGS = "/admin/link-previews"


@blueprint.get("/previews/<id:post_id>/picture.webp")
async def picture(post_id: int) -> Response:
    """The picture of the page a post links to, from our own store."""
    digest = await queries.picture_for(current_person(), post_id)
    response = Response(await blobs().read(digest), content_type="image/webp")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.post("/previews/<id:post_id>/removal")
async def remove(post_id: int) -> ResponseReturnValue:
    await actions.remove(current_person(), post_id)
    return go(f"/posts/{to_public(post_id)}")


@blueprint.get(SETTINGS)
async def settings_page() -> str:
    current_admin()
    return await render("previews/settings.html", are_on=await queries.are_on())


@blueprint.post(SETTINGS)
async def switch() -> ResponseReturnValue:
    current_admin()
    await actions.switch(are_on="are_on" in await request.form)
    return go(SETTINGS)


async def navigation(_person: Person) -> Sequence[NavItem]:
    """Only for administrators."""
    session = current_session()
    if session is None or not session.account.is_admin:
        return []
    label = _("Link previews")
    return [NavItem(group="admin", label=label, url=SETTINGS, icon="link", position=60)]

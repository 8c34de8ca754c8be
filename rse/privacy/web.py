"""The page where people take their data along."""

from collections.abc import Sequence

from quart import Blueprint, Response

from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel import clock, limits
from rse.kernel.i18n import gettext as _
from rse.web import render
from rse.web.shell import NavItem

from .export import archive

blueprint = Blueprint("privacy", __name__)

EXPORTS, HOUR = 6, 3600


@blueprint.get("/settings/privacy")
async def settings_page() -> str:
    current_person()
    return await render("privacy/settings.html")


@blueprint.post("/settings/privacy/export")
async def download() -> Response:
    """All that is kept of the person who asks, as a file."""
    person = current_person()
    await limits.hit(f"export:{person.id}", EXPORTS, HOUR)
    content = await archive(person.id)
    name = f"{person.handle}-{clock.now():%Y-%m-%d}.zip"
    response = Response(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.timeout = None
    return response


async def navigation(person: Person) -> Sequence[NavItem]:
    """The tab among the settings."""
    return [NavItem(group="settings", label=_("My data"), url="/settings/privacy", position=40)]

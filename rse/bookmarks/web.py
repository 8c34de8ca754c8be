"""The page of one's bookmarks, and the button on cards."""

from collections.abc import Sequence

from quart import Blueprint, current_app, request
from quart.typing import ResponseReturnValue

from rse.feed.cards import cards
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotFound
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST
from rse.web.render import fragment_wanted, go, partial, render
from rse.web.shell import NavItem

from . import actions, queries

blueprint = Blueprint("bookmarks", __name__)
HERE = "/bookmarks"


@blueprint.get(HERE)
async def index() -> str:
    """One's bookmarks, or those of one folder."""
    return await _page(current_person())


async def _page(person: Person, error: Invalid | None = None) -> str:
    chosen = request.args.get("folder", "")
    folder = await queries.folder_for(person, parse_public(chosen)) if chosen else None
    page = await queries.page(
        person, folder_id=folder.id if folder else None, cursor=_cursor(request.args)
    )
    found = await cards(person, [kept.post_id for kept in page.items], current_app.jinja_env)
    folders = await queries.folders(person)
    tabs = [(_("All"), HERE, folder is None)] + [
        (each.name, f"{HERE}?folder={to_public(each.id)}", folder is not None and each == folder)
        for each in folders
    ]
    following = to_public(page.next_cursor) if page.next_cursor else ""
    return await render(
        "bookmarks/index.html", cards=found, tabs=tabs, folder=folder,
        places={kept.post_id: kept.folder_id for kept in page.items},
        options=[("", _("No folder")), *((to_public(f.id), f.name) for f in folders)],
        next_url=f"{HERE}?folder={chosen}&before={following}" if following else "",
        name=(await request.form).get("name", "") if error else "",
        error=error.fields.get("name", error.message) if error else "",
    )  # fmt: skip


def _cursor(given: dict[str, str]) -> int:
    """Where the list goes on; a cursor that cannot be read starts at the top."""
    try:
        return parse_public(given.get("before", ""))
    except NotFound:
        return NEWEST


@blueprint.post("/bookmarks/<id:post_id>")
async def toggle(post_id: int) -> ResponseReturnValue:
    """Keep a post, or drop it; a script gets the button as it is now."""
    kept = await actions.toggle(current_person(), post_id)
    if fragment_wanted():
        return await partial("bookmarks/_button.html", value=kept, id=to_public(post_id))
    return go(f"/posts/{to_public(post_id)}" if kept else HERE)


@blueprint.post("/bookmarks/<id:post_id>/folder")
async def move(post_id: int) -> ResponseReturnValue:
    chosen = (await request.form).get("folder", "")
    await actions.move(current_person(), post_id, parse_public(chosen) if chosen else None)
    return go(f"{HERE}?folder={chosen}" if chosen else HERE)


@blueprint.post("/bookmarks/folders")
async def create_folder() -> ResponseReturnValue:
    person = current_person()
    try:
        made = await actions.create_folder(person, await parse(actions.FolderDraft))
    except Invalid as error:
        return await _page(person, error), error.status
    return go(f"{HERE}?folder={to_public(made.id)}")


@blueprint.post("/bookmarks/folders/<id:folder_id>/removal")
async def delete_folder(folder_id: int) -> ResponseReturnValue:
    await actions.delete_folder(current_person(), folder_id)
    return go(HERE)


async def navigation(_person: Person) -> Sequence[NavItem]:
    return [NavItem(group="places", label=_("Bookmarks"), url=HERE, icon="bookmark", position=40)]

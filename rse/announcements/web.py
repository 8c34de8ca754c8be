"""The pages of announcements: written, edited, acknowledged, and who has read them."""

from collections.abc import Mapping

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from rse.feed.last_day import last_day_of, today
from rse.feed.sockets import Link
from rse.files.uploads import uploads
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotAllowed, NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext
from rse.kernel.ids import parse_public, to_public
from rse.spaces.queries import SpaceView, my_spaces
from rse.web.render import fragment_wanted, go, partial, render

from . import actions, exports, queries
from .drafts import AnnouncementDraft, AnnouncementEdit
from .models import Announcement

blueprint = Blueprint("announcements", __name__)


@blueprint.get("/announcements/new")
async def new() -> str:
    """The form; each place says how many people it asks."""
    return await _form(current_person(), {"space": request.args.get("space", "")})


async def _form(
    author: Person,
    typed: Mapping[str, str],
    error: RseError | None = None,
    *,
    asked: str = "",
) -> str:
    left_out = set((await request.form).getlist("except_spaces"))
    places = await queries.places(author)
    if not places:
        raise NotAllowed(_("Only owners and moderators of the space can publish announcements."))
    options = [
        (
            to_public(place.space.id),
            ngettext(
                "%(space)s – %(n)s person is asked", "%(space)s – %(n)s people are asked",
                place.asked, space=place.space.name,
            ),
        )
        for place in places
    ]  # fmt: skip
    return await render(
        "announcements/form.html", options=options, typed=typed, today=today().isoformat(),
        error=error.message if error else "", fields=_fields(error), left_out=left_out,
        had_files=any(one.filename for one in (await request.files).values()), asked=asked,
        others=[(to_public(mine.id), mine.name) for mine in await my_spaces(author.id)],
    )  # fmt: skip


def _fields(error: RseError | None) -> dict[str, str]:
    return error.fields if isinstance(error, Invalid) else {}


@blueprint.post("/announcements")
async def create() -> ResponseReturnValue:
    """Publish. What was typed comes back when it is refused."""
    author = current_person()
    try:
        draft = await parse(AnnouncementDraft)
        if (await request.form).get("do") == "count":
            return await _form(author, await request.form, asked=await _asked(author, draft))
        draft.files = await uploads(author)
        post = await actions.publish(author, draft)
    except RseError as error:
        return await _form(author, await request.form, error), error.status
    return go(f"/posts/{to_public(post.id)}")


async def _asked(author: Person, draft: AnnouncementDraft) -> str:
    """How many it would ask as it stands in the form."""
    excluded = await queries.excluded_by(author, draft)
    number = await queries.asked_in(author, draft.space_id, excluded)
    return ngettext("%(n)s person is asked.", "%(n)s people are asked.", number)


@blueprint.get("/announcements/<id:post_id>/edit")
async def edit_form(post_id: int) -> str:
    editor = current_person()
    found, post, view = await queries.announcement_for(editor, post_id)
    if post.author_id != editor.id:
        raise NotAllowed(_("Only the author can edit this."))
    typed = {"title": post.title, "body": post.source, "version": str(post.version)}
    typed["remind_days"] = str(found.remind_days)
    typed["last_day"] = last_day_of(found.closes_at).isoformat() if found.closes_at else ""
    return await render(
        "announcements/edit.html", post=post, space=view.space, typed=typed, error="", fields={}
    )


@blueprint.post("/announcements/<id:post_id>/edit")
async def edit(post_id: int) -> ResponseReturnValue:
    editor = current_person()
    try:
        await actions.edit(editor, post_id, await parse(AnnouncementEdit))
    except RseError as error:
        _found, post, view = await queries.announcement_for(editor, post_id)
        typed = {**(await request.form), "version": str(post.version)}
        page = await render(
            "announcements/edit.html", post=post, space=view.space, typed=typed,
            error=error.message, fields=_fields(error),
        )  # fmt: skip
        return page, error.status
    return go(f"/posts/{to_public(post_id)}")


@blueprint.post("/announcements/<id:post_id>/acknowledgement")
async def acknowledge(post_id: int) -> ResponseReturnValue:
    """« I have read it »; a script gets the new foot of the card."""
    person = current_person()
    await actions.acknowledge(person, post_id)
    if not fragment_wanted():
        return go(f"/posts/{to_public(post_id)}")
    states = await queries.states(person, [post_id])
    part = queries.Part(states[0], is_asked=True, progress=None)
    return await partial("announcements/_foot.html", value=part, id=to_public(post_id))


@blueprint.get("/announcements/<id:post_id>")
async def receipts(post_id: int) -> str:
    """Who has read it, for the author and the owners of the space."""
    found, post, view = await queries.receipts_for(current_person(), post_id)
    state = _state(request.args.get("state", ""))
    after = _number(request.args.get("after", ""))
    page = await queries.people(found, state=state, after=after)
    here = f"/announcements/{to_public(post_id)}"
    chosen = "" if state is None else str(state)
    tabs = [(_("Everybody"), here, state is None)] + [
        (words, f"{here}?state={number}", state == number)
        for number, words in exports.state_words().items()
    ]
    following = to_public(page.next_cursor) if page.next_cursor else ""
    return await render(
        "announcements/receipts.html", post=post, space=view.space, people=page.items, tabs=tabs,
        progress=(await queries.progress_of([post_id]))[post_id], here=here,
        last_day=_last_day(found), words=exports.state_words(),
        next_url=f"{here}?state={chosen}&after={following}" if following else "",
    )  # fmt: skip


def _last_day(found: Announcement) -> object:
    return last_day_of(found.closes_at) if found.closes_at else None


def _state(text: str) -> int | None:
    """A state that cannot be read shows everybody."""
    return int(text) if text in {"0", "1", "2", "3"} else None


def _number(text: str) -> int:
    try:
        return parse_public(text)
    except NotFound:
        return 0


@blueprint.get("/announcements/<id:post_id>/receipts.csv")
async def export(post_id: int) -> Response:
    """The list as a signed file."""
    found, post, view = await queries.receipts_for(current_person(), post_id)
    text = exports.receipts_file(post.title or view.space.name, await queries.everybody(found))
    return Response(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{to_public(post_id)}.csv"'},
    )


@blueprint.get("/announcements/<id:post_id>/receipts.zip")
async def signed_export(post_id: int) -> Response:
    """The list, a detached signature, and the key that verifies it."""
    found, post, view = await queries.receipts_for(current_person(), post_id)
    text = exports.receipts_file(post.title or view.space.name, await queries.everybody(found))
    return Response(
        await exports.signed_archive("receipts", text),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{to_public(post_id)}.zip"'},
    )


@blueprint.get("/announcements/key.pem")
async def key() -> Response:
    """The key of this instance, for whoever got an archive and wants to compare."""
    current_person()
    return Response(await exports.public_key(), content_type="application/x-pem-file")


@blueprint.post("/announcements/<id:post_id>/check")
async def check(post_id: int) -> str:
    """Whether a file that somebody brings is one of ours, unchanged."""
    _found, post, view = await queries.receipts_for(current_person(), post_id)
    sent = (await request.files).get("file")
    content = sent.read() if sent else b""
    return await render(
        "announcements/checked.html", post=post, space=view.space,
        chosen=bool(content), genuine=exports.is_genuine(content),
    )  # fmt: skip


async def links(person: Person, view: SpaceView) -> list[Link]:
    """Beside the composer of a space where the person may announce."""
    if not await queries.may_announce(person, view):
        return []
    url = f"/announcements/new?space={to_public(view.space.id)}"
    return [Link(_("Publish an announcement"), url, "megaphone")]

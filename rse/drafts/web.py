"""Drafts over HTTP: kept by a button or by the composer's script, listed, gone on with."""

from collections.abc import Mapping

from quart import Blueprint, Response, jsonify, request
from quart.typing import ResponseReturnValue

from rse.feed import queries as feed
from rse.feed.audience import Choice, choice, choices
from rse.files.queries import in_hand
from rse.files.uploads import uploads
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.crypto import token
from rse.kernel.errors import Conflict, Invalid, NotFound, RseError
from rse.kernel.forms import parse, read
from rse.kernel.ids import is_public, parse_public, to_public
from rse.web.errors import wants_json
from rse.web.render import go, render

from . import actions, queries
from .drafts import PLACE, DraftInput
from .models import SavedDraft

blueprint = Blueprint("drafts", __name__)
HERE = "/drafts"


@blueprint.get(HERE)
async def index() -> str:
    """What one began and did not send."""
    person = current_person()
    places = {parse_public(one.id): one.label for one in await choices(person)}
    return await render("drafts/index.html", drafts=await queries.own(person), places=places)


@blueprint.post(HERE)
async def save() -> ResponseReturnValue:
    """Keep what stands in a form: the script every few seconds, the button once."""
    person = current_person()
    draft = await parse(DraftInput)
    if wants_json():
        saved = await actions.save(person, draft)
        return jsonify({"version": saved.version if saved else 0})
    draft.uploads = await uploads(person)
    try:
        await actions.save(person, draft)
    except Conflict:
        # Both are kept: what was typed here becomes a draft of its own.
        fork = draft.model_copy(update={"key": token(12), "version": 0})
        saved = await actions.save(person, fork)
        return go(f"{HERE}/{to_public(saved.id)}?forked=1" if saved else HERE)
    return go(HERE)


@blueprint.get("/drafts/at")
async def at() -> ResponseReturnValue:
    """The newest draft of a form, for the composer's script; nothing when there is none."""
    person = current_person()
    place = request.args.get("place", "")
    found = await queries.newest_at(person, place) if PLACE.fullmatch(place) else None
    if found is None:
        return Response(status=204)
    files = await in_hand(person, [parse_public(text) for text in found.files])
    return jsonify({
        "key": found.key, "version": found.version, "title": found.title, "body": found.source,
        "space": to_public(found.space_id) if found.space_id else "",
        "files": [{"id": to_public(file.id), "name": file.name} for file in files],
    })  # fmt: skip


@blueprint.get("/drafts/<id:draft_id>")
async def show(draft_id: int) -> str:
    """Go on with one, on any device."""
    person = current_person()
    found = await queries.draft_for(person, draft_id)
    post_id, parent_id = await queries.post_of(found)
    return await render(
        "drafts/show.html",
        draft=found,
        title=found.title,
        sent_key=found.key,
        files=await in_hand(person, [parse_public(text) for text in found.files]),
        post_id=post_id,
        parent_id=parent_id,
        forked="forked" in request.args,
        choices=await _audience(person, found, post_id),
    )


async def _audience(person: Person, draft: SavedDraft, post_id: int | None) -> list[Choice]:
    """Who would read it now; nobody when its place is not open to the writer any more."""
    if post_id is None:
        return [] if draft.place[:2] in {"c-", "re"} else await choices(person)
    try:
        _post, view = await feed.post_for(person, post_id)
    except NotFound:
        return []
    return [await choice(view.space)] if view.is_member else []


@blueprint.post("/drafts/<id:draft_id>/deletion")
async def discard(draft_id: int) -> ResponseReturnValue:
    await actions.discard(current_person(), draft_id)
    return go(HERE)


async def take_back(person: Person, words: Mapping[str, str]) -> str:
    """After a sign-in in the middle of writing: the words as a draft, and its address."""
    try:
        sent = _sent(words)
        try:
            saved = await actions.save(person, sent, is_rescue=True)
        except Conflict:
            fork = sent.model_copy(update={"key": token(12)})
            saved = await actions.save(person, fork, is_rescue=True)
    except RseError:
        return ""
    return f"{HERE}/{to_public(saved.id)}" if saved else ""


def _sent(words: Mapping[str, str]) -> DraftInput:
    """The form as a draft; where a field of it is broken, at least what was written."""
    given = {name: value for name, value in words.items() if value and name != "version"}
    try:
        draft = read(DraftInput, {"key": token(12), **given})
        return draft if not draft.space or is_public(draft.space) else _bare(given)
    except Invalid:
        return _bare(given)


def _bare(given: Mapping[str, str]) -> DraftInput:
    kept = {name: given.get(name, "") for name in ("title", "body")}
    return read(DraftInput, {"key": token(12), **kept})

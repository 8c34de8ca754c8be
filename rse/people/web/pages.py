"""Pages of people: the directory, a profile, suggestions, portraits."""

from quart import Blueprint, Response, jsonify, request
from quart.typing import ResponseReturnValue

from rse.config import settings
from rse.follows import queries as follows
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.storage import blobs
from rse.kernel.text import render_markdown
from rse.people import queries, rules
from rse.people.queries import PersonRow
from rse.people.tabs import profile_tabs
from rse.people.vcard import vcard
from rse.web import fragment_wanted, render, respond
from rse.web.render import partial

blueprint = Blueprint("pages", __name__)

FOR_EVER = "private, max-age=31536000, immutable"


@blueprint.get("/people")
async def directory() -> ResponseReturnValue:
    reader = current_person()
    text = request.args.get("q", "")[:200]
    company = _public_argument("organisation")
    page = await queries.directory(text, company, _public_argument("after"))
    return await respond(
        page="people/directory.html",
        fragment="people/_list.html",
        people=page,
        followed=await follows.followed_among(reader.id, [one.id for one in page.items]),
        reader_id=reader.id,
        text=text,
        organisation=company,
        organisations=await queries.organisations(),
    )


@blueprint.get("/people/suggest")
async def suggest() -> ResponseReturnValue:
    """People to mention, for the composer."""
    reader = current_person()
    text = request.args.get("q", "")[:60]
    found = await queries.suggestions(reader, text, _public_argument("space"))
    return jsonify({"items": [_suggestion(person) for person in found]})


def _suggestion(person: PersonRow) -> dict[str, str]:
    return {
        "id": to_public(person.id),
        "handle": person.handle,
        "name": person.display_name,
        "title": person.title,
        "organisation": "" if person.is_ours else person.organisation_name,
        "avatar": portrait_url(person.id, person.avatar_digest) if person.avatar_digest else "",
    }


@blueprint.get("/people/<id:person_id>")
async def profile(person_id: int) -> ResponseReturnValue:
    reader, person = current_person(), await queries.profile(person_id)
    tab = profile_tabs.get(request.args.get("tab", ""))
    after = _public_argument("after")
    loaded = await tab.load(reader, person, after) if tab else {}
    if tab and tab.more and after and fragment_wanted():
        return await partial(tab.more, **loaded)
    return await render(
        "people/profile.html",
        **{
            **loaded,
            "person": person,
            "is_me": rules.may_edit(reader, person),
            "is_followed": person.id in await follows.followed_among(reader.id, [person.id]),
            "about": render_markdown(person.about) if person.about else "",
            "tab_template": tab.template if tab else "",
            "tabs": _tabs(person, tab.name if tab else ""),
        },
    )


def _tabs(person: Person, current: str) -> list[tuple[str, str, bool]]:
    home = f"/people/{to_public(person.id)}"
    others = [
        (_(tab.title), f"{home}?tab={tab.name}", tab.name == current)
        for tab in profile_tabs.values()
    ]
    return [(_("About"), home, current == ""), *others]


@blueprint.get("/people/<id:person_id>/card.vcf")
async def card(person_id: int) -> ResponseReturnValue:
    current_person()
    person = await queries.profile(person_id)
    url = f"{settings().origin}/people/{to_public(person.id)}" if person.is_local else ""
    response = Response(vcard(person, url), content_type="text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{person.handle}.vcf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/people/<id:person_id>/avatar/<name>")
async def portrait(person_id: int, name: str) -> ResponseReturnValue:
    """For signed-in readers only. The address changes with the picture, so it is kept for ever."""
    current_person()
    digest = await queries.portrait_digest(person_id, name.removesuffix(".webp"))
    content = await blobs().read(digest)
    response = Response(content, content_type="image/webp")
    response.headers["Cache-Control"] = FOR_EVER
    return response


def portrait_url(person_id: int, digest: str) -> str:
    return f"/people/{to_public(person_id)}/avatar/{digest[:16]}.webp"


def _public_argument(name: str) -> int | None:
    """An id in the query string; an unreadable one is a page that does not exist."""
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return parse_public(text)
    except NotFound:
        raise NotFound(_("This page does not exist, or not any more.")) from None

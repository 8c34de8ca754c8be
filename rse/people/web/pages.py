"""Pages of people: the directory, a profile, suggestions, portraits."""

from quart import Blueprint, Response, jsonify, request
from quart.typing import ResponseReturnValue

from rse.config import settings
from rse.follows import queries as follows
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.identity.policy import profile_policy
from rse.kernel import clock
from rse.kernel.errors import NotFound
from rse.kernel.i18n import current_language, format_time, using
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.storage import blobs
from rse.kernel.text import render_markdown
from rse.people import languages, queries, rules
from rse.people.filters import Narrowed
from rse.people.queries import PersonRow
from rse.people.tabs import directory_links, profile_tabs
from rse.people.vcard import vcard
from rse.profile_fields import queries as profile_fields
from rse.realtime.presence import active_among
from rse.skills import queries as skills
from rse.skills.rules import key_of, may_endorse
from rse.web import fragment_wanted, render
from rse.web.render import partial

blueprint = Blueprint("pages", __name__)

FOR_EVER = "private, max-age=31536000, immutable"


@blueprint.get("/people")
async def directory() -> ResponseReturnValue:
    reader, narrowed = current_person(), _narrowed()
    page = await queries.directory(narrowed, _public_argument("after"))
    shown = [one.id for one in page.items]
    context = {
        "people": page,
        "narrowed": narrowed,
        "followed": await follows.followed_among(reader.id, shown),
        "present": await active_among(shown),
        "reader_id": reader.id,
    }
    if fragment_wanted():
        return await partial("people/_list.html", **context)
    return await render("people/directory.html", **context, **await _choices(narrowed))


def _narrowed() -> Narrowed:
    asked = request.args
    return Narrowed(
        text=asked.get("q", "")[:200],
        organisation_id=_public_argument("organisation"),
        skill=key_of(asked.get("skill", "")[:60]),
        site=asked.get("site", "")[:120],
        language=asked.get("language", "")[:3],
        manager_id=_public_argument("manager"),
        newcomers=asked.get("new") == "yes",
    )


async def _choices(narrowed: Narrowed) -> dict[str, object]:
    """What the form of filters offers: only what would find somebody."""
    manager = await queries.profile(narrowed.manager_id) if narrowed.manager_id else None
    return {
        "organisations": await queries.organisations(),
        "sites": await queries.sites(),
        "skills": [(one.key, one.name) for one in await skills.common()],
        "skill_name": await skills.name_of(narrowed.skill) if narrowed.skill else "",
        "languages": await queries.spoken_languages(),
        "manager": manager,
        "links": [(_(link.label), link.url, link.icon) for link in directory_links.values()],
    }


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
    loaded = await tab.load(reader, person, after) if tab else await _about(reader, person)
    if tab and tab.more and after and fragment_wanted():
        return await partial(tab.more, **loaded)
    policy = await profile_policy()
    return await render(
        "people/profile.html",
        **{
            **loaded,
            "person": person,
            "is_me": rules.may_edit(reader, person),
            "is_followed": person.id in await follows.followed_among(reader.id, [person.id]),
            "is_present": person.id in await active_among([person.id]),
            "pronouns": person.pronouns if policy.pronouns else "",
            "confirms": policy.endorsements and may_endorse(reader, person.id),
            "tab_template": tab.template if tab else "",
            "tabs": _tabs(person, tab.name if tab else ""),
        },
    )


async def _about(reader: Person, person: Person) -> dict[str, object]:
    """The first tab: what this reader may see of the person, now."""
    return {
        "about": render_markdown(person.about) if person.about else "",
        "details": await profile_fields.shown_to(reader, person),
        "skills": await skills.skills_of(reader, person.id),
        "spoken": [languages.name_of(code) for code in await queries.languages_of(person.id)],
        "local_time": local_time(person.timezone) if person.is_local else None,
        "report_count": await queries.report_count(person.id),
    }


def _tabs(person: Person, current: str) -> list[tuple[str, str, bool]]:
    home = f"/people/{to_public(person.id)}"
    others = [
        (_(tab.title), f"{home}?tab={tab.name}", tab.name == current)
        for tab in profile_tabs.values()
    ]
    return [(_("About"), home, current == ""), *others]


@blueprint.get("/people/<id:person_id>/card.vcf")
async def card(person_id: int) -> ResponseReturnValue:
    reader, person = current_person(), await queries.profile(person_id)
    details = await profile_fields.shown_to(reader, person)
    pronouns = person.pronouns if (await profile_policy()).pronouns else ""
    url = f"{settings().origin}/people/{to_public(person.id)}" if person.is_local else ""
    response = Response(
        vcard(person, url, details, pronouns=pronouns), content_type="text/vcard; charset=utf-8"
    )
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


def local_time(zone: str) -> str:
    """What the clock says where somebody works."""
    with using(current_language(), zone):
        return format_time(clock.now())


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

"""Whom one may mention, while one types."""

from quart import jsonify, request
from quart.typing import ResponseReturnValue

from rse.feed import groups
from rse.feed.groups import COMPANY, Group
from rse.identity.current import current_person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext
from rse.kernel.ids import parse_public
from rse.people import queries as people

from .blueprint import blueprint


@blueprint.get("/mentions")
async def suggest() -> ResponseReturnValue:
    """People who can read the place, spaces one is in, companies that read along."""
    writer = current_person()
    text = request.args.get("q", "")[:60]
    try:
        space_id = parse_public(request.args["space"]) if request.args.get("space") else None
    except NotFound:
        space_id = None
    found = await people.suggestions(writer, text, space_id)
    items = [
        {
            "handle": person.handle,
            "name": person.display_name,
            "more": person.title if person.is_ours else person.organisation_name,
        }
        for person in found
    ]
    items += [_group(group) for group in await groups.suggested(writer, text, space_id)]
    return jsonify({"items": items})


def _group(group: Group) -> dict[str, str]:
    more = (
        _("Everybody of this company in this space")
        if group.kind == COMPANY
        else ngettext("Space · tells %(n)s member", "Space · tells up to %(n)s members", group.size)
    )
    return {"handle": group.handle, "name": group.name, "more": more}

"""The blueprint of notices, and what its views share."""

from quart import Blueprint, request

from rse.kernel.ids import parse_public

blueprint = Blueprint("notifications", __name__)

LIST = "/notifications"
SETTINGS = "/settings/notifications"


async def back(otherwise: str) -> str:
    """Where the person came from, when the form names a page of ours."""
    place = str((await request.form).get("back", ""))
    is_ours = place.startswith("/") and not place.startswith("//") and "\\" not in place
    return place if is_ours else otherwise


def optional_id(text: str) -> int | None:
    """An id of the outside; empty is none."""
    return parse_public(text) if text else None

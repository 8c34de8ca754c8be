"""The blueprint of spaces, and what its views share."""

from quart import Blueprint

from rse.kernel.ids import to_public

blueprint = Blueprint("spaces", __name__)


def page_of(space_id: int, tab: str = "") -> str:
    return f"/spaces/{to_public(space_id)}{tab}"

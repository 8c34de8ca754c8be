"""Small readings of a request that several pages share."""

from quart import request

from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public


def asked_id(name: str) -> int | None:
    """An id in the query string; an unreadable one is a page that does not exist."""
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return parse_public(text)
    except NotFound:
        raise NotFound(_("This page does not exist, or not any more.")) from None

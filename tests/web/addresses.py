"""The addresses of the application, made from its own map of routes."""

import re

from quart import Quart
from werkzeug.routing import Rule

from rse.kernel.ids import to_public

NOBODY = to_public(0x7FFF_FFFF_FFFF)
# A stream has no end to wait for; its refusals are tested where it is.
_ENDLESS = {"/live/events"}
_ONE_OF = re.compile(r"any\(([\w-]+)")


def addresses(app: Quart, method: str, one: str) -> dict[str, str]:
    """Each route that takes `method`, with `one` in the place of every id and name."""
    return {
        rule.endpoint: _filled(rule, one)
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.websocket and rule.rule not in _ENDLESS
    }


def with_ids(app: Quart, method: str, one: str) -> dict[str, str]:
    """Those of them that name a thing by its id."""
    named = {rule.endpoint for rule in app.url_map.iter_rules() if "<id:" in rule.rule}
    found = addresses(app, method, one)
    return {name: path for name, path in found.items() if name in named}


def _filled(rule: Rule, one: str) -> str:
    def fill(match: re.Match[str]) -> str:
        listed = _ONE_OF.search(match[0])
        return listed[1] if listed else one

    return re.sub(r"<[^>]+>", fill, rule.rule)

"""The pages of the account feature."""

from quart import Blueprint

from . import doors, joining, own

blueprint = Blueprint("account", __name__)
for _pages in (doors, joining, own):
    blueprint.register_blueprint(_pages.blueprint)
blueprint.before_app_request(joining.ask_for_terms)

"""The pages of the people feature."""

from quart import Blueprint

from . import chart, own, pages

blueprint = Blueprint("people", __name__)
for _pages in (pages, own, chart):
    blueprint.register_blueprint(_pages.blueprint)

"""The pages of the people feature."""

from quart import Blueprint

from . import own, pages

blueprint = Blueprint("people", __name__)
for _pages in (pages, own):
    blueprint.register_blueprint(_pages.blueprint)

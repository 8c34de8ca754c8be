"""Static files under an address that changes with their content."""

from quart import Blueprint

blueprint = Blueprint("assets", __name__)

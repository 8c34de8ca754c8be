"""The files' blueprint."""

from quart import Blueprint

blueprint = Blueprint("files", __name__)

"""The pages of spaces: found, made, joined, managed. Their feed is the feed's page."""

from . import door, found, members, settings, templates
from .blueprint import blueprint

__all__ = ["blueprint", "door", "found", "members", "settings", "templates"]

"""The pages of the feed."""

from . import comments, home, posts, space, waiting
from .blueprint import blueprint
from .profile import TAB as PROFILE_TAB

__all__ = ["PROFILE_TAB", "blueprint", "comments", "home", "posts", "space", "waiting"]

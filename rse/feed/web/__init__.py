"""The pages of the feed."""

from . import comments, home, posts, space
from .blueprint import blueprint

__all__ = ["blueprint", "comments", "home", "posts", "space"]

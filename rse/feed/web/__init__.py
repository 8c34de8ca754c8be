"""The pages of the feed."""

from . import comments, home, mentions, moving, muting, posts, sharing, space, thread
from .blueprint import blueprint
from .profile import TAB as PROFILE_TAB

__all__ = [
    "PROFILE_TAB",
    "blueprint",
    "comments",
    "home",
    "mentions",
    "moving",
    "muting",
    "posts",
    "sharing",
    "space",
    "thread",
]

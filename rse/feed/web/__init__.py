"""The pages of the feed."""

from . import (
    comments,
    composing,
    home,
    mentions,
    moving,
    muting,
    posts,
    sharing,
    space,
    thread,
    waiting,
)
from .blueprint import blueprint
from .profile import TAB as PROFILE_TAB

__all__ = [
    "PROFILE_TAB",
    "blueprint",
    "comments",
    "composing",
    "home",
    "mentions",
    "moving",
    "muting",
    "posts",
    "sharing",
    "space",
    "thread",
    "waiting",
]

"""All routes of the federation, on one blueprint."""

from . import greeting, objects
from .inbox import blueprint

__all__ = ["blueprint", "greeting", "objects"]

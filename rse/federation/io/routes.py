"""All routes of the federation, on one blueprint."""

from . import greeting, landing, objects
from .inbox import blueprint

__all__ = ["blueprint", "greeting", "landing", "objects"]

"""Files over HTTP: sent in pieces, looked at, kept."""

from . import reading, resumable
from .blueprint import blueprint

__all__ = ["blueprint", "reading", "resumable"]

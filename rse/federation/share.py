"""Sharing, as features and admin pages use it."""

from .io.share import accept, attach, decline, end

__all__ = ["accept", "attach", "decline", "end"]

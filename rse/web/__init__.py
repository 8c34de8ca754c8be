"""The web channel: how pages are rendered and requests are guarded."""

from .render import fragment_wanted, go, render, respond

__all__ = ["fragment_wanted", "go", "render", "respond"]

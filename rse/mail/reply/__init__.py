"""Cutting an answer to the words its writer typed, in bounded time, losing none of them."""

from rse.mail.reply.extract import Reply, extract, normalised

__all__ = ["Reply", "extract", "normalised"]

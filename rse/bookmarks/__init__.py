"""Bookmarks: posts a person keeps for themselves, in folders of their own."""

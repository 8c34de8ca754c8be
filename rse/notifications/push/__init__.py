"""Notices on devices, through the push service of each browser; the words are encrypted for it."""

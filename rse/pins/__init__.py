"""Pins: posts that stand above the others in their space, for a while."""

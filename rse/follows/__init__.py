"""Follows: whose posts and news somebody wants to see."""

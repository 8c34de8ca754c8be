"""Saved searches: kept under a name, and told of when something new answers."""

"""Tells people what happened. Features declare the kinds; this keeps, counts and passes them on."""

"""Announcements: posts that everybody of a space is asked to read, and to say so."""

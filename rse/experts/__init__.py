"""Experts: who can help with something, and how one knows."""

"""Reads of the administration: one function per page's need."""

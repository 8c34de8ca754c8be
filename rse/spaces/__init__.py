"""Spaces: where people work together; every audience is one."""

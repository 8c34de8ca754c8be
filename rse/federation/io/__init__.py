"""The edges of federation: routes, tables, delivery; every decision is a call into core."""

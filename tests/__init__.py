"""Behaviour, from the house rules to whole journeys."""

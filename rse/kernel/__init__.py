"""Mechanisms every part of the product stands on. Knows neither people nor features."""

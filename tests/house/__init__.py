"""Tests about the code: sizes, words, completeness; what no reviewer should have to look for."""

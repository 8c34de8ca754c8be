"""Benchmarks: CPU per operation and ratios against a yardstick in the same run."""

"""The product's tests: one folder per package of rse, and what they run on."""

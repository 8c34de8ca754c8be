"""The bench frame measures what it says."""

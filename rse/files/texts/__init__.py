"""The text of uploads, read in a locked-down process of its own, for search."""

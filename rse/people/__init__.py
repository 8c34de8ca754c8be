"""People: the directory, profiles and portraits."""

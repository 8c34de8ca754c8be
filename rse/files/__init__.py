"""Files people add to what they write."""

"""Skills: what people know, in their own words, each word once for everybody."""

"""Two invented companies play the whole product through its real doors."""

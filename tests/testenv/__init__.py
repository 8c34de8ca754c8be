"""The real services tests run against, found or fetched without root; standard library only."""

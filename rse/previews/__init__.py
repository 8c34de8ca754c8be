"""Previews of links: what a page says of itself, fetched by this instance and kept here."""

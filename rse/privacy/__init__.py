"""A person's right to take their data along, and to have it removed."""

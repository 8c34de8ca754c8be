"""Profile fields: what a company wants to know of its people beside name, role and phone."""

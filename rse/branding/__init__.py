"""The customer's brand: colours, names, marks and templates."""

"""The customer's brand: colours, names, marks and templates."""

from .brand import Brand, brand

__all__ = ["Brand", "brand"]

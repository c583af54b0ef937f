"""The version of the product. Stands at the ground: every room may import it, and it imports nothing."""

__version__ = "0.1.0"

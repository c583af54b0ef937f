"""The version of the product, and the name it is installed by. Stands at the ground: every room may import it, and it imports nothing."""

__version__ = "0.1.0"
# The command and the import are `pathways`; at the package index that name is somebody else's.
DISTRIBUTION = "liver-pathways"

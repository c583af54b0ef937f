"""Everything reachable: exploring, counting, walking. The only part that knows networkx."""

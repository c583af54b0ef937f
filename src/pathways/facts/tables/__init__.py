"""The facts of a case by family: each room names the facts it answers, and `pathways.facts.derive` keeps the answers."""

"""The synthetic national demo: real institutions, invented organizations and people."""

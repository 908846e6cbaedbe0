"""Fast path: page fragments that are drawn once and filled in for every bill that needs them."""

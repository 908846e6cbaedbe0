"""Pages of forwarding bills: its owner’s, and those of whoever receives them."""

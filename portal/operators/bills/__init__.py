"""Bills as staff see them: found, and traced from their feed to the letter box."""

"""Why bills go on paper, what that costs, and what would stop it."""

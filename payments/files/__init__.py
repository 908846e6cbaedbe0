"""Payment files: bank statements (camt.052, .053, .054), collections and their status (pain.008, pain.002) and JSON,
read as payment entries and findings. Pure functions."""

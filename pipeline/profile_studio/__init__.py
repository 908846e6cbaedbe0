"""The jobs of the profile studio."""

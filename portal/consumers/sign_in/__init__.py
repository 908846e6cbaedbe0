"""The door: signing up and in, and a forgotten password."""

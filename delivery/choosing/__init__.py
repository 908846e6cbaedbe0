"""Chooses how each bill reaches its addressee, and when its letter must go."""

"""Matching: decide whether two names, addresses or account numbers belong to one customer. Pure functions."""

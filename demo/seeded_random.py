"""Chance from one seed: each thing draws from a chance of its own, so that a new person changes nobody else's luck."""

from random import Random


def chance(*name: object) -> Random:
    """The chance of whatever bears this name: the same name, the same luck."""
    return Random("/".join(map(str, name)))

"""Independent random generators by name, from one seed, so that a new person does not change anybody else's data."""

from random import Random


def random_by_name(*name: object) -> Random:
    """Return the random generator of this name. Equal names give equal sequences."""
    return Random("/".join(map(str, name)))

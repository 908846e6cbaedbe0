"""Postage: where a letter goes and what it weighs make its class, in which letters are handed to the post together."""

from typing import Final

#: Of an address that names no country.
HOME: Final = "FR"
#: Where French domestic tariffs hold: France, its overseas departments and territories, Monaco and Andorra.
DOMESTIC: Final = frozenset({HOME, "MC", "AD", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF"})
#: The steps of the letter tariffs in grams: each up to and with.
STEPS: Final = (20, 100, 250, 500, 1000, 2000)


def zone_of(country: str) -> str:
    """`FR` or `INT`, by an ISO 3166-1 code."""
    return "FR" if country in DOMESTIC else "INT"


def step_of(grams: float) -> int | None:
    """The step of the tariff that a weight falls into; None when it is too heavy for a letter."""
    return next((step for step in STEPS if grams <= step), None)

"""Finds the postage class of a letter from its country and weight."""

from typing import Final

#: The country of an address that names none.
HOME: Final = "FR"
#: Where French domestic tariffs apply: France, its overseas departments and territories, Monaco and Andorra.
DOMESTIC: Final = frozenset({HOME, "MC", "AD", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF"})
#: The weight steps of the letter tariff: each is the greatest weight in grams.
STEPS: Final = (20, 100, 250, 500, 1000, 2000)


def zone_of(country: str) -> str:
    """Return the postal zone of an ISO 3166-1 country code: `FR` (domestic tariff) or `INT`."""
    return "FR" if country in DOMESTIC else "INT"


def step_of(grams: float) -> int | None:
    """Return the weight step of the letter tariff in grams; None when it is too heavy for a letter."""
    return next((step for step in STEPS if grams <= step), None)

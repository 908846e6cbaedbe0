"""Finds the postage class of a letter from its country and weight."""

from typing import Final

from bill import are_inland, country_code

#: Where French domestic tariffs apply besides France and its overseas parts.
_AS_IN_FRANCE: Final = frozenset({"MC", "AD"})
#: The weight steps of the letter tariff: each is the greatest weight in grams.
STEPS: Final = (20, 100, 250, 500, 1000, 2000)


def zone_of(country: str, home: str = "FR") -> str:
    """Return the postal zone of a letter to *country* that is posted in *home* (alpha-2 codes): *home* itself for the
    domestic tariff, else `INT`."""
    code = country_code(country)
    is_domestic = are_inland(code, home) or (are_inland(home, "FR") and code in _AS_IN_FRANCE)
    return home if is_domestic else "INT"


def step_of(grams: float) -> int | None:
    """Return the weight step of the letter tariff in grams; None when it is too heavy for a letter."""
    return next((step for step in STEPS if grams <= step), None)

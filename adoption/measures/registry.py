"""All measures by their codes, in the order in which the page, the API and docs/adoption.md tell them."""

from collections.abc import Iterable
from typing import Final

from adoption.measures.measure import Measure
from adoption.measures.of_accounts import OF_ACCOUNTS
from adoption.measures.of_acts import OF_ACTS
from adoption.measures.of_bills import OF_BILLS
from adoption.measures.of_money import OF_MONEY

MEASURES: Final[dict[str, Measure]] = {each.code: each for each in (*OF_ACCOUNTS, *OF_BILLS, *OF_MONEY, *OF_ACTS)}


def kept_for(codes: Iterable[str]) -> dict[str, Measure]:
    """The kept counts that these measures are reckoned from, each with one of the measures (all of a count are of one
    kind). Raises KeyError for a code that is none."""
    return {kept: MEASURES[code] for code in codes for kept in MEASURES[code].kept}

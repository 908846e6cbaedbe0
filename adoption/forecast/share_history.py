"""The months that a forecast is fitted on: the share of paperless accounts, and how many accounts it is a share of."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from adoption.adoption_curves import MonthFigures


class MonthShare(NamedTuple):
    """A month that has ended: *share* (0 to 1) of its *accounts* were paperless at its end."""

    month: date
    share: float
    accounts: int


def share_history(points: Iterable[MonthFigures], this_month: date) -> list[MonthShare]:
    """Return the months of one issuer that ended before *this_month*, oldest first. An account counts for thirteen
    months after a bill, so a quarterly issuer has a point in months without bills, too. Of the months before the first
    paperless account only the last is kept: the diffusion had not begun."""
    known = [
        MonthShare(point.month, point.paperless / point.accounts, point.accounts)
        for point in points
        if point.month < this_month and point.accounts
    ]
    begun = next((index for index, each in enumerate(known) if each.share), len(known))
    return known[max(begun - 1, 0) :] if begun < len(known) else known


def digest_of(history: Sequence[MonthShare], version: int) -> str:
    """Return a digest of the months and of the *version* of the method: equal digests mean equal forecasts."""
    return hashlib.sha256(msgspec.json.encode([version, history])).hexdigest()

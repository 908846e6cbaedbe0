"""Reconcile a feed: declared totals, totals read, totals by outcome, and the differences, which must be 0."""

from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from bill import ZERO, ControlTotals
from store.feeds.feed import Feed
from store.feeds.feed_outcome_counts import feed_tallies
from store.feeds.items_by_outcome import OutcomeTotals, total


class ReconciliationDifference(NamedTuple):
    """A difference: items, and sums by currency. A count or currency that was not declared is absent."""

    items: int | None
    sums: dict[str, Decimal]

    @property
    def is_nothing(self) -> bool:
        return not self.items and not any(self.sums.values())


class Reconciliation(NamedTuple):
    """*read* was counted by the reader, *outcomes* from the items' rows: two independent counts."""

    declared: list[ControlTotals]
    read: OutcomeTotals
    outcomes: dict[str, OutcomeTotals]

    @property
    def accounted(self) -> OutcomeTotals:
        return total(self.outcomes.values())

    @property
    def difference(self) -> ReconciliationDifference:
        """Read less counted outcomes: 0 in every released feed."""
        return _less(self.read.items, self.read.sums, self.accounted)

    @property
    def differences(self) -> list[tuple[ControlTotals, ReconciliationDifference]]:
        """Each declaration with its difference to the counted outcomes."""
        return [(each, _less(each.count, each.sums, self.accounted)) for each in self.declared]

    @property
    def currencies(self) -> list[str]:
        said = [self.read.sums, self.accounted.sums, *(each.sums for each in self.declared)]
        return sorted({currency for sums in said for currency in sums})


def reconcile(session: Session, feed: Feed) -> Reconciliation:
    """The reconciliation of a feed as it stands; *read* is empty until the feed was read to its end."""
    figures = feed.figures
    read = OutcomeTotals(figures.items, dict(sorted(figures.sums.items())), figures.unknown)
    return Reconciliation(feed.control_totals, read, feed_tallies(session, [feed])[feed.id])


def _less(items: int | None, sums: dict[str, Decimal], accounted: OutcomeTotals) -> ReconciliationDifference:
    currencies = sorted({*sums, *accounted.sums}) if sums else []
    left = {each: sums.get(each, ZERO) - accounted.sums.get(each, ZERO) for each in currencies}
    return ReconciliationDifference(None if items is None else items - accounted.items, left)

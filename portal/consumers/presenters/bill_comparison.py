"""Compares a bill with the account's earlier bills: one sentence and a small chart. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.bill import CREDIT_NOTE_TYPES
from store.bills.bill import BillRow

#: A year and the same month of the year before.
SHOWN: Final = 13
#: The drawing's own units; it scales with the page.
WIDTH: Final = 364
HEIGHT: Final = 96
_WIDEST: Final = 44


class AmountBar(NamedTuple):
    """A bar of the chart: a bill's day and amount, and its place in the drawing's units."""

    day: date
    amount: Decimal
    x: int
    y: int
    width: int
    height: int
    is_this: bool

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


class Comparison(NamedTuple):
    """A bill beside the account's earlier bills."""

    before: BillRow | None  # the bill before this one
    difference: Decimal  # this one less that one
    currency: str
    bars: tuple[AmountBar, ...]  # oldest first; none where a sentence says it all


def total(row: BillRow) -> Decimal:
    """Returns what the bill amounts to, before what was paid in advance is taken off."""
    return row.payable if row.gross is None else row.gross


def compare(row: BillRow, earlier: Sequence[BillRow]) -> Comparison:
    """*earlier* are the account's bills before this one, newest first; credit notes and other currencies are not
    comparable and are left out."""
    alike = [each for each in earlier if _is_charge(each) and each.currency == row.currency]
    if not _is_charge(row):
        return Comparison(None, Decimal(0), row.currency, ())
    shown = [*reversed(alike[: SHOWN - 1]), row]
    before = alike[0] if alike else None
    difference = total(row) - total(before) if before else Decimal(0)
    is_always_the_same = len({total(each) for each in shown}) == 1
    return Comparison(before, difference, row.currency, () if is_always_the_same else _bars(shown))


def _is_charge(row: BillRow) -> bool:
    return row.type_code not in CREDIT_NOTE_TYPES and total(row) >= 0


def _bars(rows: Sequence[BillRow]) -> tuple[AmountBar, ...]:
    """Returns bars from zero that share the drawing's width, oldest first, the tallest at full height."""
    tallest = max(total(row) for row in rows) or Decimal(1)
    step = min(WIDTH // len(rows), _WIDEST)
    width = step * 3 // 4
    heights = [max(1, round(total(row) * HEIGHT / tallest)) for row in rows]
    return tuple(
        AmountBar(row.issue_date, total(row), n * step, HEIGHT - height, width, height, n == len(rows) - 1)
        for n, (row, height) in enumerate(zip(rows, heights, strict=True))
    )

"""Which earlier bills a bill is compared with, and a small chart of the last ones. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
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
#: Bills before this one among which one of as many days is looked for.
_FEW: Final = 4
_ABOUT: Final = 1.25
_YEAR: Final = timedelta(days=365)
_SOME_DAYS: Final = timedelta(days=20)


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

    last: BillRow | None  # the bill before this one
    before: BillRow | None  # the one it is compared with: the last of about as many days
    year_before: BillRow | None  # of the same time last year, where it is another one
    bars: tuple[AmountBar, ...]  # oldest first; none where a sentence says it all


def total(row: BillRow) -> Decimal:
    """Returns what the bill amounts to, before what was paid in advance is taken off."""
    return row.payable if row.gross is None else row.gross


def compare(row: BillRow, earlier: Sequence[BillRow]) -> Comparison:
    """*earlier* are the account's bills before this one, newest first; credit notes and other currencies are not
    comparable and are left out."""
    alike = [each for each in earlier if _is_charge(each) and each.currency == row.currency]
    if not _is_charge(row) or not alike:
        return Comparison(None, None, None, ())
    shown = [*reversed(alike[: SHOWN - 1]), row]
    before, year_before = _of_as_many_days(row, alike), _of_last_year(row, alike)
    is_always_the_same = len({total(each) for each in shown}) == 1
    return Comparison(
        alike[0], before, None if year_before is before else year_before, () if is_always_the_same else _bars(shown)
    )


def _of_as_many_days(row: BillRow, alike: Sequence[BillRow]) -> BillRow:
    """Returns the last bill; one of the few before it where that alone covers about as many days as this one."""
    if _lasts_as_long(row, alike[0], 2.0):
        return alike[0]
    return next((each for each in alike[1:_FEW] if _lasts_as_long(row, each, _ABOUT)), alike[0])


def _of_last_year(row: BillRow, alike: Sequence[BillRow]) -> BillRow | None:
    """Returns the bill of about as many days that ended a year before this one, some days sooner or later."""
    wanted = _last_day(row) - _YEAR
    near = [each for each in alike if abs(_last_day(each) - wanted) <= _SOME_DAYS and _lasts_as_long(row, each, _ABOUT)]
    return min(near, key=lambda each: abs(_last_day(each) - wanted), default=None)


def _last_day(row: BillRow) -> date:
    return row.used_to or row.issue_date


def _lasts_as_long(one: BillRow, other: BillRow, most: float) -> bool:
    """Whether neither covers more than *most* times the days of the other; so do bills whose days are not known."""
    lengths = sorted(
        (each.used_to - each.used_from).days + 1
        for each in (one, other)
        if each.used_from is not None and each.used_to is not None
    )
    return len(lengths) < 2 or lengths[1] <= most * max(lengths[0], 1)


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

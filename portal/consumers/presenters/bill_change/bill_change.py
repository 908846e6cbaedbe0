"""What a bill's page says of its change since an earlier bill: its causes as bars, and their parts as a table."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from bill.change import Cause, ChangePart, Explanation, explain, few_causes, join_causes
from portal.consumers.presenters.bill_change.bill_comparison import total
from portal.consumers.presenters.bill_change.change_reasons import Unit, change_of, kind_of, reason_of
from portal.consumers.presenters.bill_change.change_waterfall import WaterfallBar, waterfall
from store.bills.bill import BillRow

#: Bars of the drawing, "others" included.
MOST_BARS: Final = 5
#: Parts in the table; the smallest of a very long bill are left out, and their sum said.
MOST_PARTS: Final = 60


class ChangeRow(NamedTuple):
    """A cause: its words, its amount, its bar."""

    words: str
    amount: Decimal
    bar: WaterfallBar


class PartRow(NamedTuple):
    """A line of the table behind: the item, what changed of it, and the amount with VAT."""

    name: str
    kind: str
    change: str
    amount: Decimal


class BillChange(NamedTuple):
    """The change of a bill since an earlier one (*before*)."""

    before: BillRow
    is_last: bool  # whether no bill lies between them
    is_of_last_year: bool
    amount_before: Decimal
    difference: Decimal
    is_detailed: bool
    reason: str  # the cause that tells most, in words; "" without detail
    is_only_reason: bool
    reason_amount: Decimal
    rows: list[ChangeRow]
    whole: WaterfallBar | None
    parts: list[PartRow]
    left_out: Decimal  # the sum of the parts that the table leaves out


def bill_change(
    row: BillRow, before: BillRow, last: BillRow | None, unit: Unit, *, is_of_last_year: bool
) -> BillChange:
    """Explain *row* against *before*; *last* is the bill right before it. *unit* gives the words of a unit."""
    explanation = explain(row.bill, before.bill)
    causes = join_causes(explanation) if explanation.is_detailed else []
    shown = few_causes(causes, MOST_BARS)
    bars = waterfall([cause.amount for cause in shown])
    first = _foremost(causes, explanation.difference)
    parts = _greatest(explanation.parts) if causes else []
    return BillChange(
        before=before,
        is_last=before is last,
        is_of_last_year=is_of_last_year,
        amount_before=total(row) - explanation.difference,
        difference=explanation.difference,
        is_detailed=explanation.is_detailed,
        reason=reason_of(first, unit) if first else "",
        is_only_reason=len(causes) == 1,
        reason_amount=first.amount if first else Decimal(0),
        rows=[ChangeRow(reason_of(cause, unit), cause.amount, bar) for cause, bar in zip(shown, bars, strict=False)],
        whole=bars[-1] if len(shown) > 1 else None,
        parts=[PartRow(part.name, kind_of(part), change_of(part, unit, row.currency), part.amount) for part in parts],
        left_out=_left_out(explanation, parts) if causes else Decimal(0),
    )


def _foremost(causes: Sequence[Cause], difference: Decimal) -> Cause | None:
    """Returns the greatest cause that goes the way of the difference."""
    return next((cause for cause in causes if cause.amount * difference > 0), None)


def _greatest(parts: Sequence[ChangePart]) -> list[ChangePart]:
    """Returns as many parts as the table has room for, in the order of the bill."""
    least = sorted((abs(part.amount) for part in parts), reverse=True)[:MOST_PARTS][-1]
    return [part for part in parts if abs(part.amount) >= least][:MOST_PARTS]


def _left_out(explanation: Explanation, parts: Sequence[object]) -> Decimal:
    shown = {id(part) for part in parts}
    return sum((part.amount for part in explanation.parts if id(part) not in shown), Decimal(0))

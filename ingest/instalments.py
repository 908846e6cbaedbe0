"""Builds the payment schedule of a bill (instalments) from the payment terms of any syntax."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from bill import ZERO, Instalment, Totals, round_money
from ingest.document_findings import DocumentNotes

#: The most instalments of one bill.
_MOST: Final = 500
_HUNDRED: Final = Decimal(100)


class InstalmentPart(NamedTuple):
    """One set of payment terms: an amount or a percentage, and its due date."""

    amount: Decimal | None = None
    percent: Decimal | None = None
    due: date | None = None
    text: str = ""
    means: str = ""  # UBL: the id of the means of payment that has the day
    is_discounted: bool = False  # what these terms say is paid with a discount, by the day up to which there is one


def instalments_of(
    parts: Sequence[InstalmentPart], totals: Totals, currency: str, notes: DocumentNotes
) -> tuple[Instalment, ...]:
    """Return the instalments, soonest first.

    Returns none, with a warning, where they do not add up to the amount due (BT-115) or to the total with VAT (BT-112):
    then the whole amount is due at once, on the first of their dates. Terms without an amount are no instalment; a
    single one for the whole amount is no schedule. Parts of one day are one instalment.
    """
    said = [part for part in parts if part.amount is not None or (part.percent is not None and part.due is not None)]
    if sum((part.amount or ZERO for part in said), ZERO) not in (totals.payable, totals.gross):
        said = [part for part in said if not part.is_discounted]  # beside the others, not one of them
    if not said or (len(said) == 1 and said[0].amount in (None, totals.payable)):
        return ()
    made = [(_amount(part, totals.payable, currency), part) for part in said[:_MOST]]
    total = sum((amount for amount, _ in made), ZERO)
    if len(said) == len([part for part in said if part.percent is not None and part.amount is None]):
        made, total = _rest_to_last(made, totals.payable, said)
    if any(part.due is None for part in said):
        notes.warn("TERM-INSTALMENTS", "an instalment says no day: the whole amount is asked at once")
        return ()
    if any(amount <= 0 for amount, _ in made) or total not in (totals.payable, totals.gross) or total < totals.payable:
        sentence = "the instalments come to {total}, and {payable} is to pay: the whole amount is asked at once"
        notes.warn("TERM-INSTALMENTS", sentence, total=total, payable=totals.payable)
        return ()
    by_day = _by_day(made)
    return by_day if len(by_day) > 1 else ()


def _by_day(made: list[tuple[Decimal, InstalmentPart]]) -> tuple[Instalment, ...]:
    """Return one instalment per day, soonest first, with the amounts of that day added up."""
    made.sort(key=lambda each: each[1].due or date.max)
    days = [list(group) for _, group in groupby(made, key=lambda each: each[1].due)]
    return tuple(
        Instalment(
            amount=sum((amount for amount, _ in parts), ZERO),
            due=parts[0][1].due,
            text=", ".join(dict.fromkeys(part.text for _, part in parts if part.text)),
        )
        for parts in days
    )


def _amount(part: InstalmentPart, payable: Decimal, currency: str) -> Decimal:
    if part.amount is not None:
        return part.amount
    return round_money(payable * (part.percent or ZERO) / _HUNDRED, currency)


def _rest_to_last(
    made: list[tuple[Decimal, InstalmentPart]], payable: Decimal, said: Sequence[InstalmentPart]
) -> tuple[list[tuple[Decimal, InstalmentPart]], Decimal]:
    """Return the parts and their sum; where percentages make up 100 %, the last part takes the rounding difference."""
    before = sum((amount for amount, _ in made[:-1]), ZERO)
    if sum((part.percent or ZERO for part in said), ZERO) == _HUNDRED:
        made = [*made[:-1], (payable - before, made[-1][1])]
    return made, before + made[-1][0]

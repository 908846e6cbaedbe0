"""Explains the difference between the totals of two bills by parts that add up to it exactly (decision 0070)."""

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from bill.bill import Bill
from bill.billing_history import span_of
from bill.change.cent_allocation import FINEST, allocate
from bill.change.change_part import ChangePart, PartKind
from bill.change.item_lines import ItemLine, item_lines
from bill.change.item_parts import parts_of_pair
from bill.change.line_pairing import name_key, pair_lines
from bill.change.vat_rates import VatRates
from bill.frozen_struct import FrozenStruct
from bill.money import ZERO, minor_units
from bill.payment.settled_amounts import settled_amounts

#: Enough for any amount, price and quantity of four factors; divisions are cut off far below a cent.
_EXACT: Final = Context(prec=120)
#: What the bill is compared by: the total with VAT, or the amount to pay where one of both has no such total.
Compared = Literal["gross", "payable"]


#: Bills of more lines are explained as a whole: their page is read by people, and waits for it.
MOST_LINES: Final = 1000
#: Sums that differ by fractions of a cent from what they are made of.
_ROUNDED: Final[tuple[PartKind, ...]] = ("vat", "rest")


class Explanation(FrozenStruct, frozen=True):
    """Why a bill's total differs from an earlier one's. The amounts of *parts* add up to *difference* exactly.

    *is_comparable* is False for two currencies: then there is no difference and no part. *is_detailed* is False where a
    bill has no lines: then one part is the whole difference. *used* and *used_before* are the consumption in *unit*,
    where both bills tell it in the same unit; *days* and *days_before* those that it was counted in, where they are a
    cause.
    """

    difference: Decimal
    currency: str
    parts: tuple[ChangePart, ...] = ()
    compared: Compared = "gross"
    is_comparable: bool = True
    is_detailed: bool = True
    unit: str = ""
    used: Decimal | None = None
    used_before: Decimal | None = None
    days: int | None = None
    days_before: int | None = None


class _Sums(NamedTuple):
    """What a bill's total is made of, signed; *lines* are without VAT."""

    lines: list[ItemLine]
    others: dict[PartKind, Decimal]  # VAT beyond that of the lines, and what is settled, by kind


def explain(bill: Bill, before: Bill) -> Explanation:
    """Explain *bill* against *before*, an earlier bill of the same customer. The total with VAT is compared, where both
    bills have one; a credit note counts as negative. Bills swapped give the same amounts negated."""
    if bill.currency != before.currency:
        return Explanation(difference=ZERO, currency=bill.currency, is_comparable=False)
    with localcontext(_EXACT):
        return _explain(bill, before)


def _explain(bill: Bill, before: Bill) -> Explanation:
    compared: Compared = "payable" if None in (bill.totals.gross, before.totals.gross) else "gross"
    difference = _total(bill, compared) - _total(before, compared)
    if max(len(bill.lines), len(before.lines)) > MOST_LINES:
        return replace(_whole("lines", difference, bill.currency), compared=compared)
    if not (bill.lines and before.lines):
        whole = _whole("undetailed", difference, bill.currency)
        return replace(whole, compared=compared, is_detailed=False)
    now, old = _sums(bill, compared), _sums(before, compared)
    raw = [part for pair in pair_lines(old.lines, now.lines) for part in parts_of_pair(pair)]
    raw += _other_parts(old.others, now.others)
    parts = _to_the_cent([part for part in raw if abs(part.amount) > FINEST], difference, _cent(bill))
    explanation = Explanation(difference=difference, currency=bill.currency, parts=parts, compared=compared)
    return _with_days(_with_consumption(explanation, bill, before), raw)


def _sums(bill: Bill, compared: Compared) -> _Sums:
    sign = Decimal(-1 if bill.is_credit_note else 1)
    totals, rates = bill.totals, VatRates(bill)
    lines = item_lines(bill, rates)
    told = sum((line.amount * line.rate for line in lines), ZERO)
    others: dict[PartKind, Decimal] = {"vat": sign * rates.total - told}
    if compared == "payable":
        for settled in settled_amounts(bill):
            name: PartKind = "balance" if settled.kind.startswith("balance") else "payments"
            others[name] = others.get(name, ZERO) + sign * settled.amount
        others["third_party"] = sign * (totals.third_party or ZERO)
        others["rounding"] = sign * (totals.rounding or ZERO)
    others["rest"] = _total(bill, compared) - sum((line.amount for line in lines), told) - sum(others.values(), ZERO)
    for kind in _ROUNDED:
        if abs(others[kind]) <= _cent(bill) * (len(lines) + 1):
            others[kind] = ZERO  # fractions of a cent, rounded by line or by category
    return _Sums(lines, others)


def _total(bill: Bill, compared: Compared) -> Decimal:
    """The total that is compared; negative for a credit note."""
    stated = bill.totals.gross if compared == "gross" else None
    total = bill.totals.payable if stated is None else stated
    return -total if bill.is_credit_note else total


def _whole(kind: PartKind, difference: Decimal, currency: str) -> Explanation:
    """The difference in one part."""
    parts = (ChangePart(kind=kind, amount=difference),) if difference else ()
    return Explanation(difference=difference, currency=currency, parts=parts)


def _cent(bill: Bill) -> Decimal:
    """The least amount of the bill's currency that is paid."""
    return Decimal(1).scaleb(-minor_units(bill.currency))


def _other_parts(before: dict[PartKind, Decimal], now: dict[PartKind, Decimal]) -> Iterator[ChangePart]:
    for kind in dict.fromkeys([*now, *before]):
        yield ChangePart(kind=kind, amount=now.get(kind, ZERO) - before.get(kind, ZERO))


def _to_the_cent(parts: Sequence[ChangePart], difference: Decimal, cent: Decimal) -> tuple[ChangePart, ...]:
    """The parts rounded so that they add up to the difference. What bills rounded, by line and by VAT category, is
    shared out among them, about a cent each; where it is more, or where there is no part, it is a part of its own."""
    left = difference - sum((part.amount for part in parts), ZERO)
    if left and (not parts or abs(left) >= cent * (len(parts) + 1)):
        kind: PartKind = "rounding" if abs(left) <= 2 * cent * (len(parts) + 1) else "rest"
        parts = [*parts, ChangePart(kind=kind, amount=left)]
    ranked = sorted(range(len(parts)), key=lambda place: _rank(parts[place]))
    shares = allocate([parts[place].amount for place in ranked], difference, cent)
    rounded = dict(zip(ranked, shares, strict=True))
    return tuple(replace(part, amount=rounded[n]) for n, part in enumerate(parts) if rounded[n])


def _rank(part: ChangePart) -> tuple[str, str, str, Decimal]:
    """An order of the parts that is the same when the bills are swapped."""
    kind = "whole" if part.kind in ("new", "gone") else part.kind
    return name_key(part.name), kind, part.unit, abs(part.amount)


def _with_consumption(explanation: Explanation, bill: Bill, before: Bill) -> Explanation:
    now, old = span_of(bill), span_of(before)
    if not now.unit or now.unit != old.unit:
        return explanation
    return replace(explanation, unit=now.unit, used=now.used, used_before=old.used)


def _with_days(explanation: Explanation, raw: Sequence[ChangePart]) -> Explanation:
    days = {(part.before, part.now) for part in raw if part.kind == "days" and part.is_daily}
    if len(days) != 1:
        return explanation
    [(old, now)] = days
    return explanation if old is None or now is None else replace(explanation, days=int(now), days_before=int(old))

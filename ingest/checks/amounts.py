"""Totals against their parts, and how many decimals an amount may have."""

from collections.abc import Iterator
from decimal import Decimal

from bill import ZERO, Bill
from ingest.checks.broken import Broken


def amounts(bill: Bill, broken: list[Broken]) -> None:
    """BR-12 to BR-14, BR-CO-10 to BR-CO-14, BR-CO-18, BR-53, BR-DEC-*."""
    totals = bill.totals
    line_sum = sum([line.net_amount for line in bill.lines if line.net_amount is not None], ZERO)
    vat_sum = sum([row.vat for row in bill.vat if row.vat is not None], ZERO)
    if totals.lines is None or totals.net is None or totals.gross is None or not bill.vat:
        _missing(bill, broken)
    if totals.lines is not None and totals.lines != round(line_sum, 2):
        _differs("BR-CO-10", "the sum of the lines", totals.lines, line_sum, "BT-106", broken)
    if totals.net is not None and totals.lines is not None:
        due = totals.lines - (totals.allowances or ZERO) + (totals.charges or ZERO)
        if totals.net != due:
            _differs("BR-CO-13", "the total without VAT", totals.net, due, "BT-109", broken)
    if totals.vat is not None and totals.vat != round(vat_sum, 2):
        _differs("BR-CO-14", "the total VAT", totals.vat, vat_sum, "BT-110", broken)
    if bill.vat_currency not in ("", bill.currency) and totals.vat_in_vat_currency is None:
        broken.append(Broken("BR-53", f"the total VAT in {bill.vat_currency} is missing", "BT-111"))
    if bill.allowances_charges or totals.allowances is not None or totals.charges is not None:
        _allowances(bill, broken)
    _decimals(bill, line_sum, vat_sum, broken)


def _missing(bill: Bill, broken: list[Broken]) -> None:
    for rule, missing, what, term in (
        ("BR-12", bill.totals.lines is None, "the sum of the lines is missing", "BT-106"),
        ("BR-13", bill.totals.net is None, "the total without VAT is missing", "BT-109"),
        ("BR-14", bill.totals.gross is None, "the total with VAT is missing", "BT-112"),
        ("BR-CO-18", not bill.vat, "a bill must have a VAT breakdown", "BG-23"),
    ):
        if missing:
            broken.append(Broken(rule, what, term))


def _allowances(bill: Bill, broken: list[Broken]) -> None:
    """BR-CO-11, BR-CO-12."""
    for rule, term, what, said, is_charge in (
        ("BR-CO-11", "BT-107", "the sum of allowances", bill.totals.allowances, False),
        ("BR-CO-12", "BT-108", "the sum of charges", bill.totals.charges, True),
    ):
        due = sum((a.amount for a in bill.allowances_charges if a.is_charge == is_charge), ZERO)
        if (said or ZERO) != round(due, 2):
            _differs(rule, what, said or ZERO, due, term, broken)


def _decimals(bill: Bill, line_sum: Decimal, vat_sum: Decimal, broken: list[Broken]) -> None:
    """BR-DEC-*: at most two decimals. A sum has as many as its longest term, so one look is enough when all is well."""
    totals = bill.totals
    everything = line_sum + vat_sum + totals.payable
    for amount in (
        totals.gross, totals.net, totals.vat, totals.lines, totals.allowances, totals.charges, totals.paid,
        totals.rounding, totals.vat_in_vat_currency,
    ):  # fmt: skip
        if amount is not None:
            everything += amount
    for row in bill.vat:
        if row.taxable is not None:
            everything += row.taxable
    if _places(everything) > 2 or bill.allowances_charges or any(line.allowances_charges for line in bill.lines):
        for rule, term, amount in _all_amounts(bill):
            if amount is not None and _places(amount) > 2:
                broken.append(Broken(rule, f"{amount} has more than two decimals", term))


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _all_amounts(bill: Bill) -> Iterator[tuple[str, str, Decimal | None]]:
    totals = bill.totals
    yield "BR-DEC-09", "BT-106", totals.lines
    yield "BR-DEC-10", "BT-107", totals.allowances
    yield "BR-DEC-11", "BT-108", totals.charges
    yield "BR-DEC-12", "BT-109", totals.net
    yield "BR-DEC-13", "BT-110", totals.vat
    yield "BR-DEC-14", "BT-112", totals.gross
    yield "BR-DEC-15", "BT-111", totals.vat_in_vat_currency
    yield "BR-DEC-16", "BT-113", totals.paid
    yield "BR-DEC-17", "BT-114", totals.rounding
    yield "BR-DEC-18", "BT-115", totals.payable
    for row in bill.vat:
        yield "BR-DEC-19", "BT-116", row.taxable
        yield "BR-DEC-20", "BT-117", row.vat
    for one in bill.allowances_charges:
        yield ("BR-DEC-05", "BT-99", one.amount) if one.is_charge else ("BR-DEC-01", "BT-92", one.amount)
        yield ("BR-DEC-06", "BT-100", one.base) if one.is_charge else ("BR-DEC-02", "BT-93", one.base)
    for place, line in enumerate(bill.lines, 1):
        yield "BR-DEC-23", f"line {place}, BT-131", line.net_amount
        for one in line.allowances_charges:
            yield "BR-DEC-27" if one.is_charge else "BR-DEC-24", f"line {place}, BT-136, BT-141", one.amount
            yield "BR-DEC-28" if one.is_charge else "BR-DEC-25", f"line {place}, BT-137, BT-142", one.base


def _differs(rule: str, what: str, said: Decimal, due: Decimal, term: str, broken: list[Broken]) -> None:
    broken.append(Broken(rule, f"{what} is {said}, but its parts make {due}", term))

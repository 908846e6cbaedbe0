"""Checks the document totals against their parts, and the number of decimals of amounts."""

from collections.abc import Iterator
from decimal import Decimal

from bill import ZERO, Bill, Totals
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import Sums, adds_up, places
from ingest.checks.ubl_cii_differences import Binding


def check_totals(bill: Bill, binding: Binding, strict: bool, sums: Sums, broken: list[BrokenRule]) -> None:
    """Check BR-12 to BR-14, BR-CO-10 to BR-CO-14, BR-CO-18, BR-53 and BR-DEC-09 to -23.

    Where *strict*, a sum whose total is absent is broken as well; otherwise only the absence is reported.
    """
    totals = bill.totals
    vat_sum = sum([row.vat for row in bill.vat if row.vat is not None], ZERO)
    if totals.lines is None or totals.net is None or totals.gross is None or not bill.vat:
        _missing(bill, strict, binding, broken)
    if totals.lines is not None and not adds_up(totals.lines, sums.lines):
        _differs(
            "BR-CO-10",
            "the sum of the lines is {said}, but its parts make {due}",
            totals.lines,
            sums.lines,
            "BT-106",
            broken,
        )
    if totals.net is not None and totals.lines is not None:
        due = totals.lines - (totals.allowances or ZERO) + (totals.charges or ZERO)
        if not adds_up(totals.net, due):
            _differs(
                "BR-CO-13",
                "the total without VAT is {said}, but its parts make {due}",
                totals.net,
                due,
                "BT-109",
                broken,
            )
    if totals.vat is not None and not adds_up(totals.vat, vat_sum) and (bill.vat or binding.name == "CII"):
        _differs("BR-CO-14", "the total VAT is {said}, but its parts make {due}", totals.vat, vat_sum, "BT-110", broken)
    if bill.vat_currency:
        _vat_currency(bill, binding, broken)
    if bill.allowances_charges or totals.allowances is not None or totals.charges is not None:
        _allowances(totals, sums, broken, bill)
    _decimals(bill, sums.lines + vat_sum + totals.payable, broken)


def _missing(bill: Bill, strict: bool, binding: Binding, broken: list[BrokenRule]) -> None:
    totals = bill.totals
    unlined, unnetted = totals.lines is None, totals.net is None
    for rule, missing, wrong, term in (
        ("BR-12", unlined, "the sum of the lines is missing", "BT-106"),
        ("BR-13", unnetted, "the total without VAT is missing", "BT-109"),
        ("BR-14", totals.gross is None, "the total with VAT is missing", "BT-112"),
        ("BR-CO-10", unlined and strict, "there is no total to compare the lines with", "BT-106"),
        ("BR-CO-13", (unlined or unnetted) and strict, "there is no total to compare with its parts", "BT-109"),
        ("BR-CO-18", not bill.vat and (bill.lines or binding.name != "CII"), "a bill must break its VAT down", "BG-23"),
    ):  # fmt: skip
        if missing:
            broken.append(BrokenRule(rule, wrong, term))


def _vat_currency(bill: Bill, binding: Binding, broken: list[BrokenRule]) -> None:
    """Check BR-53. A VAT accounting currency equal to the bill's own is redundant in UBL, and an error in CII."""
    if bill.vat_currency == bill.currency:
        if binding.name == "CII":
            wrong = "VAT is accounted in {currency} anyhow: leave it out"
            broken.append(BrokenRule("BR-53", wrong, "BT-6", {"currency": bill.currency[:40]}))
    elif bill.totals.vat_in_vat_currency is None:
        wrong = "the total VAT in {currency} is missing"
        broken.append(BrokenRule("BR-53", wrong, "BT-111", {"currency": bill.vat_currency[:40]}))


def _allowances(totals: Totals, sums: Sums, broken: list[BrokenRule], bill: Bill) -> None:
    """Check BR-CO-11 and BR-CO-12. An absent total is not zero where there is something to add up."""
    has_charges = any(one.is_charge for one in bill.allowances_charges)
    has_allowances = any(not one.is_charge for one in bill.allowances_charges)
    for rule, term, wrong, said, due, there in (
        ("BR-CO-11", "BT-107", "the sum of allowances is {said}, but its parts make {due}",
         totals.allowances, sums.allowances, has_allowances),
        ("BR-CO-12", "BT-108", "the sum of charges is {said}, but its parts make {due}",
         totals.charges, sums.charges, has_charges),
    ):  # fmt: skip
        if (said is None and there) or (said is not None and not adds_up(said, due)):
            _differs(rule, wrong, said or ZERO, due, term, broken)


def _decimals(bill: Bill, everything: Decimal, broken: list[BrokenRule]) -> None:
    """Check BR-DEC-*: at most two decimals. A sum has as many decimals as its longest term, so one look at the sum
    suffices for a correct bill."""
    totals = bill.totals
    for amount in (totals.gross, totals.net, totals.vat, totals.lines, totals.allowances, totals.charges, totals.paid,
                   totals.rounding, totals.vat_in_vat_currency):  # fmt: skip
        if amount is not None:
            everything += amount
    for row in bill.vat:
        if row.taxable is not None:
            everything += row.taxable
    if places(everything) > 2:
        for rule, term, amount in _all_amounts(bill):
            if amount is not None and places(amount) > 2:
                broken.append(BrokenRule(rule, "{amount} has more than two decimals", term, {"amount": amount}))


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
    for place, line in enumerate(bill.lines, 1):
        yield "BR-DEC-23", f"line {place}, BT-131", line.net_amount


def _differs(rule: str, wrong: str, said: Decimal, due: Decimal, term: str, broken: list[BrokenRule]) -> None:
    broken.append(BrokenRule(rule, wrong, term, {"said": said, "due": due}))

"""Errors that happen to demo feeds: wrong totals, duplicates, conflicts, cents for euros. Each function changes a list
of bills."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from bill import Bill, Payment, Reference
from demo.billing.bill_builder import credit_terms
from demo.billing.bill_totals import line, numbered, totals_and_vat

Mishap = Callable[[Sequence[Bill]], list[Bill]]

#: Mishaps happen to the third of about every sixty bills.
_STRIDE = 61


def all_of(bills: Sequence[Bill]) -> list[Bill]:
    """Return the bills unchanged."""
    return list(bills)


def some_of(bills: Sequence[Bill]) -> list[Bill]:
    """Return the few bills that mishaps happen to, unchanged."""
    return list(bills[2::_STRIDE])


def wrong_sums(bills: Sequence[Bill]) -> list[Bill]:
    """Break the VAT total of a few bills (BR-CO-15). These are rejected, the others are accepted."""
    unlucky = {bill.number for bill in some_of(bills)}
    return [_overstated(bill) if bill.number in unlucky else bill for bill in bills]


def sent_again(bills: Sequence[Bill]) -> list[Bill]:
    """Return a few bills again: duplicates, and a last one with other content under the same number, a conflict."""
    *same, last = some_of(bills)
    return [*same, _dearer(last)]


def in_cents(bills: Sequence[Bill]) -> list[Bill]:
    """Return all bills with cents where euros are meant. No single bill breaks a rule; the feed's drift is noticed."""
    return [_times_a_hundred(bill) for bill in bills]


def credit_notes(bills: Sequence[Bill]) -> list[Bill]:
    """Return credit notes of the full amount for a few bills, some days later."""
    return [_credit_note(bill) for bill in some_of(bills)]


def _overstated(bill: Bill) -> Bill:
    totals, ten = bill.totals, Decimal("10.00")
    gross = (totals.gross or totals.payable) + ten
    return replace(bill, totals=replace(totals, gross=gross, payable=totals.payable + ten))


def _times_a_hundred(bill: Bill) -> Bill:
    lines = tuple(
        replace(each, net_amount=each.net_amount * 100, net_price=each.net_price * 100)
        if each.net_amount is not None and each.net_price is not None
        else each
        for each in bill.lines
    )
    totals, vat = totals_and_vat(lines)
    return replace(bill, number=f"{bill.number}R", lines=lines, totals=totals, vat=vat)


def _dearer(bill: Bill) -> Bill:
    fee = line("Frais de dossier", 1, "C62", Decimal("9.90"), "20")
    lines = numbered([*bill.lines, fee])
    totals, vat = totals_and_vat(lines)
    return replace(bill, lines=lines, totals=totals, vat=vat)


def _credit_note(bill: Bill) -> Bill:
    return replace(
        bill, number=f"{bill.number}A", type_code="381", issue_date=bill.issue_date + timedelta(days=7), due_date=None,
        payment=Payment(), terms=credit_terms(bill.totals.payable),
        preceding=(Reference(number=bill.number, issue_date=bill.issue_date),),
    )  # fmt: skip

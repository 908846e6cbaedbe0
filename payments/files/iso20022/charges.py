"""Reads what banks kept of a payment (`Chrgs`), and works out what the payer paid."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bill import ZERO
from payments.files.iso20022.amount import read_amount
from payments.files.iso20022.elements import Element, child, children, text
from untrusted.value_parsing import truth


class Charges(NamedTuple):
    """What was kept, in the account's currency. *are_included*: taken from the booked amount; None where it is not
    said."""

    amount: Decimal = ZERO
    are_included: bool | None = None


def read_charges(element: Element | None, currency: str) -> Charges:
    """The charges of an entry or transaction; those in other currencies than *currency* are left out."""
    amount, included, is_old = ZERO, [False, False], False
    for one in children(element, "Chrgs"):
        is_old = is_old or child(one, "Rcrd") is None
        for record in (*children(one, "Rcrd"), *([one] if child(one, "Amt") is not None else ())):
            kept = read_amount(record, "Amt", currency=currency)
            if kept is None or kept.currency != currency:
                continue
            amount += -kept.amount if text(record, "CdtDbtInd") == "CRDT" else kept.amount
            said = text(record, "ChrgInclInd")
            if said:
                included[truth(said)] = True
    if not any(included):
        # Until version 3 the element is defined as "charges included in the amount".
        return Charges(amount, True if is_old and amount else None)
    return Charges(amount, included[True])


def paid_amount(
    booked: Decimal, charges: Charges, stated: Sequence[Decimal], *, is_credit: bool
) -> tuple[Decimal, Decimal]:
    """What the payer paid, and the charges that the bank kept of it (or, of a debit, took on top of it).

    *booked* is what the account got or gave, *stated* are the amounts that the transaction tells of itself, best first:
    one that differs from *booked* by the charges is what was paid; one that equals it says that none were kept.
    """
    gross = booked + charges.amount if is_credit else booked - charges.amount
    if charges.amount <= 0 or gross <= 0:
        return booked, ZERO
    if gross in stated:
        return gross, charges.amount
    if charges.are_included and booked not in stated[:1]:
        return gross, charges.amount
    return booked, ZERO

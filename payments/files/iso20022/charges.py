"""Reads what banks kept of a payment (`Chrgs`), and works out what the payer paid."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bill import ZERO
from payments.files.iso20022.elements import Element, children, text
from payments.files.iso20022.exact_amount import read_amount
from untrusted.value_parsing import truth


class Charges(NamedTuple):
    """What was kept, in the account's currency. *are_included*: taken from the booked amount (`ChrgInclInd`); None
    where it is not said. *are_of_old*: of a message until version 2, whose definition is "charges included in the
    amount".
    """

    amount: Decimal = ZERO
    are_included: bool | None = None
    are_of_old: bool = False


def read_charges(element: Element | None, currency: str) -> Charges:
    """The charges of an entry or transaction; those in other currencies than *currency* are left out."""
    amount, said, is_old = ZERO, set(), False
    for charges in children(element, "Chrgs"):
        records = list(children(charges, "Rcrd"))
        is_old = is_old or not records
        for record in records or [charges]:
            kept = read_amount(record, "Amt", currency=currency)
            if kept is not None and kept.currency == currency:
                amount += -kept.amount if text(record, "CdtDbtInd") == "CRDT" else kept.amount
                said.add(text(record, "ChrgInclInd"))
    indicators = [truth(each) for each in said if each]
    return Charges(amount, any(indicators) if indicators else None, is_old)


def paid_amount(
    booked: Decimal, charges: Charges, stated: Sequence[Decimal], *, is_credit: bool
) -> tuple[Decimal, Decimal]:
    """What the payer paid, and the charges that the bank kept of it (or, of a debit, took on top of it).

    *booked* is what the account got or gave, *stated* are the amounts that the transaction tells of itself: one that
    differs from *booked* by the charges is what was paid; in old messages, one that equals it says that none were kept.
    """
    gross = booked + charges.amount if is_credit else booked - charges.amount
    if charges.amount <= 0 or gross <= 0:
        return booked, ZERO
    is_presumed = charges.are_of_old and charges.are_included is None and booked not in stated
    if gross in stated or charges.are_included or is_presumed:
        return gross, charges.amount
    return booked, ZERO

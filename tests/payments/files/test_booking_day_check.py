"""A payment's day: neither far ahead of the day on which it is told, nor thirty years before."""

from datetime import date
from decimal import Decimal

import pytest

from bill.payment.payment_entry import MovementKind, PaymentEntry
from payments.files.booking_day_check import booking_day_fault
from tests.finding_sentences import check_said

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("day", "kind", "is_booked", "is_wrong"),
    [
        (date(2026, 11, 27), "received", True, False),
        (date(2026, 12, 3), "received", True, False),
        (date(2027, 4, 3), "received", True, True),
        (date(2027, 4, 3), "received", False, False),
        (date(2062, 11, 27), "received", False, True),
        (date(2027, 4, 3), "announced", True, False),
        (date(2029, 2, 3), "announced", True, True),
        (date(2006, 1, 3), "returned", True, False),
        (date(1996, 1, 3), "refunded", True, True),
        (date(1926, 11, 27), "received", True, True),
    ],
)
def test_the_day_of_a_payment(day: date, kind: MovementKind, *, is_booked: bool, is_wrong: bool) -> None:
    entry = PaymentEntry(
        kind=kind, amount=Decimal(84), currency="EUR", booked_on=day, entry_id="R1", place="Ntry[2]",
        is_booked=is_booked,
    )  # fmt: skip
    fault = booking_day_fault(entry, TODAY)
    assert (fault is not None) is is_wrong
    if fault is not None:
        check_said([fault])
        assert (fault.rule, fault.place, fault.number) == ("PAYMENT-DATE", "Ntry[2]", "R1")

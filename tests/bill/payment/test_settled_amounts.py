"""What was settled before a bill is named for its sign and for the kind of document."""

from datetime import date
from decimal import Decimal

import pytest

from bill import Bill, Totals, settled_amounts


def bill(gross: str, type_code: str = "380", **totals: str) -> Bill:
    terms = {name: Decimal(amount) for name, amount in totals.items()}
    return Bill(
        number="1", issue_date=date(2026, 11, 2), currency="EUR", type_code=type_code,
        totals=Totals(payable=Decimal(0), gross=Decimal(gross), **terms),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("type_code", "gross", "paid", "kind", "amount"),
    [
        ("380", "100", "30", "paid", "-30"), ("380", "100", "-30", "balance_due", "30"),
        ("384", "100", "-30", "balance_due", "30"), ("380", "0", "10", "paid", "-10"),
        ("380", "-100", "-100", "refunded", "100"), ("380", "-100", "20", "paid", "-20"),
        ("381", "100", "100", "refunded", "-100"), ("381", "100", "-30", "balance_in_favour", "30"),
        ("381", "-100", "-100", "paid", "100"), ("381", "-100", "20", "balance_due", "-20"),
    ],
)  # fmt: skip
def test_bt_113_by_its_sign(type_code: str, gross: str, paid: str, kind: str, amount: str) -> None:
    assert settled_amounts(bill(gross, type_code, paid=paid)) == [(kind, Decimal(amount))]


@pytest.mark.parametrize("paid", ["0", "0.00"])
def test_nothing_paid_is_not_told(paid: str) -> None:
    assert settled_amounts(bill("100", paid=paid)) == []
    assert settled_amounts(bill("100")) == []


@pytest.mark.parametrize(
    ("type_code", "balance", "payments", "said"),
    [
        ("380", "40", "40", [("balance_due", "40"), ("payments", "-40")]),
        ("380", "-40", "0", [("balance_in_favour", "-40")]),
        ("380", "40", "-15", [("balance_due", "40"), ("payments_returned", "15")]),
        ("381", "40", "0", [("balance_in_favour", "40")]),
    ],
)
def test_balance_and_payments_where_both_are_stated(
    type_code: str, balance: str, payments: str, said: list[tuple[str, str]]
) -> None:
    found = settled_amounts(bill("100", type_code, paid="0", previous_balance=balance, payments=payments))
    assert found == [(kind, Decimal(amount)) for kind, amount in said]

"""Where a bill is paid on line: one link, with what is due next and the number that the account goes by."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bill import Bill, Identifier, Party, Payment, Totals, amount_due, as_issued, payment_link

PATTERN = "https://payer.example/{account}?n={number}&m={amount}"
BILL = Bill(
    number="L-1", issue_date=date(2026, 11, 2), currency="EUR", totals=Totals(payable=Decimal("120.005")),
    buyer=Party(identifiers=(Identifier(value="GLN-1"),)), contract="CONTRAT-77", buyer_reference="REF-88",
    object_id=Identifier(value="PDL-99"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("term", "account"),
    [(None, "GLN-1"), ("", "GLN-1"), ("BT-12", "CONTRAT-77"), ("BT-10", "REF-88"), ("BT-18", "PDL-99")],
)
def test_it_has_the_rounded_amount_and_the_accounts_number(term: str | None, account: str) -> None:
    link = payment_link(PATTERN, BILL, as_issued(BILL), term)
    assert link == f"https://payer.example/{account}?n=L-1&m=120.01"


def test_the_amount_has_the_places_of_its_currency() -> None:
    """What is left after a payment is kept in ten-thousandths."""
    left = as_issued(BILL)._replace(amount=Decimal("51.4200"))
    assert payment_link(PATTERN, BILL, left, None).endswith("&m=51.42")


def test_no_value_bends_it() -> None:
    hostile = msgspec.structs.replace(BILL, number="F&m=0/{account}", contract="../é")
    link = payment_link(PATTERN, hostile, as_issued(hostile), "BT-12")
    assert link == "https://payer.example/..%2F%C3%A9?n=F%26m%3D0%2F%7Baccount%7D&m=120.01"


def test_an_issuers_own_letters_are_spelled_as_addresses_are() -> None:
    link = payment_link("https://payer.example/réglé (1)?n={number}&c=%C3%A9", BILL, as_issued(BILL), None)
    assert link == "https://payer.example/r%C3%A9gl%C3%A9%20%281%29?n=L-1&c=%C3%A9"


def test_nobody_is_led_to_pay_what_is_not_asked() -> None:
    assert payment_link("", BILL, as_issued(BILL), None) == ""
    collected = msgspec.structs.replace(BILL, payment=Payment(mandate="RUM1"))
    assert payment_link(PATTERN, collected, as_issued(collected), None) == ""
    credit = amount_due(BILL)._replace(kind="credited", amount=Decimal(0))
    assert payment_link(PATTERN, BILL, credit, None) == ""

"""Payments as JSON: exact amounts, and a fault names its JSON path."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bill import Finding
from bill.payment.payment_entry import PaymentEntry, PaymentShare
from payments.files.payments_json_reader import read_payments_json
from tests.finding_sentences import check_said

ONE = {"id": "P-1", "kind": "received", "amount": "84.20", "currency": "EUR", "date": "2026-11-02"}


def read(text: str | bytes) -> tuple[list[PaymentEntry], list[Finding], bool]:
    file = read_payments_json(BytesIO(text if isinstance(text, bytes) else text.encode()))
    items = list(file)
    findings = [item for item in items if isinstance(item, Finding)]
    check_said(findings)
    return [item for item in items if isinstance(item, PaymentEntry)], findings, file.is_whole


def fault(changes: dict[str, Any]) -> tuple[str, str]:
    """The rule and the place of what is wrong with a payment so changed, the second of a list."""
    entries, findings, is_whole = read(json.dumps([ONE, ONE | changes]))
    assert (len(entries), len(findings), is_whole) == (1, 1, True)
    return findings[0].rule, findings[0].place


def test_a_payment_and_a_list_of_them() -> None:
    whole = ONE | {
        "references": ["RF18539007547034", "NOTPROVIDED"], "iban": "fr14 2004 1010 0505 0001 3m02 606",
        "creditor_iban": "FR7630006000011234567890189", "name": "Alice  Martin", "text": "Facture",
        "end_to_end_id": "E", "mandate_id": "M", "original_id": "O", "reason": "AC04",
        "creditor_id": "I", "sequence_type": "RCUR",
        "shares": [{"reference": "F-1", "amount": "90.00"}, {"reference": "A-1", "amount": "-5.80"}],
    }  # fmt: skip
    entries, findings, is_whole = read(json.dumps(whole))
    assert (findings, is_whole) == ([], True)
    assert msgspec.structs.asdict(entries[0]) == msgspec.structs.asdict(
        PaymentEntry(
            kind="received", amount=Decimal("84.20"), currency="EUR", booked_on=entries[0].booked_on, entry_id="P-1",
            creditor_iban="FR7630006000011234567890189", debtor_iban="FR1420041010050500013M02606",
            debtor_name="Alice Martin", references=("RF18539007547034",), remittance="Facture", end_to_end_id="E",
            mandate_id="M", original_id="O", reason="AC04", creditor_id="I", sequence_type="RCUR", place="$",
            shares=(
                PaymentShare(reference="F-1", amount=Decimal("90.00")),
                PaymentShare(reference="A-1", amount=Decimal("-5.80")),
            ),
        )
    )  # fmt: skip
    entries, findings, is_whole = read(json.dumps([ONE, ONE | {"id": "P-2", "references": "F-1"}]))
    assert [(entry.entry_id, entry.place, entry.references) for entry in entries] == [
        ("P-1", "$[0]", ()),
        ("P-2", "$[1]", ("F-1",)),
    ]
    assert read("[]") == ([], [], True)


@pytest.mark.parametrize(
    ("changes", "rule", "path"),
    [
        ({"amount": "84.205"}, "PAYMENT-AMOUNT-DECIMALS", "$[1].amount"),
        ({"amount": "-84.20"}, "PAYMENT-AMOUNT-NEGATIVE", "$[1].amount"),
        ({"amount": "84,20"}, "AMOUNT-INVALID", "$[1].amount"),
        ({"amount": 0}, "PAYMENT-AMOUNT-ZERO", "$[1].amount"),
        ({"amount": 1e30}, "AMOUNT-INVALID", "$[1].amount"),
        ({"amount": [1]}, "JSON-SHAPE", "$[1].amount"),
        ({"amount": None}, "JSON-KEY-MISSING", "$[1].amount"),
        ({"amount": True}, "JSON-SHAPE", "$[1].amount"),
        ({"currency": "euro"}, "PAYMENT-CURRENCY", "$[1].amount"),
        ({"date": "2026-02-30"}, "DATE-INVALID", "$[1].date"),
        ({"date": ""}, "JSON-KEY-MISSING", "$[1].date"),
        ({"kind": "paid"}, "PAYMENT-KIND", "$[1].kind"),
        ({"kind": ["received"]}, "PAYMENT-KIND", "$[1].kind"),
        ({"id": ""}, "JSON-KEY-MISSING", "$[1].id"),
        ({"name": {"first": "Alice"}}, "JSON-SHAPE", "$[1].name"),
        ({"name": "x" * 6_000}, "TEXT-TOO-LONG", "$[1].name"),
        ({"references": ["F-1", {}]}, "JSON-SHAPE", "$[1].references[1]"),
        ({"shares": [{"reference": "F-1"}]}, "JSON-SHAPE", "$[1].shares[0]"),
        ({"shares": [{"reference": "F-1", "amount": "1.001"}]}, "PAYMENT-AMOUNT-DECIMALS", "$[1].shares[0]"),
        ({"ammount": "1"}, "JSON-KEY", "$[1].ammount"),
    ],
)
def test_a_fault_names_its_path(changes: dict[str, Any], rule: str, path: str) -> None:
    assert fault(changes) == (rule, path)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "JSON-TRUNCATED"),
        ("[", "JSON-TRUNCATED"),
        ('{"id": "P-1', "JSON-TRUNCATED"),
        (json.dumps([ONE])[:-1], "JSON-TRUNCATED"),
        ("[1] [2]", "JSON-BROKEN"),
        ('{"id": "1", "id": "2"}' + " " * 100, "JSON-BROKEN"),
        ("[" * 100_000, "JSON-BROKEN"),
        (b'["\xff"]', "JSON-ENCODING"),
        ('{"id": "' + "x" * 9_000_000, "JSON-TOO-LARGE"),
    ],
)
def test_what_is_no_json_is_refused(text: str | bytes, rule: str) -> None:
    _, findings, is_whole = read(text)
    assert not is_whole
    assert findings[-1].rule == rule


def test_parts_of_more_than_the_whole_are_told() -> None:
    shares = [{"reference": "F-1", "amount": "84.21"}]
    entries, findings, _ = read(json.dumps(ONE | {"shares": shares}))
    assert entries[0].shares == ()
    assert findings[0].rule == "PAYMENT-SHARES"


@given(st.integers(1, 10**13), st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_number_loses_nothing(cents: int, is_text: bool) -> None:
    amount = f"{cents // 100}.{cents % 100:02}"
    written = json.dumps(ONE).replace('"84.20"', f'"{amount}"' if is_text else amount)
    assert [str(entry.amount) for entry in read(written)[0]] == [amount]

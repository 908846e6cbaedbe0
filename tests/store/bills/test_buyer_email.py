"""Which address came with a bill, and that bills of before have its digest as new ones do."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from bill import Bill, Contact, Identifier, Party, Totals
from store import Store
from store.bills.bill import BillRow
from store.bills.bill_columns import bill_columns, packed_columns
from store.bills.buyer_email import buyer_email, email_digest
from tests.adoption.sample_accounts import World

migration: Any = import_module("store.db.migrations.versions.v0084_billed_emails")
DAY = date(2026, 3, 1)
PEPPOL, EMAIL = Identifier("0009:552100554", "0225"), Identifier("alice@exemple.fr", "EM")
BUYERS = {
    "by the contact": (Party(contact=Contact(email="Alice@Exemple.fr"), electronic_address=PEPPOL), "alice@exemple.fr"),
    "by BT-49": (Party(contact=Contact(phone="02 40 00 00 00"), electronic_address=EMAIL), "alice@exemple.fr"),
    "the contact first": (Party(contact=Contact(email="a@b.fr"), electronic_address=EMAIL), "a@b.fr"),
    "by neither": (Party(contact=Contact(email="call me"), electronic_address=PEPPOL), ""),
    "nothing said": (Party(), ""),
    "too long": (Party(contact=Contact(email=f"{'a' * 300}@b.fr")), ""),
    "no Unicode": (Party(contact=Contact(email="é\ud800@b.fr")), "é\ud800@b.fr"),
}


def a_bill(buyer: Party) -> Bill:
    return Bill(number="F-1", issue_date=DAY, currency="EUR", totals=Totals(payable=Decimal(84)), buyer=buyer)


@pytest.mark.parametrize("case", BUYERS)
def test_the_address_of_the_buyer_is_found_by(case: str) -> None:
    buyer, meant = BUYERS[case]
    assert bill_columns(a_bill(buyer))["buyer_email_digest"] == (email_digest(meant) if meant else None)


def test_bills_of_before_are_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "_AT_A_TIME", 2)
    bills = [a_bill(buyer) for case, (buyer, _) in BUYERS.items() if case != "no Unicode"]
    with store.writing() as session:
        world = World(session)
        account = world.account(world.issuer("lumiere"), "C-1")
        ids = [world.bill(account, DAY).id for _ in bills]
        for bill_id, bill in zip(ids, bills, strict=True):
            session.get_one(BillRow, bill_id).content = packed_columns(bill)["content"]
    with store.reading() as session:
        read = {row["id"]: row["digest"] for rows in migration._digests(session.connection()) for row in rows}
    assert read == {
        bill_id: email_digest(buyer_email(bill)) for bill_id, bill in zip(ids, bills, strict=True)
    }  # fmt: skip
    assert len(set(read.values())) == 3

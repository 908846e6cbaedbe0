"""What is matched together: a payer's bills are looked at for payments that are not sure alone, and nothing differs.

Two issuers have the same bills and are told the same payments; for one of them no payment counts as sure.
"""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from bill.payment.payment_entry import PaymentEntry
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from payments import match_payments
from payments.payment_identity import payment_identity
from payments.take_payments import take_payments
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.issuer import Issuer
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import parts_of_payments
from tests.sample_feeds import batch, ubl

MARCH = datetime(2026, 3, 3, 9, tzinfo=UTC)
#: Number, account and net amount; the fifth is the second with two digits exchanged.
BILLS = (
    ("LUM-2026-001001", "C-ALICE", "70.00"), ("LUM-2026-001002", "C-ALICE", "50.00"),
    ("LUM-2026-001003", "C-ALICE", "50.00"), ("LUM-2026-002001", "C-BOB", "70.00"),
    ("LUM-2026-001020", "C-BOB", "90.00"),
)  # fmt: skip
TEXTS = (*(number for number, _, _ in BILLS), "merci", "LUM-2026-001010", "LUM-2026-001012")
IBANS = ("FR76ALICE", "FR76BOB", "")
NAMES = ("MARTIN ALICE", "LE GOFF BOB", "")


def a_world(store: Store, config: Config) -> list[Issuer]:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    issuers = []
    for slug in ("lumiere", "eaux"):
        with store.writing() as session:
            issuer = add_issuer(session, slug, "Lumière de l'Ouest", MARCH)
        bills = batch([ubl(number, account, Decimal(net)) for number, account, net in BILLS])
        pipeline.work_feed(drop_feed(store, issuer, BytesIO(bills), f"{slug}.xml", "cli", MARCH).feed_id, MARCH)
        issuers.append(issuer)
    return issuers


def some_payments(chance: random.Random) -> list[PaymentEntry]:
    return [
        PaymentEntry(
            kind="received", amount=Decimal(chance.choice(["84.00", "60.00", "108.00", "30.00"])), currency="EUR",
            booked_on=date(2026, 3, 10) + timedelta(days=chance.randrange(9)), entry_id=f"E{n}",
            remittance=chance.choice(TEXTS), debtor_iban=chance.choice(IBANS), debtor_name=chance.choice(NAMES),
        )
        for n in range(12)
    ]  # fmt: skip


def told(store: Store, issuer: Issuer) -> list[object]:
    with store.reading() as session:
        rows = list(session.scalars(select(PaymentRow).where(PaymentRow.issuer_id == issuer.id)))
        parts = parts_of_payments(session, [row.id for row in rows])
        return sorted(
            (row.entry.entry_id, row.outcome, row.why, row.rest,
             [(part.number, part.allocation.amount) for part in parts.get(row.id, ())])
            for row in rows
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_looking_at_fewer_bills_finds_the_same(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    first, second = a_world(store, config)
    payments = some_payments(random.Random(seed))
    for n in range(0, len(payments), 3):
        entries = {payment_identity(each): each for each in payments[n : n + 3]}
        with store.writing() as session:
            take_payments(session, first.id, entries, "bank", MARCH)
        with monkeypatch.context() as all_unsure, store.writing() as session:
            all_unsure.setattr(match_payments, "_sure", lambda *_: set())
            take_payments(session, second.id, entries, "bank", MARCH)
    assert told(store, first) == told(store, second)

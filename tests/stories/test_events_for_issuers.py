"""Lumière is told what happens to its customers' accounts and bills, and of each feed in counts."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import delivery
from bill import ControlTotals, PostalAddress
from config import Config
from consumers.account_claim import Claimed, claim_account
from consumers.claim_code import letter_code
from consumers.leave_account import leave_account
from consumers.paperless_consent import back_to_paper, go_paperless
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.feedback.returned_mail import letter_returned
from doors.feed_drop import drop_feed
from feeds.decide_held_feed import decide_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.reported_payment import say_paid
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import issuer_by_slug
from store.outbox.event_types import EVENT_TYPES
from store.outbox.outbox_event import outbox_events
from tests.sample_feeds import batch, ubl
from tests.sample_payments import BankEntry, camt
from webhooks.event_message import event_message

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ALICE = ("Alice Martin", "12 rue des Lilas", "44000", "Nantes")
WITHOUT_A_TOWN = ("Bob Le Goff", "3 quai de la Fosse", "", "")


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def _drop(pipeline: Pipeline, name: str, *invoices: str, count: int | None = None) -> int:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)
    announced = None if count is None else ControlTotals(count, source="API")
    feed = io.BytesIO(batch(invoices))
    feed_id = drop_feed(pipeline.store, issuer, feed, name, "cli", NOW, announced=announced).feed_id
    pipeline.work_until_idle(NOW)
    return feed_id


def _told(store: Store, after: int = 0) -> list[tuple[str, dict[str, Any]]]:
    with store.reading() as session:
        messages = [event_message(each, store.public_ids) for each in outbox_events(session, 1, after)]
    for message in messages:
        assert message["data"].keys() == EVENT_TYPES[message["type"]].fields.keys()
    return [(message["type"], message["data"]) for message in messages]


def test_a_feed_is_told_in_counts(pipeline: Pipeline, store: Store) -> None:
    feed_id = _drop(pipeline, "mars.xml", *(ubl(f"L-{n}", f"C-{n}") for n in range(30)))
    pipeline.close_batch(NOW)
    pipeline.settle(NOW)
    pipeline.work_until_idle(NOW)
    (released, data), (settled, ended) = _told(store)
    assert (released, settled) == ("feed.released", "feed.settled")
    assert data["feed"] == store.public_ids.of("feed", feed_id)
    assert (data["file"], data["content"], data["counts"]["bill"]) == ("mars.xml", "bills", 30)
    assert (ended["printed"], ended["emailed"], ended["failed"]) == (30, 0, 0)


def test_a_held_feed_and_what_a_person_decides(pipeline: Pipeline, store: Store) -> None:
    held = _drop(pipeline, "mars.xml", ubl("L-1"), ubl("L-2"), count=3)
    with store.writing() as session:
        feed = session.get_one(Feed, held)
        assert decide_feed(session, feed, "reject", "alice@lumiere.example", "le fichier est incomplet", NOW)
    _drop(pipeline, "vide.xml", ubl("L-3", gross=Decimal("1.00")))
    pipeline.work_until_idle(NOW)
    told = _told(store)
    assert [what for what, _ in told] == ["feed.held", "feed.rejected", "feed.rejected"]
    assert told[0][1]["reason"] == "feed_doubted"
    assert (told[1][1]["reason"], told[1][1]["words"]) == ("", "le fichier est incomplet")
    assert told[2][1]["reason"] == "all_bills_refused"


def test_what_people_do(pipeline: Pipeline, store: Store) -> None:
    _drop(pipeline, "mars.xml", ubl("L-1", "C-ALICE", person=ALICE))
    pipeline.close_batch(NOW)
    pipeline.work_until_idle(NOW)
    soon = NOW + timedelta(days=7)
    with store.writing() as session:
        alice = Consumer(email="alice@example.org", name="Alice", password_hash="-", signed_up_at=NOW, confirmed_at=NOW)
        session.add(alice)
        session.flush()
        letter = session.scalars(select(Delivery).where(Delivery.channel == "paper")).one()
        code = letter_code(store.keys, letter)
        assert isinstance(claim_account(session, alice, 1, "C-ALICE", code, soon), Claimed)
        account = session.scalars(select(CustomerAccount)).one()
        assert go_paperless(session, account, alice, soon)
        assert back_to_paper(session, account, alice, soon)
        bill = session.scalars(select(BillRow)).one()
        assert say_paid(session, bill, soon, now=soon, by="consumer 1")
        assert letter_returned(session, letter.id, "moved", soon, "post", "parti sans laisser d’adresse")
        assert leave_account(session, account, alice, soon)
    pipeline.work_until_idle(soon)
    told = [(what, data) for what, data in _told(store) if not what.startswith("feed.")]
    mine = {"account": store.public_ids.of("account", account.id), "account_number": "C-ALICE"}
    hers = mine | {"actor": "holder"}
    assert told == [
        ("account.claimed", hers | {"holders": 1}),
        ("account.paperless_chosen", hers),
        ("account.paper_chosen", hers),
        ("bill.reported_paid", mine | {"bill_number": "L-1"}),
        ("letter.returned", mine | {"bill_number": "L-1", "reason": "moved", "words": "parti sans laisser d’adresse"}),
        ("account.left", hers | {"holders": 0}),
    ]
    assert "alice@example.org" not in str(told)


def test_a_mended_address(pipeline: Pipeline, store: Store) -> None:
    _drop(pipeline, "mars.xml", ubl("B-1", "C-BOB", person=WITHOUT_A_TOWN))
    pipeline.close_batch(NOW)
    with store.writing() as session:
        [held] = delivery.held_letters(session)
        nantes = PostalAddress(line1="3 quai de la Fosse", postcode="44100", city="Nantes", country="FR")
        assert delivery.mend_address(session, held.delivery.id, nantes, "mina@lumiere.example", "par téléphone", NOW)
    pipeline.work_until_idle(NOW)
    [data] = [data for what, data in _told(store) if what == "account.address_mended"]
    assert data["actor"] == "operator"
    assert data["address"] == {
        "line1": "3 quai de la Fosse", "line2": None, "line3": None, "city": "Nantes", "postcode": "44100",
        "subdivision": None, "country": "FR",
    }  # fmt: skip


def test_payments(pipeline: Pipeline, store: Store) -> None:
    """Paid bills are told together, a payment that waits or comes back by itself; a later file tells nothing again."""
    _drop(pipeline, "mars.xml", *(ubl(f"LUM-2026-00100{n}", f"C-{n}") for n in range(1, 4)))
    entries = [BankEntry("84.00", f"LUM-2026-00100{n}", f"R{n}", end_to_end=f"VIR-{n}") for n in (1, 2)]
    stray = BankEntry("12.34", "cadeau d’anniversaire", "R9")
    for name, statement in (
        ("releve.xml", camt([*entries, stray])),
        ("releve-2.xml", camt([*entries, stray], "053", "S1")),
        (
            "rejet.xml",
            camt([BankEntry("84.00", ref="R3", on=date(2026, 3, 25), returns="VIR-1", reason="AC04")], name="M2"),
        ),
    ):
        with store.reading() as session:
            issuer = issuer_by_slug(session, "lumiere")
        assert issuer is not None
        drop_feed(store, issuer, io.BytesIO(statement), name, "cli", NOW)
        pipeline.work_until_idle(NOW)
    told = [(what, data) for what, data in _told(store) if not what.startswith("feed.")]
    assert [what for what, _ in told] == ["payment.waiting", "bills.paid", "bill.payment_returned"]
    assert (told[0][1]["amount"], told[0][1]["reference"]) == ("12.34", "cadeau d’anniversaire")
    assert [each["bill_number"] for each in told[1][1]["bills"]] == ["LUM-2026-001001", "LUM-2026-001002"]
    assert (told[2][1]["bill_number"], told[2][1]["amount"]) == ("LUM-2026-001001", "84.00")


def test_every_documented_type_happens_somewhere() -> None:
    """A type that no code records would be a promise that nobody keeps."""
    rooms = ("consumers", "delivery", "feeds", "payments", "pipeline", "portal", "store", "webhooks", "customers")
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if path.name != "event_types.py"
    )
    feeds = {f"feed.{state}" for state in re.findall(r'record_feed_event\(session, [a-z_.]+, "([a-z]+)"', code)}
    unsaid = {name for name in EVENT_TYPES if f'"{name}"' not in code} - feeds - {"webhook.test"}
    assert unsaid == set()

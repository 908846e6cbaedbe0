"""The life of a feed, as a story: bytes in, three channels out, adoption counted.

Lumière drops March's bills. Alice reads hers on line. Bob went paperless too, and never looks. Charlie's mail bounces.
Dominique has never heard of us, and gets a letter with a code.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from adoption.adoption_curves import adoption_curves
from audit.run_all_checks import check
from config import Config
from consumers.account_claim import Claimed, claim_account
from consumers.claim_code import letter_code
from consumers.paperless_consent import go_paperless
from delivery.channels.email.smtp.dev_inbox import list_mails, open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.feedback.views_bounces_returns import bill_viewed
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.bills.bills_of_consumer import bills_of_consumer
from store.delivery import Delivery, deliveries_of
from store.feeds.feed import Feed
from tests.sample_feeds import batch, ubl

FEBRUARY = datetime(2026, 2, 3, 9, tzinfo=UTC)
MARCH = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def drop_bills(pipeline: Pipeline, now: datetime, name: str, *invoices: str) -> int:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", now)
    feed_id = drop_feed(pipeline.store, issuer, BytesIO(batch(invoices)), name, "cli", now).feed_id
    pipeline.work_until_idle(now)
    return feed_id


def join(pipeline: Pipeline, email: str, number: str, now: datetime) -> int:
    """Somebody signs up, and proves an account with the code that was printed on February's letter."""
    with pipeline.store.writing() as session:
        person = Consumer(email=email, name=email, password_hash="-", signed_up_at=now, confirmed_at=now)
        session.add(person)
        session.flush()
        letter = session.scalars(
            select(Delivery).join(BillRow, BillRow.id == Delivery.bill_id)
            .where(BillRow.number == f"FEB-{number}", Delivery.channel == "paper")
        ).one()  # fmt: skip
        code = letter_code(pipeline.store.keys, letter)
        assert isinstance(claim_account(session, person, 1, number, code.lower(), now), Claimed)
        account = session.scalars(select(CustomerAccount).where(CustomerAccount.value == number)).one()
        assert go_paperless(session, account, person, now)
        return person.id


def channels(session: Session, number: str) -> dict[str, str]:
    bill = bill_by_number(session, 1, number)
    assert bill is not None
    return {f"{each.channel} {each.purpose}": each.state for each in deliveries_of(session, bill.id)}


def posted(config: Config) -> list[str]:
    """What lies in the print house's folder."""
    manifests = [json.loads(path.read_text()) for path in config.outbox.glob("lot-*.json")]
    return sorted(piece["bill"] for manifest in manifests for piece in manifest["pieces"])


def test_the_life_of_a_feed(pipeline: Pipeline, store: Store, config: Config) -> None:
    people = ["C-ALICE", "C-BOB", "C-CHARLIE", "C-DOMINIQUE"]
    drop_bills(
        pipeline,
        FEBRUARY,
        "fevrier.xml",
        *(ubl(f"FEB-{who}", who, issued="2026-02-02", due="2026-02-27") for who in people),
    )
    pipeline.close_batch(FEBRUARY)
    assert posted(config) == sorted(f"FEB-{who}" for who in people)  # nobody has heard of us: all on paper

    soon = FEBRUARY + timedelta(days=7)
    alice = join(pipeline, "alice@example.org", "C-ALICE", soon)
    join(pipeline, "bob@example.org", "C-BOB", soon)
    join(pipeline, "bounce.charlie@example.org", "C-CHARLIE", soon)

    feed_id = drop_bills(pipeline, MARCH, "mars.xml", *(ubl(f"MAR-{who}", who) for who in people))
    with store.reading() as session:
        assert channels(session, "MAR-C-ALICE")["portal present"] == "sent"
        assert channels(session, "MAR-C-ALICE")["email notify"] == "sent"
        assert channels(session, "MAR-C-ALICE")["paper print"] == "waiting"
        assert channels(session, "MAR-C-CHARLIE")["email notify"] == "failed"
        assert channels(session, "MAR-C-DOMINIQUE") == {"paper print": "ready"}
        listed = [bill.number for bill, _ in bills_of_consumer(session, alice)]
        assert listed == ["MAR-C-ALICE", "FEB-C-ALICE"]
    [mail] = list_mails(config.inbox, "alice@example.org")
    assert "84,00" in mail.text
    assert "C-ALICE" not in mail.subject

    with store.writing() as session:  # Alice reads hers the next day
        bill = bill_by_number(session, 1, "MAR-C-ALICE")
        assert bill is not None
        bill_viewed(session, bill, alice, MARCH + timedelta(days=1))

    day = MARCH
    while day < datetime(2026, 4, 14, tzinfo=UTC):  # the days go by; each evening the cut-off passes
        day += timedelta(days=1)
        pipeline.work_until_idle(day)
    march = [number for number in posted(config) if number.startswith("MAR")]
    # Dominique has no other way, Charlie's mail came back, Bob never looked; Alice needs no paper.
    assert march == ["MAR-C-BOB", "MAR-C-CHARLIE", "MAR-C-DOMINIQUE"]
    reminders = [mail.subject for mail in list_mails(config.inbox, "bob@example.org")]
    assert len(reminders) >= 2
    assert len(list_mails(config.inbox, "alice@example.org")) == 1

    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == "settled"
        [point] = [point for point in adoption_curves(session) if f"{point.month:%Y-%m}" == "2026-03"]
    assert (point.accounts, point.enrolled, point.paperless) == (4, 3, 3)
    assert not any(check(store).invariants.values())


def test_a_truncated_feed_has_delivered_nothing(pipeline: Pipeline, store: Store) -> None:
    whole = batch(ubl(f"L-{n}") for n in range(300))
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", MARCH)
    for cut in (len(whole) // 3, len(whole) * 2 // 3, len(whole) - 4):
        feed_id = drop_feed(store, issuer, BytesIO(whole[:cut]), "mars.xml", "cli", MARCH).feed_id
        pipeline.work_until_idle(MARCH)
        with store.reading() as session:
            assert session.get_one(Feed, feed_id).state == "rejected"
            assert session.scalar(select(BillRow.id).limit(1)) is None
            assert session.scalar(select(Delivery.id).limit(1)) is None
    drop_feed(store, issuer, BytesIO(whole), "mars.xml", "cli", MARCH)
    pipeline.work_until_idle(MARCH)
    with store.reading() as session:
        assert len(session.scalars(select(BillRow.id)).all()) == 300


def test_a_number_is_one_bill_for_ever(pipeline: Pipeline, store: Store) -> None:
    first = drop_bills(pipeline, MARCH, "mars.xml", ubl("L-1"), ubl("L-2", "C-BOB"))
    again = drop_bills(pipeline, MARCH, "renamed.xml", ubl("L-1"), ubl("L-2", "C-BOB"))
    assert again == first  # the same bytes are the same feed
    other = drop_bills(pipeline, MARCH, "suite.xml", ubl("L-1"), ubl("L-2", "C-CHARLIE"), ubl("L-3"))
    with store.reading() as session:
        from tests.item_outcomes import outcome_counts

        counts = outcome_counts(session, other)
        assert (counts["bill"], counts["duplicate"], counts["conflict"]) == (1, 1, 1)
        bill = bill_by_number(session, 1, "L-2")
        assert bill is not None
        assert bill.buyer_name == "Bob Le Goff"
    assert not any(check(store).invariants.values())


def test_the_archived_pdf_is_the_same_for_ever(pipeline: Pipeline, store: Store, tmp_path: Path) -> None:
    drop_bills(pipeline, MARCH, "mars.xml", ubl("L-1"))
    with store.reading() as session:
        bill = bill_by_number(session, 1, "L-1")
        assert bill is not None
        before = store.archive(session).pdf(bill)
    pipeline.close_batch(MARCH)
    drop_bills(pipeline, MARCH, "avril.xml", ubl("L-9", "C-BOB"))
    with store.reading() as session:
        bill = bill_by_number(session, 1, "L-1")
        assert bill is not None
        assert store.archive(session).pdf(bill) == before

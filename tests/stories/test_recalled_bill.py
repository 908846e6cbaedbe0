"""Claire of Lumière takes bills back before they have reached anybody, and sends one of them again.

Nobody has heard of us, so that March's bills wait for the evening's batch: until then nobody has got them.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import delivery
from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.feedback.views_bounces_returns import bill_viewed
from delivery.recall.recall_bill import Recall, recall_bill
from doors.feed_drop import drop_feed
from feeds.conflicts.decide_conflict import Decision
from feeds.conflicts.resolve_conflicts import decide_conflicts_of_feed
from feeds.failed_bill_retry import retry_bills
from feeds.feed_report import feed_report
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import render_bills
from pipeline.steps.read_feed import read_feed
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.db.event import events_of
from store.delivery import deliveries_of
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.outbox.outbox_event import OutboxEvent
from store.payments.payment import PaymentRow
from store.search.search_entry import SearchEntry
from store.vault.attachment_staging import StoredAttachment
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl
from tests.sample_payments import BankEntry, camt
from tests.spelled_reasons import english

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
CLAIRE = Decision("claire@lumiere.example", "wrong tariff", NOW)
MARCH = [ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-3", "C-CHARLIE")]


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def send(pipeline: Pipeline, name: str, content: bytes, *, worked: bool = True) -> int:
    """The issuer drops this; its bills are rendered and chosen, unless it is read alone."""
    with pipeline.store.reading() as session:
        issuer = session.scalars(select(Issuer)).one()
    feed_id = drop_feed(pipeline.store, issuer, BytesIO(content), name, "cli", NOW).feed_id
    if worked:
        pipeline.work_feed(feed_id, NOW)
    else:
        read_feed(pipeline.store, NOW, feed_id)
    return feed_id


def standing(session: Session, number: str) -> BillRow:
    bill = bill_by_number(session, 1, number)
    assert bill is not None
    return bill


def recall(store: Store, number: str, by: Decision = CLAIRE) -> Recall:
    with store.reading() as session:
        bill_id = standing(session, number).id
    return recall_bill(store, bill_id, by)


def state_of(store: Store, number: str) -> str:
    with store.reading() as session:
        return standing(session, number).state


def outcomes(store: Store, feed_id: int) -> dict[str, int]:
    with store.reading() as session:
        return {name: count for name, count in outcome_counts(session, feed_id).items() if count}


def printed(pipeline: Pipeline, store: Store) -> list[str]:
    """The numbers of the bills that the evening's batch brings to the print house."""
    pipeline.work_until_idle(NOW)
    pipeline.close_batch(NOW)
    with store.reading() as session:
        return sorted(session.scalars(select(BillRow.number).where(BillRow.posted_at.is_not(None))))


def all_holds(store: Store) -> bool:
    return not any(check(store).invariants.values())


def test_a_recalled_bill_leaves_the_open_batch_and_is_never_printed(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch(MARCH))
    pipeline.work_until_idle(NOW)  # its letter lies in the open batch
    assert recall(store, "L-2") == Recall("done")
    with store.reading() as session:
        bill = standing(session, "L-2")  # the number stays used
        assert bill.state == "recalled"
        [letter] = deliveries_of(session, bill.id)
        assert (letter.state, letter.batch_id, letter.decided_by) == ("cancelled", None, CLAIRE.by)
        assert english(letter.reason) == "the bill was recalled by its issuer: wrong tariff"
        event = events_of(session, "bill", bill.id)[-1]
        assert (event.what, event.by, event.why) == ("recalled", CLAIRE.by, CLAIRE.reason)
        assert session.scalar(select(func.count()).where(SearchEntry.bill_id == bill.id)) == 0
        told = session.scalars(select(OutboxEvent).where(OutboxEvent.type == "bill.recalled")).one()
        assert told.data == {
            "account": bill.account_id, "account_number": "C-BOB", "bill_number": "L-2", "words": "wrong tariff",
            "actor": "issuer",
        }  # fmt: skip
    assert printed(pipeline, store) == ["L-1", "L-3"]
    assert all_holds(store)
    assert recall(store, "L-2") == Recall("late")


@pytest.mark.parametrize("state", ["released", "rendered", "chosen", "failed"])
def test_a_bill_is_recalled_wherever_the_pipeline_has_it(pipeline: Pipeline, store: Store, state: str) -> None:
    feed_id = send(pipeline, "mars.xml", batch(MARCH), worked=state in ("chosen", "failed"))
    if state == "rendered":
        while state_of(store, "L-1") == "released":
            pipeline.chunks.turn(NOW, feed_id)
    with store.writing() as session:
        if state == "failed":
            standing(session, "L-1").state = "failed"
        assert standing(session, "L-1").state == state
    assert recall(store, "L-1") == Recall("done")
    with store.writing() as session:
        assert retry_bills(session, [standing(session, "L-1")], CLAIRE.by, "again", NOW) == []
    pipeline.work_feed(feed_id, NOW)
    assert state_of(store, "L-1") == "recalled"
    assert printed(pipeline, store) == ["L-2", "L-3"]
    assert all_holds(store)


def test_a_bill_that_is_being_drawn_is_not_taken_up_again(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recall comes while the worker draws: neither the bill nor what came with it goes into the archive."""
    feed_id = send(pipeline, "mars.xml", batch(MARCH), worked=False)
    drawing: Callable[..., object] = render_bills._draw

    def meanwhile(*args: object) -> object:
        drawn = drawing(*args)
        if state_of(store, "L-2") == "released":
            assert recall(store, "L-2") == Recall("done")
        return drawn

    monkeypatch.setattr(render_bills, "_draw", meanwhile)
    pipeline.work_feed(feed_id, NOW)
    with store.reading() as session:
        bill = standing(session, "L-2")
        assert (bill.state, bill.pdf_sha256, deliveries_of(session, bill.id)) == ("recalled", None, [])
        assert session.scalars(select(StoredAttachment)).all() == []
        assert [event.what for event in events_of(session, "bill", bill.id)] == ["released", "recalled"]
    assert printed(pipeline, store) == ["L-1", "L-3"]
    assert all_holds(store)


def presented(session: Session, pipeline: Pipeline) -> None:
    enrol(session, alice(session), standing(session, "L-1").account_id, NOW)


def seen(session: Session, pipeline: Pipeline) -> None:
    bill_viewed(session, standing(session, "L-1"), alice(session), NOW)


def printing(session: Session, pipeline: Pipeline) -> None:
    while delivery.join_batch(session, NOW):
        pass
    assert delivery.close_batch(session, NOW, force=True)


def alice(session: Session) -> int:
    person = Consumer(email="alice@example.org", name="Alice", password_hash="-", signed_up_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return person.id


@pytest.mark.parametrize("reach", [presented, seen, printing])
def test_what_has_reached_its_customer_is_not_recalled(
    pipeline: Pipeline, store: Store, reach: Callable[[Session, Pipeline], None]
) -> None:
    send(pipeline, "mars.xml", batch(MARCH))
    with store.writing() as session:
        reach(session, pipeline)
    answer = recall(store, "L-1")
    assert (answer.result, answer.issuance and answer.issuance.how) == ("reached", reach.__name__)
    assert state_of(store, "L-1") == "chosen"
    with store.reading() as session:
        assert session.scalars(select(OutboxEvent).where(OutboxEvent.type == "bill.recalled")).all() == []


def test_bills_of_a_feed_that_is_not_released_are_not_recalled(pipeline: Pipeline, store: Store) -> None:
    feed_id = send(pipeline, "mars.xml", batch(MARCH))
    with store.writing() as session:
        bill_id = standing(session, "L-1").id
        session.get_one(Feed, feed_id).state = "reading"
    assert recall_bill(store, bill_id, CLAIRE) == Recall("late")


def test_what_was_paid_of_it_waits_for_a_person(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch([ubl("LUM-2000", "C-BOB")]))
    send(pipeline, "avis.xml", camt([BankEntry("84.00", "LUM-2000", "R1")]))
    with store.reading() as session:
        assert session.scalars(select(PaymentRow)).one().outcome == "matched"
    assert recall(store, "LUM-2000") == Recall("done")
    with store.reading() as session:
        paid = session.scalars(select(PaymentRow)).one()
        assert (paid.outcome, paid.why) == ("waiting", "bill_withdrawn")
    assert all_holds(store)


@pytest.mark.parametrize("again", [ubl("L-2", "C-BOB"), ubl("L-2", "C-BOB", Decimal(99))], ids=["same", "other"])
def test_what_comes_under_its_number_waits_for_a_decision(pipeline: Pipeline, store: Store, again: str) -> None:
    """The same bill, too: as a duplicate it would silently reach nobody."""
    send(pipeline, "mars.xml", batch(MARCH))
    recall(store, "L-2")
    corrected = send(pipeline, "correction.xml", batch([again, ubl("L-9")]))
    assert outcomes(store, corrected) == {"bill": 1, "conflict": 1}
    with store.reading() as session:
        [finding] = [each for each in feed_report(session, session.get_one(Feed, corrected))["findings"]
                     if each["number"] == "L-2"]  # fmt: skip
        assert finding["rule"] == "NUMBER-RECALLED"
    assert decide_conflicts_of_feed(store, corrected, "replace", CLAIRE) == {"done": 1}
    assert printed(pipeline, store) == ["L-1", "L-2", "L-3", "L-9"]
    with store.reading() as session:
        bill = standing(session, "L-2")
        assert (bill.feed_id, bill.state) == (corrected, "chosen")
    assert all_holds(store)


def test_or_the_number_is_left_alone(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, "mars.xml", batch(MARCH))
    recall(store, "L-2")
    corrected = send(pipeline, "correction.xml", batch([ubl("L-2", "C-BOB")]))
    assert decide_conflicts_of_feed(store, corrected, "keep", CLAIRE) == {"done": 1}
    assert outcomes(store, corrected) == {"rejected": 1}
    assert state_of(store, "L-2") == "recalled"
    assert printed(pipeline, store) == ["L-1", "L-3"]
    assert all_holds(store)

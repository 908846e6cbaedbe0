"""Claire of Lumière has dropped the wrong file, and withdraws it before anything of it goes out."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import func, select

from audit.run_all_checks import check
from bill import ControlTotals
from doors.feed_drop import drop_feed
from feeds.cancel_feed import cancel_feed
from issuers.registry import add_issuer
from pipeline.steps.read_feed import claim_feed, read_feed, reading_feed
from store import Store
from store.bills.bill import BillRow
from store.db.event import events_of
from store.feeds.feed import Feed
from store.feeds.item import Item
from store.issuer import Issuer
from store.outbox.outbox_event import OutboxEvent
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl
from tests.sample_payments import BankEntry, camt
from tests.spelled_reasons import english

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
CLAIRE = "claire@lumiere.example"
MARCH = batch([ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-3", "C-CHARLIE")])


@pytest.fixture(autouse=True)
def _lumiere(store: Store) -> None:
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)


def drop(store: Store, content: bytes = MARCH, announced: ControlTotals | None = None) -> int:
    with store.reading() as session:
        issuer = session.scalars(select(Issuer)).one()
    return drop_feed(store, issuer, BytesIO(content), "mars.xml", "api", NOW, announced=announced).feed_id


def cancel(store: Store, feed_id: int) -> bool:
    with store.writing() as session:
        return cancel_feed(session, feed_id, CLAIRE, "last month’s file", NOW)


def assert_withdrawn(store: Store, feed_id: int, items: dict[str, int]) -> None:
    with store.reading() as session:
        feed = session.get_one(Feed, feed_id)
        assert (feed.state, feed.decided_by, feed.lease_owner) == ("rejected", CLAIRE, None)
        assert english(feed.reason) == "withdrawn before its release: last month’s file"
        assert {name: count for name, count in outcome_counts(session, feed_id).items() if count} == items
        assert session.scalar(select(func.count()).select_from(BillRow)) == 0
        last = events_of(session, "feed", feed_id)[-1]
        assert (last.what, last.by) == ("rejected", CLAIRE)
        told = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id.desc())).first()
        assert told is not None
        assert (told.type, told.data["reason"]) == ("feed.rejected", "feed_cancelled")
    assert not any(check(store).invariants.values())


def test_before_it_is_read(store: Store) -> None:
    feed_id = drop(store)
    assert cancel(store, feed_id)
    assert not read_feed(store, NOW)
    assert_withdrawn(store, feed_id, {})
    assert not cancel(store, feed_id)


@pytest.mark.parametrize("content", [MARCH, camt([BankEntry("84.00", "LUM-2000", "R1")])], ids=["bills", "payments"])
def test_while_it_is_read(store: Store, content: bytes) -> None:
    """Its worker stops at the next chunk, and leaves nothing behind."""
    drop(store, content)
    feed = claim_feed(store, NOW)
    assert feed is not None
    reading = reading_feed(store, feed, lambda: NOW)
    next(reading)
    assert cancel(store, feed.id)
    assert list(reading) == []
    assert_withdrawn(store, feed.id, {})
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Item)) == 0
        cancelled = session.get_one(Feed, feed.id)
        assert (cancelled.entries, cancelled.read_at) == (0, None)


def test_while_it_is_held(store: Store) -> None:
    feed_id = drop(store, announced=ControlTotals(count=4, source="API"))
    read_feed(store, NOW)
    assert cancel(store, feed_id)
    assert_withdrawn(store, feed_id, {"rejected": 3})


def test_what_was_withdrawn_is_read_when_it_comes_again(store: Store) -> None:
    feed_id = drop(store)
    assert cancel(store, feed_id)
    assert drop(store) == feed_id
    assert read_feed(store, NOW)
    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == "released"


def test_not_once_its_release_has_begun(store: Store) -> None:
    """While it claims numbers, and afterwards: then its bills are recalled one by one."""
    drop(store)
    feed = claim_feed(store, NOW)
    assert feed is not None
    for _ in reading_feed(store, feed, lambda: NOW):
        with store.reading() as session:
            if session.get_one(Feed, feed.id).released_upto:
                assert not cancel(store, feed.id)
    assert not cancel(store, feed.id)
    with store.reading() as session:
        assert session.get_one(Feed, feed.id).state == "released"

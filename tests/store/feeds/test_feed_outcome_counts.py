"""A feed's items by outcome, kept when they are final: what pages show equals the rows, whatever a person decides."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.operators.presenters.feed_progress import feed_progress
from store import Store
from store.feeds.conflict import Conflict
from store.feeds.feed import Feed
from store.feeds.feed_outcome_counts import feed_tallies, keep_tallies
from store.feeds.item import Item
from store.feeds.items_by_outcome import WAITING, OutcomeTotals, outcome_totals
from tests.adoption.sample_accounts import World

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.writing() as session:
        yield session


@pytest.fixture
def feed(session: Session) -> Feed:
    """Three bills, one refused without an amount, and two conflicts with Alice's bill."""
    world = World(session)
    issuer = world.issuer("lumiere")
    account = world.account(issuer, "1")
    feed = world.feed(issuer, NOW, state="released", entries=6, read_at=NOW, released_at=NOW)
    bills = [world.bill(account, date(2026, 3, 1), feed=feed) for _ in range(3)]
    world.add(Item(feed_id=feed.id, seq=90, body_sha256="b", outcome="rejected"))
    for seq, currency in ((91, "EUR"), (92, "CHF")):
        world.add(
            Item(
                feed_id=feed.id, seq=seq, body_sha256="b", outcome="conflict", currency=currency, payable=Decimal("9.9")
            )
        )
        world.add(
            Conflict(issuer_id=issuer.id, feed_id=feed.id, seq=seq, number="F", first_id=bills[0].id, found_at=NOW)
        )
    keep_tallies(session, feed.id)
    session.refresh(feed)
    return feed


def test_what_is_kept_equals_the_rows(session: Session, feed: Feed) -> None:
    assert feed_tallies(session, [feed])[feed.id] == outcome_totals(session, feed.id)
    assert feed_tallies(session, [feed])[feed.id]["rejected"] == OutcomeTotals(1, {}, 1)


def test_a_decision_on_a_conflict_is_seen_at_once(session: Session, feed: Feed) -> None:
    session.get_one(Item, (feed.id, 91)).outcome = "rejected"
    session.flush()
    tallies = feed_tallies(session, [feed])[feed.id]
    assert tallies == outcome_totals(session, feed.id)
    assert (tallies["rejected"].items, tallies["conflict"].sums) == (2, {"CHF": Decimal("9.9")})


def test_of_a_feed_that_is_being_read_pages_say_how_many_were_read(session: Session, feed: Feed) -> None:
    feed.state, feed.read_at, feed.tallies, feed.entries = "reading", None, None, 4
    assert feed_tallies(session, [feed])[feed.id] == {WAITING: OutcomeTotals(4, {}, 4)}


def test_a_page_of_feeds_counts_no_items_and_no_bills(session: Session, feed: Feed) -> None:
    """But for items with a conflict, chunks, and bills that were set apart."""
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *said: asked.append(said[2]))
    [how] = feed_progress(session, [feed])
    assert (how.outcomes, how.done, how.all) == ({"bill": 3, "rejected": 1, "conflict": 2}, 3, 3)
    counting = [each for each in asked if "count(" in each]
    assert ["posted_at IS NULL" in each for each in counting] == [False, False, True]
    assert "conflict" in counting[0]
    assert "FROM chunk" in counting[1]

"""A rehearsal: what reading a feed again would change, said before it does, with nothing changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from bill import ControlTotals
from doors.feed_drop import drop_feed as drop
from feeds.decide_held_feed import decide_feed
from issuers.registry import add_issuer
from pipeline.replay_rehearsal import Rehearsal, rehearse
from pipeline.steps.read_feed import read_feed
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.all_models import Base
from store.bills.bill import BillRow
from store.feeds.feed import Feed, read_again
from store.feeds.items_by_outcome import outcome_totals
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
STRANGE = 'legal_ids = ["552100554"]\n'
MARCH = [ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-2", "C-BOB"), ubl("L-3", gross=Decimal(1))]


def drop_feed(store: Store, content: bytes, profile: str = "", announced: ControlTotals | None = None) -> int:
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOW, profile or "# nothing\n")
    feed_id = drop(store, issuer, BytesIO(content), "mars.xml", "cli", NOW, announced=announced).feed_id
    read_feed(store, NOW, feed_id)
    return feed_id


def correct_profile(store: Store, profile: str = "# nothing\n") -> None:
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière", NOW, profile)


def rows(store: Store) -> dict[str, list[Any]]:
    """All that the store knows."""
    with store.reading() as session:
        return {table.name: session.execute(select(table)).all() for table in Base.metadata.sorted_tables}


def changes(rehearsal: Rehearsal) -> list[tuple[str | None, str, str]]:
    return [(each.number, each.before, each.after) for each in rehearsal.changes]


def test_a_corrected_profile_is_tried_before_it_is_used(store: Store) -> None:
    feed_id = drop_feed(store, batch(MARCH), STRANGE)
    correct_profile(store)
    before = rows(store)
    told = rehearse(store, feed_id)
    assert rows(store) == before, "nothing has changed"
    assert (told.state, told.why) == ("released", [])
    assert (told.before.outcomes, told.after.outcomes) == ({"rejected": 4}, {"bill": 2, "duplicate": 1, "rejected": 1})
    assert (told.before.totals, told.after.totals) == ({}, {"EUR": Decimal("168.00")})
    assert (told.before.rules["SELLER-OTHER"], told.after.rules["BR-CO-15"]) == (4, 1)
    assert changes(told) == [
        ("L-1", "rejected", "bill"), ("L-2", "rejected", "bill"), ("L-2", "rejected", "duplicate"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [batch(MARCH), batch([ubl("L-1"), ubl("L-1", net=Decimal(9)), ubl("OLD"), ubl("OLD-2", net=Decimal(3))])],
    ids=["a mixed bag", "conflicts and what is known"],
)
def test_what_was_told_is_what_then_happens(store: Store, content: bytes) -> None:
    drop_feed(store, batch([ubl("OLD"), ubl("OLD-2")]))
    feed_id = drop_feed(store, content, STRANGE)
    correct_profile(store)
    told = rehearse(store, feed_id)
    with store.writing() as session:
        assert read_again(session, session.get_one(Feed, feed_id), NOW, "cli")
    read_feed(store, NOW, feed_id)
    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == told.state
        counts = {name: count for name, count in outcome_counts(session, feed_id).items() if count}
        assert counts == told.after.outcomes
        assert outcome_totals(session, feed_id)["bill"].sums == told.after.totals


def test_a_held_feed_says_what_it_would_give_and_what_holds_it(store: Store) -> None:
    feed_id = drop_feed(store, batch(MARCH), announced=ControlTotals(count=9, source="API"))
    told = rehearse(store, feed_id)
    assert (told.state, told.why) == ("held", ["9 bills are declared (API), 4 were read"])
    assert told.before == told.after
    assert told.changes == []
    correct_profile(store, STRANGE)
    worse = rehearse(store, feed_id)
    assert (worse.state, worse.after.outcomes) == ("rejected", {"rejected": 4})
    assert changes(worse)[0] == ("L-1", "bill", "rejected")
    assert worse.why == ["All the bills of this feed are refused"]


def test_equal_amounts_of_both_readings_are_spelled_alike(store: Store) -> None:
    """One comes from rows that keep four decimals, the other from the file."""
    told = rehearse(store, drop_feed(store, batch([ubl("L-1")])))
    assert (str(told.before.totals["EUR"]), str(told.after.totals["EUR"])) == ("84.00", "84.00")


def test_a_released_feed_does_not_stand_in_its_own_way(store: Store) -> None:
    """Its bills have their numbers from this very feed: read again they would be the same bills."""
    drop_feed(store, batch([ubl("OLD")]))
    feed_id = drop_feed(store, batch([ubl("OLD"), *MARCH]))
    told = rehearse(store, feed_id)
    assert told.changes == []
    assert told.before == told.after
    assert told.after.outcomes == {"bill": 2, "duplicate": 2, "rejected": 1}


def test_what_a_person_has_rejected_is_compared_with_what_was_read(store: Store) -> None:
    feed_id = drop_feed(store, batch(MARCH), announced=ControlTotals(count=9, source="API"))
    with store.writing() as session:
        assert decide_feed(session, session.get_one(Feed, feed_id), "reject", "oscar@facteur.example", "à refaire", NOW)
    told = rehearse(store, feed_id)
    assert told.before.outcomes == {"rejected": 4}
    assert told.after.outcomes == {"bill": 2, "duplicate": 1, "rejected": 1}


def test_a_feed_that_was_not_whole_had_no_items(store: Store) -> None:
    feed_id = drop_feed(store, batch(MARCH)[:-40])
    told = rehearse(store, feed_id)
    assert (told.state, told.before.outcomes, told.after.outcomes, told.changes) == ("rejected", {}, {}, [])
    assert told.why[0].startswith("XML-")


def test_a_drift_is_told_too(store: Store, new_database: Callable[[], str]) -> None:
    people = [f"C-{n}" for n in range(12)]
    for month in range(5):
        drop_feed(store, batch(ubl(f"{month}-{who}", who) for who in people))
    feed_id = drop_feed(store, batch(ubl(f"X-{who}", who, Decimal(7000)) for who in people), STRANGE)
    correct_profile(store)
    told = rehearse(store, feed_id)
    assert told.state == "held"
    assert told.why[0].startswith("mean amount 8400.00 EUR")
    assert told.after.rules == {"DRIFT-AMOUNT": 1}
    with store.reading() as session:
        assert len(session.scalars(select(BillRow.id)).all()) == 60
        assert len(session.scalars(select(CustomerAccount.id)).all()) == 12

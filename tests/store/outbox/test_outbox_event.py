"""What happens is recorded with the change itself, and numbered once it is certain: nobody who reads on misses one."""

from datetime import date
from decimal import Decimal

import pytest

from issuers.registry import add_issuer
from store import Store
from store.outbox.number_events import has_unnumbered, number_events
from store.outbox.outbox_event import OutboxEvent, outbox_events, record_outbox_event, record_outbox_events
from tests.conftest import Clock

BILL = {"account": 7, "account_number": "ALICE-1", "bill_number": "F-1"}


@pytest.fixture
def issuers(store: Store, clock: Clock) -> tuple[int, int]:
    with store.writing() as session:
        added = [add_issuer(session, slug, slug.title(), clock()) for slug in ("eau", "gaz")]
        session.flush()
        return added[0].id, added[1].id


def _sequences(store: Store, issuer_id: int, after: int = 0) -> list[int | None]:
    with store.reading() as session:
        return [each.sequence for each in outbox_events(session, issuer_id, after)]


def _number(store: Store) -> int:
    with store.writing() as session:
        return number_events(session)


def test_an_event_goes_with_its_change(store: Store, clock: Clock, issuers: tuple[int, int]) -> None:
    with store.reading() as session:  # the change did not happen
        record_outbox_event(session, issuers[0], "bill.reported_paid", BILL, clock())
    assert _number(store) == 0
    with store.writing() as session:
        stray = {"payment": 5, "amount": Decimal("12.30"), "currency": "EUR", "booked_on": date(2026, 3, 2)}
        record_outbox_event(session, issuers[0], "payment.waiting", stray | {"reference": None}, clock())
    _number(store)
    with store.reading() as session:
        [event] = outbox_events(session, issuers[0])
    assert event.data == stray | {"amount": "12.30", "booked_on": "2026-03-02", "reference": None}
    assert (event.type, event.at, event.sequence) == ("payment.waiting", clock(), 1)


def test_each_issuer_counts_its_own_without_a_gap(store: Store, clock: Clock, issuers: tuple[int, int]) -> None:
    eau, gaz = issuers
    with store.writing() as session:
        record_outbox_events(session, eau, "bill.reported_paid", [BILL] * 3, clock())
        record_outbox_event(session, gaz, "bill.reported_paid", BILL, clock())
    assert _sequences(store, eau) == []  # not before they are numbered
    assert _number(store) == 4
    with store.writing() as session:
        record_outbox_event(session, eau, "bill.reported_paid", BILL, clock())
    assert _number(store) == 1
    assert _number(store) == 0
    assert _sequences(store, eau) == [1, 2, 3, 4]
    assert _sequences(store, eau, after=2) == [3, 4]
    assert _sequences(store, gaz) == [1]
    with store.reading() as session:
        assert session.query(has_unnumbered()).scalar() is False


def test_a_later_commit_is_not_missed(store: Store, clock: Clock, issuers: tuple[int, int]) -> None:
    """Alice's change began first and ended last: it comes after Bob's, for whoever has read Bob's already."""
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    eau = issuers[0]
    with store.writing() as alice:
        record_outbox_event(alice, eau, "bill.reported_paid", BILL | {"bill_number": "ALICE"}, clock())
        with store.writing() as bob:
            record_outbox_event(bob, eau, "bill.reported_paid", BILL | {"bill_number": "BOB"}, clock())
        assert _number(store) == 1
        assert _sequences(store, eau) == [1]
    assert _number(store) == 1
    with store.reading() as session:
        assert [each.data["bill_number"] for each in outbox_events(session, eau)] == ["BOB", "ALICE"]


def test_only_what_is_documented_is_told(store: Store, clock: Clock, issuers: tuple[int, int]) -> None:
    with store.writing() as session:
        for wrong in ("bill.eaten", "feed.held"):
            with pytest.raises(ValueError, match=wrong):
                record_outbox_event(session, issuers[0], wrong, BILL, clock())
        with pytest.raises(ValueError, match="must not be null"):
            record_outbox_event(session, issuers[0], "bill.reported_paid", BILL | {"account": None}, clock())
        assert session.query(OutboxEvent).count() == 0

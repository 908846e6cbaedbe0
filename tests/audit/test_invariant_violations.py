"""All that breaks an invariant is counted, and only the first of it shown."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from audit.invariant_violations import MOST_SHOWN, told_apart, violations
from issuers.registry import add_issuer
from issuers.test_side import open_test_side
from store import Store
from store.feeds.feed import Feed, receive_feed
from store.rate_limit import RateLimit


@pytest.mark.parametrize("number", [0, 1, MOST_SHOWN, MOST_SHOWN + 1, 3 * MOST_SHOWN])
def test_all_are_counted_and_the_first_shown(store: Store, number: int) -> None:
    with store.writing() as session:
        session.add_all(RateLimit(key=f"{n:04}", until=0) for n in range(number))
        session.flush()
        found = violations(session, select(RateLimit.key).order_by(RateLimit.key))
    assert found.number == number
    assert found == [(f"{n:04}",) for n in range(min(number, MOST_SHOWN))]
    assert bool(found) == (number > 0)


def test_what_was_found_without_a_query_is_told_apart(store: Store) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with store.writing() as session:
        lumiere = add_issuer(session, "lumiere", "Lumière", now)
        found = [(0, "gone meanwhile")]
        for issuer in (lumiere, open_test_side(session, lumiere, "claire", now)):
            feed, _ = receive_feed(session, issuer.id, issuer.slug, 1, f"{issuer.slug}.xml", "api", now)
            found.append((feed.id, feed.name))
        told = told_apart(session, found, Feed.id)
        assert (told, told.number, told.on_test_sides) == (found[:2], 2, 1)
        assert told_apart(session, [], Feed.id).on_test_sides == 0

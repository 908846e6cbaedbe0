"""The demo's operator decides on the portal's own pages."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from bill import ControlTotals
from config import Config
from demo.demo_credentials import OPERATOR, PASSWORD
from demo.people.simulated_operator import SimulatedOperator
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.steps.read_feed import read_feed
from portal.access.password_hash import hash_password
from portal.app import make_app
from store import Store
from store.feeds.feed import Feed
from store.staff_member import Staff
from tests.sample_feeds import batch, ubl

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_what_is_held_is_released_with_a_reason(store: Store, config: Config) -> None:
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOW)
        session.add(Staff(email=OPERATOR, password_hash=hash_password(PASSWORD), added_at=NOW))
    declared = ControlTotals(count=2, source="API")
    feed_id = drop_feed(store, issuer, BytesIO(batch([ubl("L-1")])), "mars.xml", "api", NOW, announced=declared).feed_id
    read_feed(store, NOW)
    operator = SimulatedOperator(make_app(store, config, lambda: NOW), store, 5)
    operator.decide()
    with store.reading() as session:
        decided = session.get_one(Feed, feed_id)
    assert (decided.state, decided.decided_by) == ("held", OPERATOR)
    operator.decide()
    read_feed(store, NOW)
    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == "released"

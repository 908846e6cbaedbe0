"""Whom a delivery is for: a consumer that there is, or the addressee."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from bill import Reason
from store import Store
from store.delivery import THE_ADDRESSEE, create_deliveries, deliveries_of
from tests.conftest import Clock
from tests.portal.sample_town import World, a_bill

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def letter(store: Store, clock: Clock) -> dict[str, object]:
    """A letter of Alice's bill, to be created."""
    world = World(store, clock())
    issuer_id = world.issuer("lumiere", "Lumière")
    [row] = world.drop(issuer_id, [a_bill("L-1", "C-ALICE", world.today)]).values()
    return {
        "bill_id": row.id, "issuer_id": issuer_id, "channel": "paper", "purpose": "print",
        "reason": Reason("account_unclaimed"), "due_at": NOW, "made_at": NOW,
    }  # fmt: skip


def test_the_addressee_gets_a_letter_once(store: Store, letter: dict[str, object]) -> None:
    """Though in SQL one NULL is not another."""
    with store.writing() as session:
        assert create_deliveries(session, [letter, letter]) == 1
        assert create_deliveries(session, [letter]) == 0
        assert create_deliveries(session, [letter | {"purpose": "print-2"}]) == 1
    with store.reading() as session:
        assert [each.person_id for each in deliveries_of(session, int(str(letter["bill_id"])))] == [THE_ADDRESSEE] * 2


@pytest.mark.parametrize("nobody", [0, 4711])
def test_nobody_gets_nothing(store: Store, letter: dict[str, object], nobody: int) -> None:
    with pytest.raises(IntegrityError), store.writing() as session:
        create_deliveries(session, [letter | {"person_id": nobody, "channel": "email", "purpose": "notify"}])

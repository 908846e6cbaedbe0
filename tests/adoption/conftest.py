"""A town that lives for a while, and is counted."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from adoption.monthly_facts import measure
from store import Store
from tests.adoption.random_town import Town


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with Session(store.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def town(store: Store, session: Session) -> Town:
    """A town in which some things have happened, counted."""
    town = Town(session, 7)
    for _ in range(60):
        town.act()
    town.bill()
    session.commit()
    assert not measure(store, town.now)
    return town

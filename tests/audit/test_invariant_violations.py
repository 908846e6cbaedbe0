"""All that breaks an invariant is counted, and only the first of it shown."""

import pytest
from sqlalchemy import select

from audit.invariant_violations import MOST_SHOWN, violations
from store import Store
from store.ended_session import EndedSession
from tests.conftest import Clock


@pytest.mark.parametrize("number", [0, 1, MOST_SHOWN, MOST_SHOWN + 1, 3 * MOST_SHOWN])
def test_all_are_counted_and_the_first_shown(store: Store, clock: Clock, number: int) -> None:
    with store.writing() as session:
        session.add_all(EndedSession(id=f"{n:04}", until=clock()) for n in range(number))
        session.flush()
        found = violations(session, select(EndedSession.id).order_by(EndedSession.id))
    assert found.number == number
    assert found == [(f"{n:04}",) for n in range(min(number, MOST_SHOWN))]
    assert bool(found) == (number > 0)

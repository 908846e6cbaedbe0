"""All that breaks an invariant is counted, and only the first of it shown."""

import pytest
from sqlalchemy import select

from audit.invariant_violations import MOST_SHOWN, violations
from store import Store
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

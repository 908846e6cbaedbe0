"""Facts by day, state and arm: equal to a slow count by hand after whatever happened, and whoever was killed."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from adoption import count_accounts as keeping
from adoption.fact_verification import verify
from adoption.measures.daily_facts import counts_of_days, daily
from adoption.measures.registry import MEASURES
from adoption.monthly_facts import PARIS, measure
from store import Store
from store.facts.counted_contribution import keep_accounts
from tests.adoption.busy_town import BusyTown
from tests.adoption.slow_count import SlowCount

FIRST, LAST = date(2023, 1, 1), date(2029, 12, 31)


class Killed(Exception):  # noqa: N818
    """The process that counts is killed."""


def killed_by_chance(town: BusyTown, keep: Any) -> Any:
    """What is kept of accounts is kept; now and then whoever keeps it is killed at that moment."""

    def keep_or_die(*args: Any) -> None:
        if town.chance.random() < 0.2:
            raise Killed
        keep(*args)

    return keep_or_die


@pytest.fixture(params=[3, 11])
def town(request: pytest.FixtureRequest, store: Store, session: Session, monkeypatch: pytest.MonkeyPatch) -> BusyTown:
    """A town that was counted now and then while it lived, by processes of which some were killed."""
    town = BusyTown(session, request.param)
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "keep_accounts", killed_by_chance(town, keep_accounts))
        for n in range(220):
            town.act()
            if n % 6 == 0:
                try:
                    measure(store, town.now)
                except Killed:
                    continue
    assert not measure(store, town.now)
    return town


def test_days_equal_a_slow_count(town: BusyTown, session: Session, store: Store) -> None:
    slow, issuers = SlowCount(session, PARIS), [issuer.id for issuer in town.issuers]
    flows = [code for code, each in MEASURES.items() if each.kind != "level"]
    counted = {
        (each.issuer_id, each.day, each.state, each.arm, name): value
        for each in daily(session, issuers, FIRST, LAST, flows) for name, value in each.counts.items()
    }  # fmt: skip
    assert counted == dict(slow.bill_counts() + slow.acts())
    levels = [code for code, each in MEASURES.items() if each.kind == "level"]
    session.rollback()
    long_after = town.now + timedelta(days=400)
    assert not measure(store, long_after), "nobody is billed any more, and nothing has marked that"
    days = [town.now.date() - timedelta(days=n) for n in (0, 1, 29, 60)]
    for day in [*days, *(long_after.date() - timedelta(days=n) for n in (0, 200, 330))]:
        found = {
            (each.issuer_id, each.state, each.arm, name): value
            for each in daily(session, issuers, day, day, levels) for name, value in each.counts.items()
        }  # fmt: skip
        assert found == dict(slow.levels(day)), day
    _days_together_are_their_sum(town, session)
    session.rollback()
    assert verify(store, town.now) == verify(store, long_after) == []


def _days_together_are_their_sum(town: BusyTown, session: Session) -> None:
    """What the database adds up is what the days add up to; a level is the last day's."""
    issuers = [issuer.id for issuer in town.issuers]
    first, last = town.now.date() - timedelta(days=70), town.now.date()
    expected: dict[int, Counter[str]] = {issuer_id: Counter() for issuer_id in issuers}
    kinds = {name: each.kind for each in MEASURES.values() for name in each.kept}
    for each in daily(session, issuers, first, last, MEASURES):
        for name, value in each.counts.items():
            if kinds.get(name) != "level" or each.day == last:
                expected[each.issuer_id][name] += value
    assert counts_of_days(session, issuers, first, last, MEASURES) == expected

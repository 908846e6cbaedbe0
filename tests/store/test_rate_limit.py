"""Counts of tries: so many at once, then one an interval; by all processes together, and after a restart."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from config import Config
from store import Store, open_store
from store.rate_limit import Rate, RateLimit, give_back, take
from store.vault.key_ring import KeyRing
from tests.conftest import Clock

TWENTY = Rate(20, 15 * 60)


def tried(store: Store, clock: Clock, key: str = "a", rate: Rate = TWENTY) -> int:
    with store.writing() as session:
        return take(session, key, rate, clock())


def test_so_many_at_once_and_then_one_an_interval(store: Store, clock: Clock) -> None:
    assert [tried(store, clock) for _ in range(20)] == [0] * 20
    assert tried(store, clock) == 45, "a refused try says when the next one may come"
    assert tried(store, clock) == 45, "and counts for nothing"
    assert tried(store, clock, "b") == 0
    clock.forward(seconds=44)
    assert tried(store, clock) == 1
    clock.forward(seconds=1)
    assert tried(store, clock) == 0
    assert tried(store, clock) == 45
    clock.forward(minutes=15)
    assert [tried(store, clock) for _ in range(21)] == [0] * 20 + [45]


def test_a_restart_forgets_nothing(store: Store, config: Config, clock: Clock) -> None:
    for _ in range(20):
        tried(store, clock)
    again = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    assert tried(again, clock) == 45
    again.close()


def test_what_is_given_back_counts_for_nothing(store: Store, clock: Clock) -> None:
    for _ in range(100):
        assert tried(store, clock) == 0
        with store.writing() as session:
            give_back(session, "a", TWENTY)


def test_many_processes_count_as_one(store: Store, clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: tried(store, clock), range(60)))
    assert waits.count(0) == 20


def test_counts_that_have_run_out_are_deleted(store: Store, clock: Clock) -> None:
    for n in range(50):
        tried(store, clock, f"key {n}")
    clock.forward(days=1)
    for n in range(4):
        tried(store, clock, f"new {n}")
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(RateLimit)) == 4


def test_a_clock_that_goes_back_locks_nobody_out_for_long(store: Store, clock: Clock) -> None:
    tried(store, clock)
    clock.now -= timedelta(minutes=5)
    assert tried(store, clock) == 0

"""The worker's loop: a wake-up wakes, and has no time limit that could strike into the work."""

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty
from sqlalchemy import select

import intake
import worker
from config import Config
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from render import Template
from road import Road
from store import Store
from store.bell import RedisBell
from store.bill import BillRow
from store.feed import Feed
from tests.feeds import batch, ubl
from up import start_valkey

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def road(store: Store, config: Config) -> Road:
    return Road(store, config, SMTPPostman("smtp://127.0.0.1:9", config.sender))


@pytest.fixture
def bell(config: Config) -> Iterator[RedisBell]:
    """A bell over a Valkey of this test."""
    server = start_valkey(config)
    connection = Redis.from_url(config.redis_url)
    while not answers(connection):
        time.sleep(0.05)
    yield RedisBell(config.redis_url)
    server.send_signal(signal.SIGTERM)
    server.wait(10)


def answers(connection: Any) -> bool:
    try:
        return bool(connection.ping())
    except (RedisError, OSError):
        return False


def drop_feed(road: Road, slug: str, *invoices: str) -> int:
    with road.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW)
    return drop(road.store, issuer, BytesIO(batch(invoices)), f"{slug}.xml", "cli", NOW).feed_id


def slowly(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """A call that takes longer than the time limit of the wake-up that it might be answered in."""
    real = getattr(where, name)

    def slow(*arguments: Any) -> Any:
        time.sleep(1.5)
        return real(*arguments)

    monkeypatch.setattr(where, name, slow)


def work_beside_a_limit(road: Road, bell: RedisBell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop's rounds until nothing is due, each wake-up answered within a limit of one second."""
    with UnixSignalDeathPenalty(1, JobTimeoutException):  # as RQ answers a job that was left with a limit
        worker.answer()
    bell.ring()
    monkeypatch.setattr(worker, "LISTEN_SECONDS", 1)
    worker._listen(bell)
    assert bell.queue.count == 0  # it was heard
    while road.step(NOW):
        pass


def test_a_wake_up_has_no_time_limit(bell: RedisBell) -> None:
    bell.ring()
    bell.ring()
    [job] = bell.queue.jobs
    assert job.timeout == -1


def test_a_feed_that_takes_longer_than_a_wake_up_is_not_held(
    road: Road, store: Store, bell: RedisBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = drop_feed(road, "alice", ubl("A-1"))
    slowly(monkeypatch, intake, "open_feed")
    work_beside_a_limit(road, bell, monkeypatch)
    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == "released"


def test_a_bill_that_takes_longer_than_a_wake_up_does_not_fail(
    road: Road, store: Store, bell: RedisBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_feed(road, "alice", ubl("A-1"))
    road.read(NOW)
    slowly(monkeypatch, Template, "parts")
    work_beside_a_limit(road, bell, monkeypatch)
    with store.reading() as session:
        assert session.scalars(select(BillRow.state)).all() == ["chosen"]

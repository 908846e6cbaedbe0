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

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed as drop
from issuers.registry import add_issuer
from pipeline import worker_loop
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import read_bills
from pipeline.supervisor import start_valkey
from render.compiled_template import Template
from store import Store
from store.bills.bill import BillRow
from store.db.wake_up_signal import RedisWakeUpSignal
from store.feeds.feed import Feed
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


@pytest.fixture
def wake_up(config: Config) -> Iterator[RedisWakeUpSignal]:
    """A wake-up signal over a Valkey of this test."""
    server = start_valkey(config)
    connection = Redis.from_url(config.redis_url)
    while not answers(connection):
        time.sleep(0.05)
    yield RedisWakeUpSignal(config.redis_url)
    server.send_signal(signal.SIGTERM)
    server.wait(10)


def answers(connection: Any) -> bool:
    try:
        return bool(connection.ping())
    except (RedisError, OSError):
        return False


def drop_feed(pipeline: Pipeline, slug: str, *invoices: str) -> int:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW)
    return drop(pipeline.store, issuer, BytesIO(batch(invoices)), f"{slug}.xml", "cli", NOW).feed_id


def slowly(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """A call that takes longer than the time limit of the wake-up that it might be answered in."""
    real = getattr(where, name)

    def slow(*arguments: Any) -> Any:
        time.sleep(1.5)
        return real(*arguments)

    monkeypatch.setattr(where, name, slow)


def work_beside_a_limit(pipeline: Pipeline, wake_up: RedisWakeUpSignal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop's rounds until nothing is due, each wake-up answered within a limit of one second."""
    with UnixSignalDeathPenalty(1, JobTimeoutException):  # as RQ answers a job that was left with a limit
        worker_loop.on_wake_up()
    wake_up.send()
    monkeypatch.setattr(worker_loop, "LISTEN_SECONDS", 1)
    worker_loop._listen(wake_up)
    assert wake_up.queue.count == 0  # it was heard
    while pipeline.step(NOW):
        pass


def test_a_wake_up_has_no_time_limit(wake_up: RedisWakeUpSignal) -> None:
    wake_up.send()
    wake_up.send()
    [job] = wake_up.queue.jobs
    assert job.timeout == -1


def test_a_feed_that_takes_longer_than_a_wake_up_is_not_held(
    pipeline: Pipeline, store: Store, wake_up: RedisWakeUpSignal, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = drop_feed(pipeline, "alice", ubl("A-1"))
    slowly(monkeypatch, read_bills, "open_feed")
    work_beside_a_limit(pipeline, wake_up, monkeypatch)
    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == "released"


def test_a_bill_that_takes_longer_than_a_wake_up_does_not_fail(
    pipeline: Pipeline, store: Store, wake_up: RedisWakeUpSignal, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_feed(pipeline, "alice", ubl("A-1"))
    pipeline.read(NOW)
    slowly(monkeypatch, Template, "parts")
    work_beside_a_limit(pipeline, wake_up, monkeypatch)
    with store.reading() as session:
        assert session.scalars(select(BillRow.state)).all() == ["chosen"]

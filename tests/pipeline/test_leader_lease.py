"""What one worker does for all: one leader at a time, and a leader that dies or hangs is replaced."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

import adoption
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline import worker_loop
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.base import db_now
from store.db import leader_lease, leases
from store.db.heartbeat import Heartbeat
from store.db.leader_lease import lead_all, leading, leading_at_once
from store.db.leases import LeaseLost, assert_lease
from store.db.periodic_task import PeriodicTask, periodic_tasks
from store.db.wake_up_signal import RedisWakeUpSignal

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
#: A worker that says so when it begins to measure, and then hangs for good; its leases are as short as told.
HANGING_WORKER = """
import sys, time
import adoption
import store.db.leases
from datetime import UTC, datetime
from cli.open_pipeline import open_pipeline

def hang(*_):
    print("measuring", flush=True)
    time.sleep(600)

adoption.measure = hang
store.db.leases.LEASE_SECONDS = float(sys.argv[1])
with open_pipeline() as pipeline:
    pipeline.lead(datetime.now(UTC), 0)
"""


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that this process measured."""
    times: list[str] = []
    monkeypatch.setattr(adoption, "measure", lambda *_: times.append("measured"))
    return times


@contextmanager
def hanging_worker(config: Config, lease_seconds: float = 600) -> Iterator["subprocess.Popen[str]"]:
    """Another process, which leads `measure` and hangs in it."""
    environment = os.environ | {
        "FACTEUR_HOME": str(config.home),
        "FACTEUR_DATABASE_URL": config.database_url,
        "FACTEUR_SECRET_FILE": str(config.home.parent / "secret"),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING_WORKER, str(lease_seconds)], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "measuring\n"
        yield process
    finally:
        process.kill()
        process.wait()


def test_of_four_workers_one_measures_at_a_time(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_measuring, most, runs = 0, 0, 0
    lock = threading.Lock()

    def measure(*_: object) -> None:
        nonlocal now_measuring, most, runs
        with lock:
            now_measuring += 1
            most, runs = max(most, now_measuring), runs + 1
        time.sleep(0.05)
        with lock:
            now_measuring -= 1

    monkeypatch.setattr(adoption, "measure", measure)
    workers = [threading.Thread(target=lambda: [pipeline.lead(NOW, 0) for _ in range(5)]) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert runs > 1
    assert most == 1


def test_a_killed_leader_is_replaced_at_once_where_its_death_is_certain(
    pipeline: Pipeline, config: Config, measured: list[str]
) -> None:
    with hanging_worker(config) as leader:
        pipeline.lead(NOW, 0)
        assert measured == []
        leader.send_signal(signal.SIGKILL)
        leader.wait()
        pipeline.step(NOW)
        pipeline.lead(NOW, 0)
    assert measured == ["measured"]


def lease_left(store: Store) -> float:
    """Seconds for which `measure` is still leased."""
    with store.reading() as session:
        left = select(PeriodicTask.lease_until - db_now()).where(PeriodicTask.id == "measure")
        return float(session.scalars(left).one())


def test_a_killed_leader_of_another_host_is_replaced_within_its_lease(
    pipeline: Pipeline,
    config: Config,
    measured: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(leases, "is_dead", lambda _owner: False)  # nobody here can know
    with hanging_worker(config, 1.5) as leader:
        leader.send_signal(signal.SIGKILL)
        leader.wait()
        assert lease_left(pipeline.store) <= 1.5
        while not measured and lease_left(pipeline.store) > -60:
            pipeline.step(NOW)
            pipeline.lead(NOW, 0)
            time.sleep(0.05)
        assert measured == ["measured"]
    assert "measure: taken over from" in caplog.text


def test_a_living_leader_keeps_its_lease(pipeline: Pipeline, config: Config, measured: list[str]) -> None:
    with hanging_worker(config, 6):
        until = time.monotonic() + lease_left(pipeline.store)
        while time.monotonic() < until:
            pipeline.step(NOW)
            pipeline.lead(NOW, 0)
            time.sleep(0.1)
        assert lease_left(pipeline.store) > 0, "it was renewed"
        assert measured == []


def test_a_leader_that_hangs_is_replaced_and_may_not_write(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(leader_lease, "LONGEST_SILENCE", 0.5)
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0.6)
    goes_on, led = threading.Event(), threading.Event()
    refused: list[bool] = []

    def hang() -> None:
        with leading(store, "measure", 0) as mine:
            assert mine is not None
            led.set()
            goes_on.wait(30)
            try:
                with store.writing() as session:
                    assert_lease(session, PeriodicTask, "measure")
            except LeaseLost:
                refused.append(True)

    hanging = threading.Thread(target=hang)
    hanging.start()
    assert led.wait(60)
    with leading_at_once(store, "measure"):
        pass
    goes_on.set()
    hanging.join()
    assert refused == [True]
    assert "no progress" in caplog.text


def test_a_leader_that_makes_progress_keeps_its_lease(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leader_lease, "LONGEST_SILENCE", 2)
    monkeypatch.setattr(leases, "LEASE_SECONDS", 3)
    with leading(store, "measure", 0) as mine:
        assert mine is not None
        until = time.monotonic() + lease_left(store)
        while time.monotonic() < until:
            time.sleep(0.1)
            mine.progress()
        with leading(store, "measure", 0) as other:
            assert other is None
        with store.writing() as session:
            assert_lease(session, PeriodicTask, "measure")


def test_a_task_that_fails_keeps_no_other_waiting_and_is_tried_again(
    pipeline: Pipeline,
    store: Store,
    measured: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_now: datetime) -> None:
        raise ValueError("a bug")

    monkeypatch.setitem(pipeline.periodic.tasks, "settle", fail)
    with caplog.at_level(logging.ERROR):
        assert pipeline.lead(NOW, 0)
    assert measured == ["measured"]
    assert "settle failed" in caplog.text
    monkeypatch.setitem(pipeline.periodic.tasks, "settle", lambda _now: measured.append("settled"))
    pipeline.lead(NOW, 300)
    assert measured == ["measured"]  # not at once
    with store.writing() as session:
        assert session.get_one(PeriodicTask, "settle").failure == "ValueError: a bug"
        session.execute(update(PeriodicTask).values(begun_at=db_now() - 61))
    pipeline.lead(NOW, 300)
    assert measured == ["measured", "settled"]
    with store.reading() as session:
        assert session.get_one(PeriodicTask, "settle").failure == ""


def test_what_was_done_lately_is_not_due(pipeline: Pipeline, store: Store, measured: list[str]) -> None:
    assert pipeline.lead(NOW, 300)
    assert not pipeline.lead(NOW, 300)
    with store.writing() as session:
        session.execute(update(PeriodicTask).values(done_at=db_now() - 301))
    assert pipeline.lead(NOW, 300)
    assert measured == ["measured"] * 2


def test_a_worker_beats_after_each_turn_that_ends_and_says_when_it_stops(
    pipeline: Pipeline, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def step(_now: datetime) -> bool:
        with store.reading() as session:
            seen.append(session.query(Heartbeat).count())
        if len(seen) == 2:
            worker_loop._stop(15, None)
        return True

    monkeypatch.setattr(pipeline, "step", step)
    monkeypatch.setattr(worker_loop, "_stopping", False)
    monkeypatch.setattr(worker_loop.signal, "signal", lambda *_: None)
    worker_loop.run(pipeline, RedisWakeUpSignal(config.redis_url))
    assert seen == [0, 1]
    with store.reading() as session:
        [row] = session.query(Heartbeat)
        assert row.stopped_at is not None


def test_tasks_that_are_done_together_fail_each_for_itself(store: Store) -> None:
    def fails(error: Exception) -> None:
        raise error

    with leading_at_once(store, "settle"):
        pass
    before = {each.id: each.done_at for each in rows_of(store)}
    done = list[str]()
    with pytest.raises(ValueError, match="beyond"):
        lead_all(
            store,
            {
                "sweep": lambda _: done.append("sweep"),
                "invite": lambda _: fails(ConnectionRefusedError("nobody listens")),
                "measure": lambda _: done.append("measure"),
                "forecast": lambda _: fails(ValueError("beyond reason")),
                "settle": lambda _: done.append("settle"),
            },
        )
    assert done == ["sweep", "measure"]
    rows = {each.id: each for each in rows_of(store)}
    assert {name: row.failure for name, row in rows.items() if row.failure} == {
        "invite": "ConnectionRefusedError: nobody listens", "forecast": "ValueError: beyond reason",
    }  # fmt: skip
    assert [name for name in ("sweep", "measure") if rows[name].done_at == 0] == []
    assert rows["settle"].done_at == before["settle"]
    assert {row.lease_owner for row in rows.values()} == {None}


def test_who_does_all_tasks_waits_for_the_one_that_another_leads(store: Store) -> None:
    done = list[str]()
    with leading_at_once(store, "sweep"):
        waits = threading.Thread(
            target=lead_all,
            args=(store, {name: lambda _, name=name: done.append(name) for name in ("sweep", "settle")}),
        )
        waits.start()
        while not done:
            waits.join(0.01)
        assert done == ["settle"]
    waits.join()
    assert done == ["settle", "sweep"]


def rows_of(store: Store) -> list[PeriodicTask]:
    with store.reading() as session:
        return periodic_tasks(session)

"""No worker works, or a periodic task is not done any more: who is told, and when nobody is."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from sqlalchemy import update

from audit.worker_and_task_liveness import overdue_tasks, workers_silent_since
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed as drop
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.base import db_now
from store.db.heartbeat import Heartbeat, beat, stopped
from store.db.leader_lease import leading_at_once
from store.db.periodic_task import TASKS, PeriodicTask
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def drop_feed(store: Store) -> None:
    with store.writing() as session:
        issuer = add_issuer(session, "alice", "Alice", NOW)
    drop(store, issuer, BytesIO(batch([ubl("A-1")])), "alice.xml", "cli", NOW)


def serve(store: Store, *, since: float, last: float) -> None:
    """A worker began to serve so many seconds ago, and was last heard from so many seconds ago."""
    with store.writing() as session:
        beat(session)
        session.execute(update(Heartbeat).values(started_at=db_now() - since, beat_at=db_now() - last))


def silent_since(store: Store, now: datetime = NOW) -> datetime | None:
    with store.reading() as session:
        return workers_silent_since(session, now)


def overdue(store: Store) -> list[str]:
    with store.reading() as session:
        return [task.name for task in overdue_tasks(session)]


def test_a_site_on_which_no_worker_ever_served_is_not_judged(store: Store) -> None:
    drop_feed(store)
    assert silent_since(store) is None
    assert overdue(store) == []


def test_a_worker_that_is_silent_while_there_is_work_is_told(store: Store) -> None:
    drop_feed(store)
    serve(store, since=3600, last=601)
    since = silent_since(store)
    assert since is not None
    assert timedelta(seconds=600) < datetime.now(UTC) - since < timedelta(seconds=700)


def test_a_worker_that_was_stopped_and_not_started_again_is_told(store: Store) -> None:
    drop_feed(store)
    serve(store, since=3600, last=601)
    with store.writing() as session:
        stopped(session)
    assert silent_since(store) is not None


def test_a_worker_that_is_silent_while_nothing_is_due_is_not_told(store: Store, config: Config) -> None:
    drop_feed(store)
    serve(store, since=3600, last=601)
    Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender)).work_until_idle(NOW)
    assert silent_since(store) is None
    assert silent_since(store, NOW + timedelta(days=1)) is not None  # the letter's cut-off has passed


def test_one_worker_that_works_is_enough(store: Store) -> None:
    drop_feed(store)
    serve(store, since=3600, last=601)
    with store.writing() as session:
        session.execute(update(Heartbeat).values(worker="elsewhere"))
        beat(session)
    assert silent_since(store) is None


def test_business_time_makes_no_worker_silent(store: Store) -> None:
    drop_feed(store)
    serve(store, since=3600, last=5)
    assert silent_since(store, NOW + timedelta(days=400)) is None


def test_a_task_that_is_not_done_while_a_worker_serves_is_told(store: Store) -> None:
    for name in TASKS:
        with leading_at_once(store, name):
            pass
    serve(store, since=7200, last=5)
    assert overdue(store) == []
    with store.writing() as session:
        late = update(PeriodicTask).where(PeriodicTask.id == "measure")
        session.execute(late.values(done_at=db_now() - 3601, failure="ValueError: a bug"))
    with store.reading() as session:
        [task] = overdue_tasks(session)
    assert (task.name, task.failure) == ("measure", "ValueError: a bug")
    assert task.done_at is not None


def test_a_worker_that_has_just_begun_has_time_to_do_its_tasks(store: Store) -> None:
    serve(store, since=60, last=5)
    assert overdue(store) == []
    serve(store, since=601, last=5)
    assert overdue(store) == list(TASKS)  # it never did any


def test_the_tasks_are_those_that_workers_do(store: Store, config: Config) -> None:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    assert tuple(pipeline.periodic.tasks) == TASKS


def test_workers_that_are_long_gone_are_forgotten(store: Store) -> None:
    serve(store, since=90000, last=86500)
    with store.writing() as session:
        session.execute(update(Heartbeat).values(worker="elsewhere"))
        beat(session)
        assert [row.worker for row in session.query(Heartbeat)] != ["elsewhere"]
        assert session.query(Heartbeat).count() == 1

"""A worker that has nothing to do asks its database one question a round, and everything that a round does is asked
for in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from sqlalchemy import event, update

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.due_steps import DUE_STEPS, HEAR, STEPS
from pipeline.feed_pipeline import Pipeline
from pipeline.steps.print_batches import PrintBatches
from store import Store
from store.print_batch import PrintBatch
from tests.conftest import Clock
from tests.sample_feeds import batch, ubl


@contextmanager
def heard(store: Store) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(store.engine, "before_cursor_execute", listen)


def test_an_idle_round_is_one_question(store: Store, config: Config, clock: Clock) -> None:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    with heard(store) as statements:
        assert not pipeline.step(clock())
    assert len(statements) == 1


def test_every_step_is_asked_for(store: Store, config: Config) -> None:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    assert all(callable(getattr(pipeline, name)) for name in STEPS)
    assert set(STEPS) - {HEAR} <= set(DUE_STEPS.kinds)


def test_a_batch_that_another_worker_has_meanwhile_is_let_go(store: Store, config: Config, clock: Clock) -> None:
    """What is half done here is gone on with though no row tells of it: it holds files, and its house's turn."""
    post = SmtpClient("smtp://127.0.0.1:9", config.sender)
    slow, quick = Pipeline(store, config, post), Pipeline(store, config, post)
    slow.printing = PrintBatches(slow.context, piece_seconds=-1.0)
    with store.writing() as session:
        issuer = add_issuer(session, "alice", "Alice", clock())
    drop_feed(store, issuer, BytesIO(batch([ubl("A-1"), ubl("A-2", "C-BOB")])), "alice.xml", "cli", clock())
    slow.drain(clock())
    clock.forward(days=3)
    while not slow.printing.is_under_way:
        assert slow.print(clock())
    with store.writing() as session:
        session.execute(update(PrintBatch).values(lease_owner="another", lease_until=0.0))
    quick.drain(clock())
    slow.step(clock())
    assert not slow.printing.is_under_way


def test_idle_periodic_tasks_ask_and_write_little(store: Store, config: Config, clock: Clock) -> None:
    """Nobody else waits for a writer's turn that is taken for nothing: two are, for the tasks' leases."""
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    pipeline.work_until_idle(clock())
    with heard(store) as statements:
        pipeline.work_until_idle(clock())
    assert len(statements) <= 26
    assert len([each for each in statements if each.startswith(("UPDATE", "INSERT", "DELETE"))]) == 2


def test_the_tasks_of_a_worker_are_asked_for_in_one_statement(store: Store, config: Config, clock: Clock) -> None:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    pipeline.work_until_idle(clock())
    with heard(store) as statements:
        assert not pipeline.lead(clock(), 300.0)
    assert len(statements) == 1

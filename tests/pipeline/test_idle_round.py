"""A worker that has nothing to do asks its database one question a round, and everything that a round does is asked
for in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.due_steps import DUE_STEPS, HEAR, STEPS
from pipeline.feed_pipeline import Pipeline
from store import Store
from tests.conftest import Clock


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

"""What a worker would leave undone for ever, because nothing of it is said to be due (decision 0104)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event

from pipeline.due_steps import HEAR, STEPS
from pipeline.due_tasks import DUE_TASKS, look_for_tasks
from pipeline.feed_pipeline import Pipeline
from store import Store


def undone_work(pipeline: Pipeline, now: datetime) -> dict[str, list[str]]:
    """The steps and tasks that are not said to have anything to do at this moment and change rows all the same, each
    with its first statement that did."""
    steps = set(STEPS) - {HEAR} - pipeline._look(now)
    doing: dict[str, Callable[[datetime], object]] = {name: getattr(pipeline, name) for name in STEPS if name in steps}
    due = look_for_tasks(pipeline.context, now)
    doing |= {name: pipeline.periodic.tasks[name] for name in DUE_TASKS.kinds if name not in due}
    found = {}
    for name, do in doing.items():
        with _changes(pipeline.store) as changes:
            do(now)
        if changes:
            found[name] = changes[:1]
    return found


@contextmanager
def _changes(store: Store) -> Iterator[list[str]]:
    """The statements that change a row meanwhile."""
    statements: list[str] = []

    def listen(_connection: object, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and cursor.rowcount:
            statements.append(statement)

    event.listen(store.engine, "after_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(store.engine, "after_cursor_execute", listen)

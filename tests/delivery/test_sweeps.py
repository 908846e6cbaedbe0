"""A sweep finds what is due, and who holds what, by an index: among millions of deliveries that are done it costs what
it costs among none. What is asked of the database is listened to, and its plan is looked at."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

import delivery
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.attempt_log import reset_lost_attempts
from delivery.channels.email.send_due_emails import EmailChannel
from delivery.channels.portal.present_bills import present_bills
from pipeline.due_steps import LEASED
from store import Store
from store.db.leases import is_any_leased, reclaim_dead
from store.delivery import Delivery
from tests.conftest import Clock
from tests.delivery.sample_bills import World

DUE = "ix_delivery_state_channel_issuer_id_batch_id_due_at_id"
BY_ID = re.compile("SEARCH delivery USING INTEGER PRIMARY KEY|pk_delivery")
LEASES = "ix_delivery_lease_owner"


def _next_mails(session: Session, now: Any) -> object:
    return EmailChannel(None, "", None, now, Calendar()).lease_next(session, 0)


SWEEPS: dict[str, tuple[str, Callable[[Session, Any], object]]] = {
    "is there anything to send": (DUE, lambda session, now: session.scalar(select(delivery.awaits_sending(now)))),
    "is there an SMS to send": (DUE, lambda session, now: session.scalar(select(delivery.awaits_sms(now)))),
    "SMS that nobody attempts any more": (DUE, lambda session, now: reset_lost_attempts(session, "sms", now)),
    "is there anything to print": (DUE, lambda session, now: session.scalar(select(delivery.awaits_printing(now)))),
    "wake": (DUE, delivery.promote_due),
    "present": (DUE, present_bills),
    "the next mails": (DUE, lambda session, now: _next_mails(session, now)),
    "mails that nobody attempts any more": (DUE, lambda session, now: reset_lost_attempts(session, "email", now)),
    "letters that join": (DUE, delivery.join_batch),
    "who has died": (LEASES, lambda session, now: reclaim_dead(session, LEASED)),
    "who works": (LEASES, lambda session, now: session.scalar(select(is_any_leased(LEASED)))),
}


@pytest.mark.parametrize("sweep", SWEEPS)
def test_a_sweep_reads_deliveries_by_an_index(sweep: str, world: World, store: Store, clock: Clock) -> None:
    index, ask = SWEEPS[sweep]
    for is_paperless in (True, False):
        world.bill(world.account(world.consumer(f"Alice {is_paperless}"), paperless=is_paperless), clock().date())
    world.choose(clock())
    if not store.is_sqlite:
        _have_much(store)
    now = clock.forward(days=60)
    asked: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT") and "delivery" in statement:
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", listen)
    with store.writing() as session:
        ask(session, now)
        plans = [_plan(session, store, *each) for each in list(asked)]
    assert any(index in plan for plan in plans), plans
    for plan in plans:
        assert index in plan or BY_ID.search(plan), plan
        assert "SCAN delivery" not in plan, plan  # SQLite's word for reading it all
        assert "Seq Scan on delivery" not in plan, plan
        assert "Sort Key: delivery" not in plan, plan  # PostgreSQL's, for reading all that waits before the first


def _have_much(store: Store) -> None:
    """Thousands of deliveries that are done, and counted: PostgreSQL plans by what there is."""
    columns = [each.name for each in Delivery.__table__.columns if each.name not in {"id", "purpose", "state"}]
    copied = ", ".join(f'"{name}"' for name in columns)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text(
                f"INSERT INTO delivery (purpose, state, {copied}) SELECT 'p' || n, 'delivered', {copied}"
                " FROM delivery, generate_series(1, 5000) AS n WHERE id = (SELECT min(id) FROM delivery)"
            )
        )
        connection.execute(text("ANALYZE delivery"))


def _plan(session: Session, store: Store, statement: str, parameters: Any) -> str:
    """How the database would answer, had it much to look through."""
    if not store.is_sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
    rows = session.connection().exec_driver_sql(f"{explain} {statement}", parameters)
    return "\n".join(str(tuple(row)) for row in rows)

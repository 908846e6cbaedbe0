"""The upgrade to facts by day: what pages showed is shown until all is counted anew."""

from datetime import date
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from store import Store
from store.db.database_engine import writing_engine
from store.facts.monthly_fact import FactCount, FactStep, facts
from tests.adoption.sample_accounts import World

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def test_months_are_shown_as_before(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = import_module("store.db.migrations.versions.v0083_daily_facts")
    with Session(writing_engine(store.engine)) as session:
        issuer = World(session).issuer("eaux")
        session.add(FactCount(id=1, time_zone="Europe/Paris", is_full=True, month=MARCH))
        steps = [
            (JANUARY, "accounts", 3),
            (MARCH, "accounts", -1),
            (JANUARY, "bills", 5),
            (date(2026, 9, 1), "bills", 9),
        ]
        rows = [{"issuer_id": issuer.id, "month": at, "measure": name, "value": value} for at, name, value in steps]
        session.execute(insert(FactStep), rows)
        session.flush()
        shown = facts(session)
        operations = Operations(MigrationContext.configure(session.connection()))
        monkeypatch.setattr(upgrade.op, "get_bind", operations.get_bind, raising=False)
        upgrade._keep_what_is_shown()
        session.expire_all()
        assert session.scalar(select(FactStep.value).limit(1)) is None
        assert facts(session) == shown
        assert shown[issuer.id, date(2026, 2, 1)] == {"accounts": 3}

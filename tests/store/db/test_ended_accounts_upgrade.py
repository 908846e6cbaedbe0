"""The upgrade to facts that know a day: the count comes to an end where accounts had ended before."""

from datetime import date
from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import update
from sqlalchemy.orm import Session

from adoption.fact_verification import verify
from adoption.monthly_facts import measure
from store import Store
from store.db.database_engine import writing_engine
from store.facts.counted_contribution import NEVER_ON, CountedAccount
from store.facts.monthly_fact import FactCount
from tests.adoption.sample_accounts import World, moment

NOW = moment(date(2026, 11, 28))


def test_an_account_that_had_ended_is_not_due_for_ever(store: Store) -> None:
    with Session(writing_engine(store.engine)) as session:
        world = World(session)
        issuer = world.issuer("eaux")
        for number, billed in (("1", date(2023, 5, 5)), ("2", date(2026, 11, 2))):
            world.bill(world.account(issuer, number), billed)
        session.commit()
        assert not measure(store, NOW)
        as_v0099_left_it = dict.fromkeys(("active_since", "active_until", "invited_since", "invited_until"), NEVER_ON)
        session.execute(update(CountedAccount).values(next_on=date.min, otherwise_on=NEVER_ON, **as_v0099_left_it))
        session.execute(update(FactCount).values(is_full=False, bills_upto=0, accounts_upto=0, upto=date.min))
        with Operations.context(MigrationContext.configure(session.connection())):
            import_module("store.db.migrations.versions.v0100_accounts_that_ended").upgrade()
        session.commit()
    assert not measure(store, NOW, seconds=2)
    assert verify(store, NOW) == []

"""Facts while others write: nothing is skipped, nothing counted twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from adoption.fact_verification import verify
from adoption.monthly_facts import measure
from store import Store
from store.accounts.consumer import enrol
from store.bills.bill import BillRow
from store.db.database_engine import writing_engine
from tests.adoption.random_town import Town


def test_a_change_that_commits_late_is_counted(town: Town, session: Session, store: Store, database: str) -> None:
    """On PostgreSQL a transaction may commit after others whose changes have higher ids, and were counted."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with Session(store.engine) as slow:
        slow.execute(update(BillRow).where(BillRow.id == town.bills[0].id).values(viewed_at=town.now, channel=None))
        slow.flush()
        town.bill()
        session.commit()
        assert not measure(store, town.now)
        slow.commit()
    assert verify(store, town.now) == []


class Writer:
    """Somebody who changes a few rows at a time, in transactions of which some are given up."""

    def __init__(self, town: Town, store: Store, seed: int) -> None:
        self.chance = Random(seed)
        self.store, self.now = store, town.now
        self.bills = [bill.id for bill in town.bills]
        self.accounts = [account.id for account in town.accounts]
        self.person = town.people[seed % 3].id

    def __call__(self) -> None:
        for n in range(25):
            with Session(writing_engine(self.store.engine)) as session:
                self._change(session)
                enrol(session, self.person, self.accounts[n % len(self.accounts)], self.now - timedelta(days=60))
                (session.commit if self.chance.random() < 0.8 else session.rollback)()

    def _change(self, session: Session) -> None:
        for bill_id in sorted(self.chance.sample(self.bills, 3)):
            viewed_at, state = self.chance.choice([None, self.now]), self.chance.choice(["chosen", "recalled"])
            session.execute(update(BillRow).where(BillRow.id == bill_id).values(viewed_at=viewed_at, state=state))


def begin(work: Callable[[], object], raised: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_while_four_write_and_four_measure_nothing_is_missed(town: Town, session: Session, store: Store) -> None:
    session.close()
    raised: list[BaseException] = []
    is_over = threading.Event()

    def keep_measuring() -> None:
        while not is_over.is_set():
            measure(store, town.now)

    measuring = [begin(keep_measuring, raised) for _ in range(4)]
    for writer in [begin(Writer(town, store, seed), raised) for seed in range(4)]:
        writer.join()
    is_over.set()
    for thread in measuring:
        thread.join()
    assert raised == []
    assert verify(store, town.now) == []

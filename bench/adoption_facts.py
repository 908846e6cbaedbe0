"""Measures the CPU time of keeping the adoption facts up to date with a million bills, beside a full recount.

    python -m bench.adoption_facts FOLDER|URL [minutes]     a store that `python -m bench.million_bill_store` has filled

First the store's first full count, then some minutes of a busy night in which a month's bills arrive within eight
hours: each minute its share of them is released, presented, announced and posted, some are viewed, a few accounts are
claimed. Promised: under a second of CPU a minute, and facts equal to a recount. The CPU time is this process's; on
PostgreSQL the server's comes on top, and wall clock says more.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final

from sqlalchemy import func, select, update

from adoption.fact_verification import recount, verify
from adoption.monthly_facts import PARIS, measure
from bench.million_bill_rows import Drop
from bench.million_bill_store import MONTHS, add_feed, open_for
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.database_engine import writing_engine
from store.feeds.feed import Feed

PROMISED: Final = 1.0
NIGHT: Final = 8 * 60


def measured(work: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds of CPU and of wall clock that *work* takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def count_on(store: Store, now: datetime) -> None:
    """Measure until nothing is left to count."""
    while measure(store, now):
        pass


class Night:
    """Minutes of a night in which a month's bills arrive."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now
        with store.reading() as session:
            self.bills = session.scalar(select(func.max(BillRow.id))) or 0
            self.feeds = session.scalar(select(func.max(Feed.id))) or 0
            self.consumer = session.scalar(select(func.max(Consumer.id))) or 0
            of_first = select(func.min(CustomerAccount.id), func.max(CustomerAccount.id))
            self.first, self.last = session.execute(of_first.where(CustomerAccount.issuer_id == 1)).one()
        self.share = max(self.bills // MONTHS // NIGHT, 1)
        self.account = self.first

    def minute(self) -> int:
        """Do what happens in a minute. Returns the number of new bills."""
        self._feed()
        with self.store.writing() as session:
            seen = select(BillRow.id).where(BillRow.id > self.bills - 40 * self.share, BillRow.id % 5 == 0)
            session.execute(
                update(BillRow).where(BillRow.id.in_(seen), BillRow.viewed_at.is_(None)).values(viewed_at=self.now)
            )
            for n in range(10):
                enrol(session, self.consumer, self.account + n, self.now)
        return self.share

    def _feed(self) -> None:
        """Add a released feed of the first issuer, with its bills and all that follows from them."""
        if self.account + self.share > self.last:
            self.account = self.first
        self.feeds += 1
        issued = self.now.date() - timedelta(days=1)
        drop = Drop(
            self.feeds, 1, self.account, self.account + self.share - 1, self.bills + 1, issued, self.now, self.now
        )
        with writing_engine(self.store.engine).begin() as connection:
            add_feed(self.store, connection, drop, self.store.encryptor.encrypt_key(os.urandom(32)))
        self.bills, self.account = self.bills + self.share, self.account + self.share


def main() -> None:
    store, now = open_for(sys.argv[1]), datetime.now(UTC)
    minutes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    cpu, wall = measured(lambda: count_on(store, now))
    print(f"first full count     {cpu:8.2f} s CPU  {wall:8.2f} s")
    night = Night(store, now)
    spent = []
    for _ in range(minutes):
        came = night.minute()
        each = [measured(lambda: count_on(store, now)) for _ in range(2)]
        spent.append((sum(cpu for cpu, _ in each), sum(wall for _, wall in each)))
        print(f"a minute, {came} bills  {spent[-1][0]:8.2f} s CPU  {spent[-1][1]:8.2f} s")
    idle, _ = measured(lambda: count_on(store, now))
    print(f"with nothing to do   {idle:8.4f} s CPU")
    with store.reading() as session:
        cpu, wall = measured(lambda: recount(session, now, PARIS))
    print(f"a recount            {cpu:8.2f} s CPU  {wall:8.2f} s")
    differences = verify(store, now)
    store.close()
    kept = median(cpu for cpu, _ in spent)
    print(f"{'kept' if kept < PROMISED and not differences else 'BROKEN'}: {kept:.2f} s of CPU a minute, promised"
          f" {PROMISED}; {len(differences)} figures differ from a recount")  # fmt: skip
    sys.exit(0 if kept < PROMISED and not differences else 1)


if __name__ == "__main__":
    main()

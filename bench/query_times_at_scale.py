"""Measures queries and claims in a store of a million bills beside one of ten thousand.

`bench.million_bill_store` fills both stores; pages are measured by `bench.portal`.

    python -m bench.query_times_at_scale [sqlite|postgresql] [bills]

* `facteur check` on the rows, seconds for each invariant: under a minute promised, twenty seconds aimed at.
* A day's share of the archive check, and the number of silent bills on the dashboard.
* A page of an issuer's bills by each filter of the API, the first and one of a rare combination: the same at any size.
* Claiming the next chunk, and the next mails and letters: the same at any size.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from sqlalchemy import select, update

from audit.archived_pdf_check import ArchiveCheck
from audit.invariant_violations import count, violations
from audit.invariants import INVARIANTS
from audit.item_invariants import items_unaccounted
from audit.silent_bills import silent_bills
from bench.million_bill_store import SECRET, fill
from delivery.calendar.postal_calendar import Calendar
from store import Store, open_store
from store.bills.bill import BillRow
from store.bills.issuer_bills import IssuerBillFilter, bills_of_issuer
from store.delivery import next_due
from store.feeds.chunk import Chunk, claim_chunk
from store.feeds.feed import Feed
from store.vault.key_ring import KeyRing
from tests.postgresql_server import Cluster, find_postgres

SMALL: Final = 10_000
NOW: Final = datetime.now(UTC)
ROUNDS: Final = 15


class Sizes(NamedTuple):
    """A store of ten thousand bills and one of a million."""

    small: Store
    large: Store


def seconds(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the seconds that *act* takes."""
    begun = clock()
    act()
    return clock() - begun


def rows(store: Store) -> None:
    """Print what is asked of the rows, the slowest first."""
    taken: dict[str, float] = {}
    with store.reading() as session:
        for name, ask in INVARIANTS.items():
            taken[name] = seconds(lambda: violations(session, ask()))  # noqa: B023
        taken["items_unaccounted"] = seconds(lambda: items_unaccounted(session))
        silent = silent_bills(NOW, Calendar())
        taken["silent_bills"] = seconds(lambda: count(session, silent))
    print(f"  check, the rows          {sum(taken.values()):8.1f} s")
    for name, each in sorted(taken.items(), key=lambda pair: -pair[1])[:8]:
        print(f"    {name:28} {each:6.2f} s")
    print(f"  silent bills, counted    {1000 * taken['silent_bills']:8.1f} ms")
    begun = time.perf_counter()
    looked = ArchiveCheck(store, NOW, lambda _: None).share()
    print(f"  archive, a day's share   {time.perf_counter() - begun:8.1f} s for {looked.bills} of {looked.of} bills")


def claims(sizes: Sizes) -> None:
    """Print the time to claim work and release it; the two stores take turns."""
    for store in sizes:
        with store.writing() as session:
            latest = select(Feed.id).where(Feed.state == "released")
            session.execute(update(Chunk).where(Chunk.feed_id.in_(latest)).values(state="todo", work="render"))
    acts: dict[str, Callable[[Store], None]] = {
        "the next chunk": _claim_chunk,
        "the next 5 mails": lambda store: _claim(store, "email", 5),
        "the next 5 letters": lambda store: _claim(store, "paper", 5),
    }
    for name, act in acts.items():
        taken = [tuple(seconds(lambda: act(store)) for store in sizes) for _ in range(ROUNDS)]  # noqa: B023
        small, large = (median(each[side] for each in taken) for side in (0, 1))
        print(f"  {name:24} {1000 * large:8.1f} ms, {large / small:5.2f} of what it takes among {SMALL}")


def lists(sizes: Sizes) -> None:
    """Print the time of a page of the first issuer's bills, by each filter alone and where nearly nothing fits; the two
    stores take turns."""
    with sizes.small.reading() as session:
        row = session.scalars(select(BillRow).where(BillRow.issuer_id == 1).limit(1)).one()
    latest = (NOW - timedelta(days=90)).date()
    asked = {
        "all": IssuerBillFilter(), "a number": IssuerBillFilter(number=row.number),
        "an account": IssuerBillFilter(account_id=row.account_id), "failed": IssuerBillFilter(state="failed"),
        "on paper": IssuerBillFilter(channel="paper"), "an amount": IssuerBillFilter(amount=row.payable),
        "of a feed": IssuerBillFilter(feed_id=1), "issued since": IssuerBillFilter(issued=(latest, None)),
        "due since": IssuerBillFilter(due=(latest, None)),
        "changed since": IssuerBillFilter(changed_since=NOW - timedelta(days=1)),
        "nothing fits": IssuerBillFilter(channel="paper", amount=Decimal("0.01"), issued=(None, latest)),
        "rendered, none is": IssuerBillFilter(state="rendered"),
    }  # fmt: skip
    for name, only in asked.items():
        taken = [tuple(seconds(lambda: _page(store, only)) for store in sizes) for _ in range(ROUNDS)]  # noqa: B023
        small, large = (median(each[side] for each in taken) for side in (0, 1))
        print(f"  bills: {name:17} {1000 * large:8.1f} ms, {large / small:5.2f} of what it takes among {SMALL}")


def _page(store: Store, only: IssuerBillFilter) -> None:
    with store.reading() as session:
        bills_of_issuer(session, 1, only, 50)


def _claim_chunk(store: Store) -> None:
    with store.writing() as session:
        assert claim_chunk(session) is not None
        session.rollback()


def _claim(store: Store, channel: str, most: int) -> None:
    with store.writing() as session:
        assert next_due(session, NOW, "ready", channel, most)
        session.rollback()


@contextmanager
def filled(database: str, bills: int, home: Path) -> Iterator[Sizes]:
    """Fill both stores in *home*. Yields them."""
    with ExitStack() as stack:
        urls = {"small": f"sqlite:///{home}/small.db", "large": f"sqlite:///{home}/large.db"}
        if database == "postgresql":
            binaries = find_postgres()
            assert binaries is not None, "there is no PostgreSQL server here"
            cluster = stack.enter_context(Cluster(binaries))
            urls = {name: cluster.clone() for name in urls}
        stores: dict[str, Store] = {}
        for name, size in (("small", SMALL), ("large", bills)):
            stores[name] = open_store(urls[name], (home / name).as_uri(), KeyRing(SECRET), home / "incoming")
            stack.callback(stores[name].close)
            begun = time.perf_counter()
            fill(stores[name], size, NOW)
            print(f"  {size} bills filled in       {time.perf_counter() - begun:8.0f} s")
        yield Sizes(stores["small"], stores["large"])


def main() -> None:
    database = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    bills = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as name, filled(database, bills, Path(name)) as sizes:
        print(f"{database}, {bills} bills")
        rows(sizes.large)
        lists(sizes)
        claims(sizes)


if __name__ == "__main__":
    main()

"""What a consumer's pages cost beside Flask's hello world: CPU time, interleaved in one run, another reader each time.

    python -m bench.portal [bills]

In stores of ten thousand bills and of so many (a million). Promised: the home page with 24 bills costs at most twenty
hellos, and the last of its pages at most one and a half times the first. A reader of two accounts has 24 bills; a
property manager has 400 accounts, whose bills of a month are all counted on the first page. SQLite works in this
process.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.million_bill_store import SECRET, fill
from config import load
from portal.app import make_app
from store import Store, open_store
from store.accounts.consumer import Consumer, Enrolment
from store.bills.bill import BillRow
from store.sign_in.sign_in_session import SessionOwner, begin_session
from store.vault.key_ring import KeyRing

NOW: Final = datetime.now(UTC)
SMALL: Final = 10_000
ROUNDS: Final = 15
#: Each round asks each page so often, by as many readers.
_TIMES: Final = 10
_READERS: Final = 150
MOST_HELLOS: Final = 20.0
MOST_OF_FIRST: Final = 1.5

Ask = Callable[[], object]


@contextmanager
def filled(bills: int) -> Iterator[Store]:
    """A store of so many bills."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        store = open_store(
            f"sqlite:///{home}/facteur.db", (home / "blobs").as_uri(), KeyRing(SECRET), home / "incoming"
        )
        fill(store, bills, NOW)
        yield store
        store.close()


def pages(store: Store) -> dict[str, Ask]:
    """What is asked, by name."""
    hello = Flask("hello")
    hello.add_url_rule("/", "hello", lambda: "hello")
    settings = load({"FACTEUR_HOME": tempfile.gettempdir(), "FACTEUR_DATABASE_URL": "sqlite://"})
    app, peer = make_app(store, settings, lambda: NOW), hello.test_client()
    with store.reading() as session:
        manager_id = session.scalars(select(func.max(Consumer.id))).one()
    readers = [_signed_in(app, store, number) for number in range(1, min(_READERS, manager_id - 1) + 1)]
    manager, strangers, turns = _signed_in(app, store, manager_id), app.test_client(), cycle(readers)
    bills = cycle([(reader, _first_bill(reader)) for reader in readers])
    second, last = (_page_after(store, manager_id, from_end=from_end) for from_end in (False, True))
    return {
        "hello": lambda: peer.get("/"),
        "landing": lambda: _get(strangers, "/"),
        "home, 24 bills": lambda: _get(next(turns), "/"),
        "home, one issuer": lambda: _get(next(turns), "/?emetteur=lumiere"),
        "home, a search": lambda: _get(next(turns), "/?cherche=bench"),
        "a bill": lambda: _get(*next(bills)),
        "manager, first page": lambda: _get(manager, "/"),
        "manager, second page": lambda: _get(manager, second),
        "manager, last page": lambda: _get(manager, last),
    }


def costs(asks: dict[str, Ask]) -> dict[str, float]:
    """The median CPU time of each, in seconds."""
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(ROUNDS):
        for name, ask in asks.items():
            begun = time.process_time()
            for _ in range(_TIMES):
                ask()
            taken[name].append((time.process_time() - begun) / _TIMES)
    return {name: median(each) for name, each in taken.items()}


def show(bills: int, cpu: dict[str, float]) -> None:
    """Print each page's cost, and whether what is promised is kept."""
    print(f"{bills} bills")
    for name, cost in cpu.items():
        print(f"  {name:24} {1000 * cost:8.2f} ms of CPU, {cost / cpu['hello']:7.1f} hellos")
    home, far = cpu["home, 24 bills"] / cpu["hello"], cpu["manager, last page"] / cpu["manager, first page"]
    for said, is_kept in (
        (f"home: {home:.1f} hellos, {MOST_HELLOS:.0f} promised", home <= MOST_HELLOS),
        (f"the last page: {far:.2f} of the first, {MOST_OF_FIRST} promised", far <= MOST_OF_FIRST),
    ):
        print(f"  {'kept  ' if is_kept else 'BROKEN'} {said}")


def _signed_in(app: Flask, store: Store, consumer_id: int) -> FlaskClient:
    client, cookie_id = app.test_client(), f"bench-{consumer_id}"
    with store.writing() as session:
        begin_session(session, SessionOwner(consumer_id), cookie_id, "", NOW, NOW.date())
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"consumer:{consumer_id}:0:{cookie_id}", True
    client.get("/contrats")  # a session begins once
    return client


def _get(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def _first_bill(client: FlaskClient) -> str:
    rows = client.get("/").text.partition('class="row')[2].partition('href="/factures/')[2]
    return "/factures/" + rows.partition('"')[0]


def _page_after(store: Store, consumer_id: int, *, from_end: bool) -> str:
    """The path of the page after a consumer's 24th bill, or of their 24 oldest."""
    keys = (BillRow.issue_date, BillRow.id)
    query = (
        select(*keys)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .where(Enrolment.consumer_id == consumer_id)
        .order_by(*(key if from_end else key.desc() for key in keys))
    )
    with store.reading() as session:
        day, bill_id = session.execute(query.offset(24 if from_end else 23).limit(1)).one()
    return f"/?avant={day}.{bill_id}"


def main() -> None:
    bills = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for size in dict.fromkeys((SMALL, bills)):
        with filled(size) as store:
            show(size, costs(pages(store)))


if __name__ == "__main__":
    main()

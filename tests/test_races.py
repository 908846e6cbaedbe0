"""Several workers on PostgreSQL: facts and templates are written by all of them at once, and nobody stumbles."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import update

import adoption
from audit.check import check
from config import Config
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from press import Templates
from road import Road
from store import Store
from store.delivery import Delivery
from tests.feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def at_once(work: Callable[[], object]) -> list[BaseException]:
    """What four workers raise who do this together."""
    raised: list[BaseException] = []
    begin = threading.Barrier(4)

    def go() -> None:
        begin.wait()
        try:
            work()
        except BaseException as error:
            raised.append(error)

    workers = [threading.Thread(target=go) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return raised


def test_four_workers_measure_and_compile_at_once(store: Store, config: Config, database: str) -> None:
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with store.writing() as session:
        issuer = add_issuer(session, "alice", "Alice", NOW)
    drop(store, issuer, BytesIO(batch([ubl("A-1")])), "alice.xml", "cli", NOW)
    assert at_once(lambda: Templates(store).of(issuer, NOW)) == []
    assert at_once(lambda: Templates(store).without_a_byte(issuer, NOW)) == []
    Road(store, config, SMTPPostman("smtp://127.0.0.1:9", config.sender)).work_until_idle(NOW)
    assert at_once(lambda: [adoption.measure(store, NOW) for _ in range(10)]) == []


def test_letters_join_while_batches_are_closed_and_handed_over(store: Store, config: Config, database: str) -> None:
    """Operators close the batch by hand while letters become ready: each letter is in one lot, and every lot goes."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    roads = [Road(store, config, SMTPPostman("smtp://127.0.0.1:9", config.sender)) for _ in range(4)]
    with store.writing() as session:
        issuer = add_issuer(session, "alice", "Alice", NOW)
    feed = batch(ubl(f"A-{n}", f"C-{n}") for n in range(60))
    drop(store, issuer, BytesIO(feed), "alice.xml", "cli", NOW)
    roads[0].read(NOW)
    roads[0].work_feed(1, NOW)
    with store.writing() as session:
        session.execute(update(Delivery).where(Delivery.channel == "paper").values(due_at=NOW + timedelta(days=1)))
    raised: list[BaseException] = []

    def make_ready() -> None:
        for n in range(1, 61):
            with store.writing() as session:
                session.execute(
                    update(Delivery).where(Delivery.id == n, Delivery.channel == "paper").values(due_at=NOW)
                )
            time.sleep(0.01)

    def close(road: Road) -> None:
        try:
            for _ in range(12):
                road.close_batch(NOW)
        except BaseException as error:
            raised.append(error)

    acts = [threading.Thread(target=make_ready), *(threading.Thread(target=close, args=(road,)) for road in roads)]
    for act in acts:
        act.start()
    for act in acts:
        act.join()
    assert raised == []
    while roads[0].close_batch(NOW):
        pass
    posted = _posted(config)
    assert len(posted) == 60
    assert set(posted.values()) == {1}
    assert not any(check(store).invariants.values())


def _posted(config: Config) -> Counter[str]:
    """How often each bill lies in the outbox."""
    manifests = [json.loads(path.read_text()) for path in config.outbox.glob("lot-*.json")]
    return Counter(piece["bill"] for manifest in manifests for piece in manifest["pieces"])

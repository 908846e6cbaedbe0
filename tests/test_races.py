"""Several workers on PostgreSQL: facts and templates are written by all of them at once, and nobody stumbles."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest

import adoption
from config import Config
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from press import Templates
from road import Road
from store import Store
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

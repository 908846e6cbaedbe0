"""What goes wrong with one feed, brand or part of the road keeps nobody else waiting."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update

import intake
from audit.check import check
from config import Config
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from render import PrintStream, Template
from road import MOST_READINGS, Road
from store import Store, open_store
from store.bill import BillRow
from store.chunk import MOST_ATTEMPTS, Chunk
from store.feed import Feed
from store.release import decide
from tests.feeds import batch, ubl
from turns import Turns

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def road(store: Store, config: Config) -> Road:
    return Road(store, config, SMTPPostman("smtp://127.0.0.1:9", config.sender))


def drop_feed(road: Road, slug: str, *invoices: str, profile: str = "") -> int:
    with road.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW, profile_text=profile)
    return drop(road.store, issuer, BytesIO(batch(invoices)), f"{slug}.xml", "cli", NOW).feed_id


def feed_of(store: Store, feed_id: int) -> Feed:
    with store.reading() as session:
        return session.get_one(Feed, feed_id)


def test_a_reader_that_was_stopped_for_longer_than_its_lease_holds_nothing(
    road: Road, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = drop_feed(road, "alice-energie", ubl("A-1"))

    def stumbles(*_: Any) -> Any:
        with store.writing() as session:
            session.execute(update(Feed).values(lease_owner="bob.boot.1/7/7"))
        raise ZeroDivisionError("what it stood on is gone")

    monkeypatch.setattr(intake, "open_feed", stumbles)
    assert road.read(NOW)
    feed = feed_of(store, feed_id)
    assert (feed.state, feed.lease_owner) == ("reading", "bob.boot.1/7/7")


def test_a_reader_that_fails_holds_its_own_feed_only(road: Road, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = drop_feed(road, "alice-energie", ubl("A-1")), drop_feed(road, "bob-eaux", ubl("B-1"))
    real = intake.open_feed

    def stumbles(stream: Any, name: str, profile: Any) -> Any:
        if name.startswith("alice"):
            raise ZeroDivisionError("a reader of ours is wrong")
        return real(stream, name, profile)

    monkeypatch.setattr(intake, "open_feed", stumbles)
    road.work_until_idle(NOW)
    held = feed_of(store, bad)
    assert held.state == "held"
    assert "notre faute" in held.reason
    assert feed_of(store, good).state == "released"

    monkeypatch.setattr(intake, "open_feed", real)  # mended: a named person lets it go on, and it is read again
    with store.writing() as session:
        assert decide(session, session.get_one(Feed, bad), "release", "Charlie", "the reader was mended", NOW)
    road.work_until_idle(NOW)
    assert feed_of(store, bad).state == "released"
    assert not any(check(store).invariants.values())


@pytest.mark.parametrize("payable", ["922337203685477.5807", "999999999999999", "-922337203685477.5807"])
def test_an_amount_that_no_column_can_hold_stops_nobody(road: Road, store: Store, payable: str) -> None:
    odd = drop_feed(road, "alice-energie", ubl("A-1").replace(">84.00<", f">{payable}<"))
    good = drop_feed(road, "bob-eaux", ubl("B-1"))
    road.work_until_idle(NOW)
    assert feed_of(store, odd).state == "rejected"
    assert feed_of(store, good).state == "released"


def test_a_brand_that_cannot_be_drawn_keeps_no_bill_back(road: Road, store: Store) -> None:
    feed_id = drop_feed(road, "charlie-assur", ubl("C-1"), profile='[brand]\ncolour = "#ffff00"\n')
    road.work_until_idle(NOW)
    assert feed_of(store, feed_id).state == "released"
    with store.reading() as session:
        assert session.scalars(select(BillRow.state)).all() == ["chosen"]


def test_one_poisonous_bill_is_set_apart_and_the_rest_goes_on(
    road: Road, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_feed(road, "alice-energie", ubl("A-1"), ubl("A-2"), ubl("A-3"))
    with store.reading() as session:
        [feed_id] = session.scalars(select(Feed.id))
    road.read(NOW)
    real = Template.parts

    def dies(self: Any, bill: Any, *before: Any) -> list[bytes]:
        if bill.number == "A-2":
            raise KeyboardInterrupt  # as a worker's death: not one of the errors that are caught
        return real(self, bill, *before)

    monkeypatch.setattr(Template, "parts", dies)
    for _ in range(6 * MOST_ATTEMPTS):
        try:
            road.work_until_idle(NOW)
            break
        except KeyboardInterrupt:
            with store.writing() as session:  # the lease of the dead
                session.execute(Chunk.__table__.update().values(lease_until=0.0))  # type: ignore[attr-defined]
    with store.reading() as session:
        rows = session.scalars(select(BillRow).where(BillRow.feed_id == feed_id))
        states = {row.number: row.state for row in rows}
    assert states == {"A-1": "chosen", "A-2": "failed", "A-3": "chosen"}


def test_a_part_that_fails_is_raised_when_all_had_their_turn(
    road: Road, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = drop_feed(road, "bob-eaux", ubl("B-1"))

    def jams(self: Any, *_: Any) -> int:
        raise RuntimeError("the press is jammed")

    monkeypatch.setattr(PrintStream, "add", jams)
    road.work_until_idle(NOW)
    with pytest.raises(RuntimeError, match="jammed"):
        road.close_batch(NOW)
    monkeypatch.undo()
    other = drop_feed(road, "alice-energie", ubl("A-1"))
    road.work_until_idle(NOW)
    assert {feed_of(store, feed_id).state, feed_of(store, other).state} <= {"released", "settled"}
    assert len(list(config.outbox.glob("lot-*.pdf"))) == 1


def test_a_feed_that_kills_its_reader_goes_behind_the_others_and_is_held(
    road: Road, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that really dies, in a process of its own, takes nobody with it: the good feeds come first from then on,
    and after some deaths a person is asked. What that person lets go on is read again."""
    bad = drop_feed(road, "alice-energie", ubl("A-1"))
    good = [drop_feed(road, f"issuer-{n}", ubl(f"B-{n}")) for n in range(3)]
    real = intake.open_feed

    def dies(stream: Any, name: str, profile: Any) -> Any:
        if name.startswith("alice"):
            os._exit(3)
        return real(stream, name, profile)

    def work() -> None:
        own = open_store(config.database_url, config.blobs_url, config.secret, config.home / "incoming")
        Road(own, config, SMTPPostman("smtp://127.0.0.1:9", config.sender)).work_until_idle(NOW)
        os._exit(0)

    monkeypatch.setattr(intake, "open_feed", dies)
    ends = []
    while not ends or ends[-1] == 3:
        worker = multiprocessing.get_context("fork").Process(target=work)
        worker.start()
        worker.join()
        ends.append(worker.exitcode)
        if len(ends) == 2:
            assert "received" not in {feed_of(store, each).state for each in good}, "they went first"
    assert ends == [3] * intake.MOST_ATTEMPTS + [0]
    assert feed_of(store, bad).state == "held"
    assert {feed_of(store, each).state for each in good} == {"released"}

    monkeypatch.setattr(intake, "open_feed", real)
    with store.writing() as session:
        assert decide(session, session.get_one(Feed, bad), "release", "Charlie", "the reader was mended", NOW)
    road.work_until_idle(NOW)
    assert feed_of(store, bad).state == "released"


def test_feeds_that_are_read_beside_a_killer_are_not_held_with_it(
    road: Road, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob's and Charlie's feeds are half read whenever Alice's kills the reader of all three. Three deaths count as
    theirs, too; the last attempt at each is made alone, and tells whose they were."""
    bad = drop_feed(road, "alice-energie", ubl("A-1"))
    good = [drop_feed(road, slug, ubl(f"{slug}-1")) for slug in ("bob-eaux", "charlie-telecom")]
    real = intake._stage

    def long(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
        for piece in range(6):
            if feed.id == bad and piece == 3:
                os._exit(3)
            yield
        yield from real(store, feed, clock)

    def work() -> None:
        own = open_store(config.database_url, config.blobs_url, config.secret, config.home / "incoming")
        mine = Road(own, config, SMTPPostman("smtp://127.0.0.1:9", config.sender))
        mine._readings = Turns(0, MOST_READINGS)  # a turn is a piece
        mine.work_until_idle(NOW)
        os._exit(0)

    monkeypatch.setattr(intake, "_stage", long)
    ends = []
    while not ends or ends[-1] == 3:
        worker = multiprocessing.get_context("fork").Process(target=work)
        worker.start()
        worker.join()
        ends.append(worker.exitcode)
    assert ends == [3] * intake.MOST_ATTEMPTS + [0]
    assert feed_of(store, bad).state == "held"
    assert {feed_of(store, each).state for each in good} == {"released"}

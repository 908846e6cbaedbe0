"""What goes wrong with one feed, brand or part of the pipeline keeps nobody else waiting."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed as drop
from feeds.decide_held_feed import decide_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import read_bills, read_feed
from pipeline.steps.feed_contents import CONTENTS
from pipeline.steps.read_feed import MOST_READINGS
from pipeline.time_slices import TimeSlices
from render.compiled_template import Template
from render.print.print_stream import PrintStream
from store import Store, open_store
from store.bills.bill import BillRow
from store.feeds.chunk import MOST_ATTEMPTS, Chunk
from store.feeds.feed import Feed
from store.vault.key_ring import KeyRing
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def drop_feed(pipeline: Pipeline, slug: str, *invoices: str, profile: str = "") -> int:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW, profile_text=profile)
    return drop(pipeline.store, issuer, BytesIO(batch(invoices)), f"{slug}.xml", "cli", NOW).feed_id


def feed_of(store: Store, feed_id: int) -> Feed:
    with store.reading() as session:
        return session.get_one(Feed, feed_id)


def test_a_reader_that_was_stopped_for_longer_than_its_lease_holds_nothing(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = drop_feed(pipeline, "alice-energie", ubl("A-1"))

    def stumbles(*_: Any) -> Any:
        with store.writing() as session:
            session.execute(update(Feed).values(lease_owner="bob.boot.1/7/7"))
        raise ZeroDivisionError("what it stood on is gone")

    monkeypatch.setattr(read_bills, "open_feed", stumbles)
    assert pipeline.read(NOW)
    feed = feed_of(store, feed_id)
    assert (feed.state, feed.lease_owner) == ("reading", "bob.boot.1/7/7")


def test_a_reader_that_fails_holds_its_own_feed_only(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = drop_feed(pipeline, "alice-energie", ubl("A-1")), drop_feed(pipeline, "bob-eaux", ubl("B-1"))
    real = read_bills.open_feed

    def stumbles(stream: Any, name: str, profile: Any) -> Any:
        if name.startswith("alice"):
            raise ZeroDivisionError("a reader of ours is wrong")
        return real(stream, name, profile)

    monkeypatch.setattr(read_bills, "open_feed", stumbles)
    pipeline.work_until_idle(NOW)
    held = feed_of(store, bad)
    assert held.state == "held"
    assert held.reason.code in {"reading_failed", "reading_interrupted"}
    assert feed_of(store, good).state == "released"

    monkeypatch.setattr(read_bills, "open_feed", real)  # mended: a named person lets it go on, and it is read again
    with store.writing() as session:
        assert decide_feed(session, session.get_one(Feed, bad), "release", "Charlie", "the reader was mended", NOW)
    pipeline.work_until_idle(NOW)
    assert feed_of(store, bad).state == "released"
    assert not any(check(store).invariants.values())


@pytest.mark.parametrize("payable", ["922337203685477.5807", "999999999999999", "-922337203685477.5807"])
def test_an_amount_that_no_column_can_hold_stops_nobody(pipeline: Pipeline, store: Store, payable: str) -> None:
    odd = drop_feed(pipeline, "alice-energie", ubl("A-1").replace(">84.00<", f">{payable}<"))
    good = drop_feed(pipeline, "bob-eaux", ubl("B-1"))
    pipeline.work_until_idle(NOW)
    assert feed_of(store, odd).state == "rejected"
    assert feed_of(store, good).state == "released"


def test_a_brand_that_cannot_be_drawn_keeps_no_bill_back(pipeline: Pipeline, store: Store) -> None:
    feed_id = drop_feed(pipeline, "charlie-assur", ubl("C-1"), profile='[brand]\ncolour = "#ffff00"\n')
    pipeline.work_until_idle(NOW)
    assert feed_of(store, feed_id).state == "released"
    with store.reading() as session:
        assert session.scalars(select(BillRow.state)).all() == ["chosen"]


def test_one_poisonous_bill_is_set_apart_and_the_rest_goes_on(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_feed(pipeline, "alice-energie", ubl("A-1"), ubl("A-2"), ubl("A-3"))
    with store.reading() as session:
        [feed_id] = session.scalars(select(Feed.id))
    pipeline.read(NOW)
    real = Template.parts

    def dies(self: Any, bill: Any, *before: Any) -> list[bytes]:
        if bill.number == "A-2":
            raise KeyboardInterrupt  # as a worker's death: not one of the errors that are caught
        return real(self, bill, *before)

    monkeypatch.setattr(Template, "parts", dies)
    for _ in range(6 * MOST_ATTEMPTS):
        try:
            pipeline.work_until_idle(NOW)
            break
        except KeyboardInterrupt:
            with store.writing() as session:  # the lease of the dead
                session.execute(Chunk.__table__.update().values(lease_until=0.0))  # type: ignore[attr-defined]
    with store.reading() as session:
        rows = session.scalars(select(BillRow).where(BillRow.feed_id == feed_id))
        states = {row.number: row.state for row in rows}
    assert states == {"A-1": "chosen", "A-2": "failed", "A-3": "chosen"}


def test_a_part_that_fails_is_raised_when_all_had_their_turn(
    pipeline: Pipeline, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = drop_feed(pipeline, "bob-eaux", ubl("B-1"))

    def jams(self: Any, *_: Any) -> int:
        raise RuntimeError("the press is jammed")

    monkeypatch.setattr(PrintStream, "add", jams)
    pipeline.work_until_idle(NOW)
    with pytest.raises(RuntimeError, match="jammed"):
        pipeline.close_batch(NOW)
    monkeypatch.undo()
    other = drop_feed(pipeline, "alice-energie", ubl("A-1"))
    pipeline.work_until_idle(NOW)
    assert {feed_of(store, feed_id).state, feed_of(store, other).state} <= {"released", "settled"}
    assert len(list(config.outbox.glob("lot-*.pdf"))) == 1


def test_a_feed_that_kills_its_reader_goes_behind_the_others_and_is_held(
    pipeline: Pipeline, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that really dies, in a process of its own, takes nobody with it: the good feeds come first from then on,
    and after some deaths a person is asked. What that person lets go on is read again."""
    bad = drop_feed(pipeline, "alice-energie", ubl("A-1"))
    good = [drop_feed(pipeline, f"issuer-{n}", ubl(f"B-{n}")) for n in range(3)]
    real = read_bills.open_feed

    def dies(stream: Any, name: str, profile: Any) -> Any:
        if name.startswith("alice"):
            os._exit(3)
        return real(stream, name, profile)

    def work() -> None:
        own = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
        Pipeline(own, config, SmtpClient("smtp://127.0.0.1:9", config.sender)).work_until_idle(NOW)
        os._exit(0)

    monkeypatch.setattr(read_bills, "open_feed", dies)
    ends = []
    while not ends or ends[-1] == 3:
        worker = multiprocessing.get_context("fork").Process(target=work)
        worker.start()
        worker.join()
        ends.append(worker.exitcode)
        if len(ends) == 2:
            assert "received" not in {feed_of(store, each).state for each in good}, "they went first"
    assert ends == [3] * read_feed.MOST_ATTEMPTS + [0]
    assert feed_of(store, bad).state == "held"
    assert {feed_of(store, each).state for each in good} == {"released"}

    monkeypatch.setattr(read_bills, "open_feed", real)
    with store.writing() as session:
        assert decide_feed(session, session.get_one(Feed, bad), "release", "Charlie", "the reader was mended", NOW)
    pipeline.work_until_idle(NOW)
    assert feed_of(store, bad).state == "released"


def test_feeds_that_are_read_beside_a_killer_are_not_held_with_it(
    pipeline: Pipeline, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob's and Charlie's feeds are half read whenever Alice's kills the reader of all three. Three deaths count as
    theirs, too; the last attempt at each is made alone, and tells whose they were."""
    bad = drop_feed(pipeline, "alice-energie", ubl("A-1"))
    good = [drop_feed(pipeline, slug, ubl(f"{slug}-1")) for slug in ("bob-eaux", "charlie-telecom")]
    bills = CONTENTS["bills"]

    def long(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
        for piece in range(6):
            if feed.id == bad and piece == 3:
                os._exit(3)
            yield
        yield from bills.stage(store, feed, clock)

    def work() -> None:
        own = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
        mine = Pipeline(own, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
        mine.reading.slices = TimeSlices(0, MOST_READINGS)  # a turn is a piece
        mine.work_until_idle(NOW)
        os._exit(0)

    monkeypatch.setitem(CONTENTS, "bills", bills._replace(stage=long))
    ends = []
    while not ends or ends[-1] == 3:
        worker = multiprocessing.get_context("fork").Process(target=work)
        worker.start()
        worker.join()
        ends.append(worker.exitcode)
    assert ends == [3] * read_feed.MOST_ATTEMPTS + [0]
    assert feed_of(store, bad).state == "held"
    assert {feed_of(store, each).state for each in good} == {"released"}

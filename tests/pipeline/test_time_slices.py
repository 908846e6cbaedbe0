"""Nobody waits long for a turn: a round gives each part one, issuers take theirs, what is long is left for later."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import Message
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed as drop
from feeds import release
from issuers.registry import add_issuer
from pipeline import replay_rehearsal
from pipeline.feed_pipeline import Pipeline
from pipeline.replay_rehearsal import REHEARSE
from pipeline.steps import read_bills, read_entries, release_feed
from store import Store
from store.bills.bill import BillRow
from store.feeds import chunk
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.job import Job, request_job
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long feed has its chunks with a tenth of the bills."""
    for place in (chunk, replay_rehearsal, read_entries, release_feed, release):
        monkeypatch.setattr(place, "CHUNK_SIZE", 25)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def drop_feed(pipeline: Pipeline, slug: str, *invoices: str) -> int:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW)
    return drop(pipeline.store, issuer, BytesIO(batch(invoices)), f"{slug}.xml", "cli", NOW).feed_id


class Relay:
    """Takes every mail, and says who was at work by then."""

    sender, host = "Facteur <facteur@facteur.example>", "facteur.example"

    def __init__(self, order: list[str]) -> None:
        self.order = order

    def send(self, mail: Message, to: str) -> str:
        self.order.append(f"mail to {to}")
        return "250 OK"

    def hang_up(self) -> None:
        return


def spied(order: list[str], name: str, verb: Callable[[datetime], bool]) -> Callable[[datetime], bool]:
    """A part of the pipeline that writes down what it did."""

    def spy(now: datetime) -> bool:
        busy = verb(now)
        if busy:
            order.append(name)
        return busy

    spy.__name__ = name
    return spy


def ask_for_a_password(store: Store) -> None:
    with store.writing() as session:
        request_job(session, "already_signed_up", {"email": "a@example.org"}, NOW)


def test_a_password_mail_waits_for_no_feeds(store: Store, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes before all that waits, and one asked for while others are served goes before the next piece of theirs."""
    order: list[str] = []
    pipeline = Pipeline(store, config, Relay(order))
    for n in range(6):
        drop_feed(pipeline, f"alice{n}", ubl(f"A-{n}"))
    ask_for_a_password(store)
    real = pipeline.work_chunk

    def asks(now: datetime) -> bool:
        ask_for_a_password(store)
        return real(now)

    monkeypatch.setattr(pipeline, "work_chunk", asks)
    for name in ("read", "work_chunk", "run_job", "send"):
        monkeypatch.setattr(pipeline, name, spied(order, name, getattr(pipeline, name)))
    pipeline.step(NOW)
    assert order[:2] == ["mail to a@example.org", "read"]
    at_work = order[order.index("work_chunk") :]
    assert at_work[:6] == ["work_chunk", "mail to a@example.org"] * 3


def test_a_relay_that_does_not_answer_is_asked_for_no_other_password(pipeline: Pipeline, store: Store) -> None:
    """Nobody waits for twenty seconds again and again: the next ones wait until it is asked again."""
    for _ in range(3):
        ask_for_a_password(store)
    pipeline.step(NOW)
    with store.reading() as session:
        assert sorted(session.scalars(select(Job.setbacks))) == [0, 0, 1]


@pytest.fixture
def rehearsed(store: Store, config: Config) -> tuple[Pipeline, list[str], int]:
    """A pipeline in which the rehearsal of a long feed was asked for, what it does, and the job."""
    order: list[str] = []
    pipeline = Pipeline(store, config, Relay(order))
    feed_id = drop_feed(pipeline, "large", *(ubl(f"L-{n}", f"C-{n}") for n in range(100)))
    pipeline.work_until_idle(NOW)
    with store.writing() as session:
        job = request_job(session, REHEARSE, {"feed_id": feed_id}, NOW)
    return pipeline, order, job.id


def test_a_rehearsal_keeps_no_password_and_no_feed_waiting(
    rehearsed: tuple[Pipeline, list[str], int], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, order, errand_id = rehearsed
    monkeypatch.setattr(pipeline.jobs._long, "_seconds", -1.0)  # a chunk a turn
    monkeypatch.setattr("pipeline.feed_pipeline.TURN_SECONDS", -1.0)
    small = drop_feed(pipeline, "small", ubl("S-1"))
    pipeline.step(NOW)
    ask_for_a_password(store)
    pipeline.step(NOW)
    with store.reading() as session:
        assert session.get_one(Job, errand_id).state == "todo", "it is still being worked out"
        assert session.get_one(Feed, small).state == "released"
    assert "mail to a@example.org" in order
    while pipeline.step(NOW):
        pass
    with store.reading() as session:
        job = session.get_one(Job, errand_id)
        assert (job.state, job.lease_owner) == ("done", None)
        assert '"bill":100' in job.answer


def test_a_rehearsal_is_given_back_when_its_worker_is_told_to_stop(
    rehearsed: tuple[Pipeline, list[str], int], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, _, errand_id = rehearsed
    monkeypatch.setattr(pipeline.jobs._long, "_seconds", -1.0)
    monkeypatch.setattr("pipeline.feed_pipeline.TURN_SECONDS", -1.0)
    pipeline.step(NOW)
    with store.reading() as session:
        assert session.get_one(Job, errand_id).lease_owner is not None
    pipeline.stop()
    with store.reading() as session:
        job = session.get_one(Job, errand_id)
        assert (job.state, job.lease_owner, job.attempts) == ("todo", None, 0)


def test_issuers_take_turns_at_rehearsals(store: Store, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten that one issuer has asked for do not hold up another's."""
    large = drop_feed(pipeline, "large", *(ubl(f"L-{n}", f"C-{n}") for n in range(30)))
    small = drop_feed(pipeline, "small", ubl("S-1"))
    pipeline.work_until_idle(NOW)
    with store.writing() as session:
        for feed_id in (*[large] * 10, small):
            request_job(session, REHEARSE, {"feed_id": feed_id}, NOW)
    monkeypatch.setattr(pipeline.jobs._long, "_seconds", -1.0)
    for _ in range(8):
        pipeline.run_job(NOW)
    with store.reading() as session:
        done = session.scalars(select(Job).where(Job.state == "done")).all()
        assert small in [job.particulars["feed_id"] for job in done]
        assert len(done) <= 2
    pipeline.stop()


def test_a_small_feed_is_chosen_beside_a_large_one(pipeline: Pipeline, store: Store) -> None:
    """Two chunks' work, among the first few that are worked while the other's heap is there."""
    large = drop_feed(pipeline, "large", *(ubl(f"L-{n}", f"C-{n}") for n in range(150)))
    pipeline.read(NOW)
    while pipeline.read(NOW):
        pass
    for _ in range(2):
        pipeline.work_chunk(NOW)
    small = drop_feed(pipeline, "small", ubl("S-1"))
    pipeline.read(NOW)
    for _ in range(4):
        pipeline.work_chunk(NOW)
    with store.reading() as session:
        states = session.scalars(select(BillRow.state).where(BillRow.feed_id == small)).all()
        todo = session.scalars(select(Chunk.id).where(Chunk.feed_id == large, Chunk.state != "done")).all()
    assert states == ["chosen"]
    assert len(todo) > 3


def test_a_small_feed_is_read_beside_a_large_one(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = drop_feed(pipeline, "large", *(ubl(f"L-{n}", f"C-{n}") for n in range(100)))
    small = drop_feed(pipeline, "small", ubl("S-1"))
    monkeypatch.setattr(pipeline.reading.slices, "_seconds", -1.0)
    for _ in range(3):
        pipeline.read(NOW)
    with store.reading() as session:
        assert session.get_one(Feed, small).state in {"reading", "released"}
        assert session.get_one(Feed, large).state == "reading"
    for _ in range(4):
        pipeline.read(NOW)
    with store.reading() as session:
        assert session.get_one(Feed, small).state == "released"
        assert session.get_one(Feed, large).state == "reading"
    pipeline.stop()
    with store.reading() as session:
        feed = session.get_one(Feed, large)
        assert (feed.lease_owner, feed.attempts <= 1) == (None, True)
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        assert session.get_one(Feed, large).state == "released"


def test_a_feed_that_kills_its_reader_goes_behind_and_is_held(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = drop_feed(pipeline, "alice", ubl("A-1")), drop_feed(pipeline, "bob", ubl("B-1"))
    real = read_bills.open_feed

    def dies(stream: Any, name: str, profile: Any) -> Any:
        if name.startswith("alice"):
            raise KeyboardInterrupt
        return real(stream, name, profile)

    monkeypatch.setattr(read_bills, "open_feed", dies)
    for _ in range(8):
        try:
            pipeline.step(NOW)
        except KeyboardInterrupt:
            continue
    with store.reading() as session:
        states = dict(row._tuple() for row in session.execute(select(Feed.id, Feed.state)))
    assert states == {bad: "held", good: "released"}


def test_other_bytes_than_came_are_no_feed(pipeline: Pipeline, store: Store) -> None:
    feed_id = drop_feed(pipeline, "alice", ubl("A-1"))
    with store.reading() as session:
        sha256 = session.get_one(Feed, feed_id).sha256
    path = next(path for path in store.blobs.folder.rglob(sha256))  # type: ignore[attr-defined]
    path.write_bytes(path.read_bytes().replace(b"84.00", b"48.00"))
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        feed = session.get_one(Feed, feed_id)
        assert feed.state == "held"
        assert "BlobChanged" in str(feed.reason.values)

"""Nobody waits long for a turn: a round gives each part one, issuers take theirs, what is long is left for later."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

import intake
from config import Config
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from road import Road
from store import Store
from store.errand import ask
from store.feed import Feed
from tests.feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def road(store: Store, config: Config) -> Road:
    return Road(store, config, SMTPPostman("smtp://127.0.0.1:9", config.sender))


def drop_feed(road: Road, slug: str, *invoices: str) -> int:
    with road.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW)
    return drop(road.store, issuer, BytesIO(batch(invoices)), f"{slug}.xml", "cli", NOW).feed_id


def test_a_password_mail_waits_for_no_feeds(road: Road, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(6):
        drop_feed(road, f"alice{n}", ubl(f"A-{n}"))
    with store.writing() as session:
        ask(session, "already_signed_up", {"email": "a@example.org"}, NOW)
    order: list[str] = []

    def spied(name: str) -> Callable[[datetime], bool]:
        verb = getattr(road, name)

        def spy(now: datetime) -> bool:
            order.append(name)
            return bool(verb(now))

        return spy

    for name in ("read", "work_chunk", "run_errand", "send"):
        monkeypatch.setattr(road, name, spied(name))
    road.step(NOW)
    assert order == ["read", "work_chunk", "run_errand", "send"]


def test_a_small_feed_is_read_beside_a_large_one(road: Road, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    large = drop_feed(road, "large", *(ubl(f"L-{n}", f"C-{n}") for n in range(1000)))
    small = drop_feed(road, "small", ubl("S-1"))
    monkeypatch.setattr(road._readings, "_seconds", 0.0)
    for _ in range(3):
        road.read(NOW)
    with store.reading() as session:
        assert session.get_one(Feed, small).state in {"reading", "released"}
        assert session.get_one(Feed, large).state == "reading"
    for _ in range(4):
        road.read(NOW)
    with store.reading() as session:
        assert session.get_one(Feed, small).state == "released"
        assert session.get_one(Feed, large).state == "reading"
    road.stop()
    with store.reading() as session:
        feed = session.get_one(Feed, large)
        assert (feed.lease_owner, feed.attempts <= 1) == (None, True)
    road.work_until_idle(NOW)
    with store.reading() as session:
        assert session.get_one(Feed, large).state == "released"


def test_a_feed_that_kills_its_reader_goes_behind_and_is_held(
    road: Road, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = drop_feed(road, "alice", ubl("A-1")), drop_feed(road, "bob", ubl("B-1"))
    real = intake.open_feed

    def dies(stream: Any, name: str, profile: Any) -> Any:
        if name.startswith("alice"):
            raise KeyboardInterrupt
        return real(stream, name, profile)

    monkeypatch.setattr(intake, "open_feed", dies)
    for _ in range(8):
        try:
            road.step(NOW)
        except KeyboardInterrupt:
            continue
    with store.reading() as session:
        states = dict(row._tuple() for row in session.execute(select(Feed.id, Feed.state)))
    assert states == {bad: "held", good: "released"}


def test_other_bytes_than_came_are_no_feed(road: Road, store: Store) -> None:
    feed_id = drop_feed(road, "alice", ubl("A-1"))
    with store.reading() as session:
        sha256 = session.get_one(Feed, feed_id).sha256
    path = next(path for path in store.blobs.folder.rglob(sha256))  # type: ignore[attr-defined]
    path.write_bytes(path.read_bytes().replace(b"84.00", b"48.00"))
    road.work_until_idle(NOW)
    with store.reading() as session:
        feed = session.get_one(Feed, feed_id)
        assert feed.state == "held"
        assert "BlobChanged" in feed.reason

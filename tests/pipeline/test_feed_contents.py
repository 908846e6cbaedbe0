"""A feed that holds no bills goes the way of all feeds: read, held or released, settled, and reported."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from audit.run_all_checks import check
from bill import ControlTotals, Finding, Money, fatal
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from feeds.feed_report import feed_report
from feeds.stage_entries import StagedEntry
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import feed_contents
from pipeline.steps.feed_contents import ContentSteps
from pipeline.steps.read_entries import releasing_entries, staging_entries
from store import Store
from store.feeds.feed import Feed
from store.feeds.item import Item
from tests.conftest import Clock

NAMES = b"#names\nAlice 3\nBob 4\n?\nAlice 3\n"


class Names:
    """Lines of a name and an amount; `?` is none, and a file that does not end with a line is cut off."""

    format = "names"

    def __init__(self, content: bytes) -> None:
        self.findings: list[Finding] = []
        self.declared: list[ControlTotals] = []
        self._content = content
        self.whole = False

    def __iter__(self) -> Iterator[StagedEntry]:
        for n, line in enumerate(self._content.decode().splitlines()[1:], 1):
            name, _, amount = line.partition(" ")
            if not amount:
                yield StagedEntry(n, f"line {n}", "", None, None, [fatal("NAME", "this is no name", f"line {n}")])
            else:
                yield StagedEntry(n, f"line {n}", "", name, line.encode(), amount=Money(Decimal(amount), "EUR"))
        self.whole = self._content.endswith(b"\n")
        if not self.whole:
            self.findings.append(fatal("CUT", "the file is cut off"))


@pytest.fixture
def pipeline(store: Store, config: Config, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A pipeline that knows a further content: one line."""
    seen: set[str] = set()

    def stage(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
        with store.blobs.open(feed.sha256) as stream:
            yield from staging_entries(store, feed, clock, Names(stream.read()))

    def take(_session: object, _feed: Feed, items: Sequence[Item], _at: datetime) -> None:
        for item in items:
            item.outcome = "known" if item.number in seen else "taken"
            seen.add(item.number or "")

    def release(store: Store, feed_id: int, clock: Callable[[], datetime]) -> Iterator[None]:
        return releasing_entries(store, feed_id, clock, take)

    line = ContentSteps(lambda head, _name, _profile: head.startswith(b"#names"), stage, release)
    monkeypatch.setitem(feed_contents.CONTENTS, "names", line)
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def dropped(pipeline: Pipeline, clock: Clock, content: bytes, announced: ControlTotals | None = None) -> int:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", clock())
    feed = drop_feed(pipeline.store, issuer, BytesIO(content), "noms", "cli", clock(), announced=announced)
    pipeline.work_until_idle(clock())
    return feed.feed_id


def report_of(store: Store, feed_id: int) -> dict[str, Any]:
    with store.reading() as session:
        return feed_report(session, session.get_one(Feed, feed_id))


def test_a_feed_of_another_content_is_taken_settled_and_reported(
    pipeline: Pipeline, store: Store, clock: Clock
) -> None:
    report = report_of(store, dropped(pipeline, clock, NAMES))
    assert (report["state"], report["content"], report["format"]) == ("settled", "names", "names")
    assert {outcome: n for outcome, n in report["counts"].items() if n} == {"taken": 2, "known": 1, "rejected": 1}
    assert report["totals"] == {"EUR": "7.00"}
    assert not any(check(store).invariants.values())


def test_one_that_is_cut_off_is_rejected_and_leaves_nothing(pipeline: Pipeline, store: Store, clock: Clock) -> None:
    feed_id = dropped(pipeline, clock, NAMES[:-1])
    report = report_of(store, feed_id)
    assert (report["state"], set(report["counts"].values())) == ("rejected", {0})
    with store.reading() as session:
        assert session.query(Item).count() == 0


def test_one_that_holds_less_than_was_announced_waits_for_a_person(
    pipeline: Pipeline, store: Store, clock: Clock
) -> None:
    feed_id = dropped(pipeline, clock, NAMES, ControlTotals(count=5, source="API"))
    report = report_of(store, feed_id)
    assert (report["state"], report["totals"]) == ("held", {})


def test_a_feed_of_bills_is_one_of_bills(pipeline: Pipeline, store: Store, clock: Clock) -> None:
    assert report_of(store, dropped(pipeline, clock, b"nothing at all"))["content"] == "bills"

"""The feed report: what became of a feed, complete and to the cent."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from bill import Bill, Totals, fatal, warning
from bill.decimal_text import amount_text
from doors.feed_drop import DroppedFeed, drop_feed
from feeds.feed_report import feed_report, refused_report
from feeds.release import ReleaseTerms, release_items
from feeds.stage_items import Staged, stage_items
from issuers.registry import add_issuer
from store import Store
from store.feeds.feed import Feed
from store.feeds.item import PlacedFinding, keep_findings
from tests.conftest import Clock

KEYS = ["feed", "issuer", "file", "sha256", "state", "content", "format", "counts", "totals", "rules", "findings"]


@pytest.fixture
def dropped(store: Store, clock: Clock) -> DroppedFeed:
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux du Lac", clock())
    return drop_feed(store, eaux, BytesIO(b"four bills"), "mars.zip", "api", clock())


def test_a_feed_just_received(store: Store, dropped: DroppedFeed) -> None:
    with store.reading() as session:
        report = feed_report(session, session.get_one(Feed, dropped.feed_id))
    assert list(report) == KEYS
    assert report == {
        "feed": dropped.feed_id, "issuer": "eaux", "file": "mars.zip", "sha256": dropped.sha256, "state": "received",
        "content": "bills",
        "format": None, "counts": dict.fromkeys(["bill", "duplicate", "conflict", "rejected", "waiting_parent"], 0),
        "totals": {}, "rules": [], "findings": [],
    }  # fmt: skip


def test_a_released_feed_is_reported_to_the_cent(store: Store, dropped: DroppedFeed, clock: Clock) -> None:
    outcomes = [
        (1, "F1", "EUR", "60.10", None), (2, "F2", "EUR", "-0.20", None), (3, "F3", "JPY", "500", None),
        (4, "F4", "EUR", "7.77", "rejected"), (5, None, None, None, "rejected"),
    ]  # fmt: skip
    with store.writing() as session:
        feed = session.get_one(Feed, dropped.feed_id)
        stage_items(session, feed.id, [staged(*each) for each in outcomes])
        release_items(session, store.encryptor, feed, 1, 5, ReleaseTerms(), clock())
    with store.reading() as session:
        before = feed_report(session, session.get_one(Feed, dropped.feed_id))
    assert (before["counts"]["bill"], before["totals"]) == (0, {}), "numbers are claimed, but nothing is out yet"
    with store.writing() as session:
        session.get_one(Feed, dropped.feed_id).state = "released"
    with store.reading() as session:
        report = feed_report(session, session.get_one(Feed, dropped.feed_id))
    assert report["counts"] == {"bill": 3, "duplicate": 0, "conflict": 0, "rejected": 2, "waiting_parent": 0}
    assert report["totals"] == {"EUR": "59.90", "JPY": "500"}


def staged(seq: int, number: str | None, currency: str | None, payable: str | None, outcome: str | None) -> Staged:
    if outcome or number is None or currency is None or payable is None:
        return Staged(seq, f"line {seq}", "0" * 64, number, None, [fatal("BR-02", "no number", f"line {seq}")])
    day, totals = date(2026, 3, 1), Totals(payable=Decimal(payable))
    bill = Bill(number=number, issue_date=day, currency=currency, totals=totals, contract=f"C{seq}")
    return Staged(seq, f"line {seq}", f"{seq:064}", number, bill, [])


def test_every_finding_is_told_the_feed_s_own_first(store: Store, dropped: DroppedFeed) -> None:
    with store.writing() as session:
        said: list[PlacedFinding] = [
            (2, "F2", fatal("BR-CO-15", "does not add up", "line 9")),
            (None, None, warning("FILE-ENCODING", "said UTF-8, is not", "mars.csv")),
            *((3, "F3", warning("BR-CL-01", "unknown code")) for _ in range(500)),
        ]
        keep_findings(session, dropped.feed_id, said)
    with store.reading() as session:
        report = feed_report(session, session.get_one(Feed, dropped.feed_id))
    findings = report["findings"]
    assert report["rules"] == [
        {"rule": "BR-CO-15", "severity": "fatal", "count": 1},
        {"rule": "BR-CL-01", "severity": "warning", "count": 500},
        {"rule": "FILE-ENCODING", "severity": "warning", "count": 1},
    ]
    assert len(findings) == 502
    assert findings[0] == {
        "number": None, "rule": "FILE-ENCODING", "severity": "warning", "place": "mars.csv",
        "message": "said UTF-8, is not",
    }  # fmt: skip
    assert [each["number"] for each in findings[1:3]] == ["F2", "F3"]


def test_a_file_refused_at_the_door_has_the_same_object() -> None:
    report = refused_report("eaux", "mars.xml", fatal("EMPTY", "not one byte came", "mars.xml"))
    assert list(report) == KEYS
    assert (report["feed"], report["state"], report["sha256"]) == (None, "rejected", None)
    assert set(report["counts"].values()) == {0}
    assert [finding["rule"] for finding in report["findings"]] == ["EMPTY"]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.5000", "EUR", "1234.50"),
        ("0.0000", "EUR", "0.00"),
        ("-12.3450", "EUR", "-12.345"),
        ("1E+5", "EUR", "100000.00"),
        ("500.0000", "JPY", "500"),
        ("1.5", "TND", "1.500"),
    ],
)
def test_amounts_are_plain_decimals(amount: str, currency: str, text: str) -> None:
    assert amount_text(Decimal(amount), currency) == text

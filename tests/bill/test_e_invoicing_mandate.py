"""Who is a company in France, and whose bill is a copy of what goes through an approved platform."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import Bill, Identifier, Party, PostalAddress, Totals, VatBreakdown, goes_by_platform, siren_of

FRANCE = PostalAddress(line1="1 rue Haute", city="Nantes", postcode="44000", country="FR")
BAKERY = Party(name="Le Fournil", address=FRANCE, legal_id=Identifier(value="732829320", scheme="0002"))
BILL = Bill(
    number="E-1", issue_date=date(2026, 11, 2), currency="EUR", totals=Totals(payable=Decimal("84.20")),
    seller=Party(name="Lumière", vat_id="FR03552081317", address=FRANCE), buyer=BAKERY,
    vat=(VatBreakdown(category="S", rate=Decimal(20)),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("party", "siren"),
    [
        (BAKERY, "732829320"),
        (replace(BAKERY, legal_id=Identifier(value="732 829 320 00074", scheme="0009")), "732829320"),
        (replace(BAKERY, legal_id=Identifier(value="732829320")), "732829320"),
        (replace(BAKERY, legal_id=None, vat_id="FR44 732829320"), "732829320"),
        (replace(BAKERY, legal_id=None, identifiers=(Identifier(value="73282932000074", scheme="0009"),)), "732829320"),
        (
            replace(BAKERY, legal_id=None, electronic_address=Identifier(value="732829320_74", scheme="0225")),
            "732829320",
        ),
        (Party(name="Alice Martin", address=FRANCE, identifiers=(Identifier(value="732829320"),)), ""),
        (replace(BAKERY, legal_id=Identifier(value="732829320", scheme="0088")), ""),
        (Party(name="Bäckerei", vat_id="DE136695976", legal_id=Identifier(value="136695976")), ""),
        (Party(name="Alice Martin", address=FRANCE), ""),
    ],
)
def test_the_siren_of_a_party(party: Party, siren: str):
    assert siren_of(party) == siren


def test_a_company_s_bill_is_a_copy_from_the_day_its_issuer_sends_by_platform():
    assert goes_by_platform(BILL)
    assert goes_by_platform(replace(BILL, issue_date=date(2026, 9, 1)))
    assert not goes_by_platform(replace(BILL, issue_date=date(2026, 8, 31)))
    assert not goes_by_platform(BILL, since=date(2027, 9, 1))


def test_consumers_foreigners_and_exempt_operations_are_not_concerned():
    assert not goes_by_platform(replace(BILL, buyer=Party(name="Alice Martin", address=FRANCE)))
    assert not goes_by_platform(replace(BILL, seller=Party(name="Strom", vat_id="DE136695976")))
    exempt = (VatBreakdown(category="E", exemption_reason="CGI art. 261 C"),)
    assert not goes_by_platform(replace(BILL, vat=exempt))


def test_a_small_business_that_charges_no_vat_is_concerned():
    franchise = (VatBreakdown(category="E", exemption_code="VATEX-FR-FRANCHISE"),)
    assert goes_by_platform(replace(BILL, vat=franchise))

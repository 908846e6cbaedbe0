"""A bill that says everything a bill can say: all of it is in the XML, and read again as it was said."""

import io
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bill import (
    AllowanceCharge,
    Attribute,
    Bill,
    Contact,
    CreditTransfer,
    Delivered,
    Identifier,
    Line,
    Note,
    Party,
    Payment,
    PostalAddress,
    Reference,
    Totals,
    VatBreakdown,
)
from export.cii import EN16931, facturx_profile_of, write_cii
from ingest import open_feed
from issuers.profile import Profile
from tests.render.sample_bills import IBAN, OCTOBER

ADDRESS = PostalAddress(
    line1="4 quai de la Fosse", line2="Bâtiment <B>", line3="Porte 3", city="Nantes", postcode="44000",
    subdivision="Pays de la Loire", country="FR",
)  # fmt: skip
SHOP, SIREN = Identifier(value="4012345000009", scheme="0088"), Identifier(value="732829320", scheme="0002")


def somebody(name: str) -> Party:
    return Party(
        name=name, trading_name=f"{name} & Cie", identifiers=(SHOP,), legal_id=SIREN, vat_id="FR44732829320",
        electronic_address=Identifier(value="732829320", scheme="0225"), address=ADDRESS,
        contact=Contact(name="Accueil", phone="02 61 91 10 10", email="accueil@example.com"),
    )  # fmt: skip


LESS = AllowanceCharge(
    amount=Decimal("2.50"), reason="Fidélité", reason_code="95", base=Decimal("25.00"), percent=Decimal(10)
)
MORE = AllowanceCharge(amount=Decimal("1.00"), is_charge=True, reason="Frais de <mise en service>", reason_code="ABL")
LINE = Line(
    id="1", name="Électricité", description="Tarif “bleu”", quantity=Decimal("1E+2"), unit="KWH",
    net_price=Decimal("0.25"), gross_price=Decimal("0.30"), price_discount=Decimal("0.05"), price_base=Decimal(1),
    price_base_unit="KWH", net_amount=Decimal("23.50"), vat_category="S", vat_rate=Decimal("20.0"), period=OCTOBER,
    note="Relevé à distance", object_id=Identifier(value="09123456", scheme="AVE"), order_line="3",
    cost_account="6061", seller_item_id="S-1", buyer_item_id="B-1",
    standard_item_id=Identifier(value="04012345123456", scheme="0160"),
    classifications=(Identifier(value="26110000", scheme="STI"), Identifier(value="X", scheme="ZZZ")),
    origin_country="FR", attributes=(Attribute(name="Compteur", value="123"), Attribute(name="Index", value="456")),
    allowances_charges=(LESS, MORE),
)  # fmt: skip
FREE = Line(
    id="2", name="Formation", quantity=Decimal(1), unit="C62", net_price=Decimal("5.00"), net_amount=Decimal("5.00"),
    vat_category="E", vat_rate=Decimal(0),
)  # fmt: skip
OF_ALL = tuple(msgspec.structs.replace(each, vat_category="S", vat_rate=Decimal(20)) for each in (LESS, MORE))
ALICES = Bill(
    number="LO-2026-11-0001", issue_date=date(2026, 11, 4), currency="EUR", type_code="384", due_date=date(2026, 12, 3),
    totals=Totals(
        payable=Decimal("21.41"), gross=Decimal("31.40"), net=Decimal("27.00"), vat=Decimal("4.40"),
        lines=Decimal("28.50"), allowances=Decimal("2.50"), charges=Decimal("1.00"), paid=Decimal("10.00"),
        rounding=Decimal("0.01"), vat_in_vat_currency=Decimal("5.10"),
    ),
    seller=msgspec.structs.replace(
        somebody("Lumière de l’Ouest"), identifiers=(Identifier(value="C-1"), SHOP), tax_id="T-1",
        legal_form="SA au capital de 12 000 €",
    ),
    buyer=somebody("Alice"), lines=(LINE, FREE),
    vat=(
        VatBreakdown(category="S", rate=Decimal("20.00"), taxable=Decimal("22.00"), vat=Decimal("4.40")),
        VatBreakdown(
            category="E", rate=Decimal(0), taxable=Decimal("5.00"), vat=Decimal(0), exemption_reason="Exonéré",
            exemption_code="VATEX-EU-132",
        ),
    ),
    payment=Payment(
        means_code="58", means_text="Virement", remittance="RF18539007547034",
        transfers=(CreditTransfer(iban=IBAN, name="Lumière", bic="AGRIFRPP"),), card_number="1234",
        card_holder="Alice", mandate="M-1", creditor_id="FR72ZZZ123456", debited_iban=IBAN,
    ),
    terms="À réception", period=OCTOBER, notes=(Note(text="Merci à l’œil.", subject="AAI"), Note(text="爱丽丝")),
    allowances_charges=OF_ALL, contract="CT-0042", buyer_reference="REF", order="PO-1", sales_order="SO-1",
    project="P-1", despatch="D-1", receiving="R-1", tender="T-1", object_id=Identifier(value="O-1", scheme="AVE"),
    buyer_accounting="6061", preceding=(Reference(number="LO-2026-10-0001", issue_date=date(2026, 10, 4)),),
    payee=Party(name="Affacturage du Port", identifiers=(SHOP,), legal_id=SIREN),
    tax_representative=Party(name="Charlie", vat_id="FR44732829320", address=ADDRESS),
    delivered=Delivered(
        name="Chez Bob", location=SHOP, on=date(2026, 10, 31),
        party=Party(name="Chez Bob", identifiers=(SHOP,), address=ADDRESS),
    ),
    process="A1", profile=EN16931.guideline, vat_currency="USD", tax_point_code="29",
)  # fmt: skip

#: What the XML has no place for, or has another way to say; BT-7 and BT-8 exclude each other (BR-CO-03).
ELSEWHERE = {
    Bill: {"payments", "attachments", "language", "pages_sha256", "tax_point", "instalments"},
    Line: {"parent", "kind", "parts"},
    Totals: {"previous_balance", "payments", "third_party"},
    Payment: set(),
}  # fmt: skip


def read_again(made: Bill) -> Bill:
    [entry] = open_feed(io.BytesIO(write_cii(made, facturx_profile_of(made))), "bill.xml", Profile())
    assert entry.bill is not None
    return entry.bill


@pytest.mark.parametrize("noun", [ALICES, LINE, ALICES.totals, ALICES.payment], ids=lambda noun: type(noun).__name__)
def test_no_term_is_left_out_here(noun: Bill | Line | Totals | Payment):
    silent = {field.name for field in msgspec.structs.fields(noun) if getattr(noun, field.name) == field.default}
    assert silent == ELSEWHERE[type(noun)]


def test_all_that_is_said_is_read_again():
    assert facturx_profile_of(ALICES) is EN16931
    assert read_again(ALICES) == ALICES


def test_a_day_for_the_tax_is_read_again():
    on_a_day = msgspec.structs.replace(ALICES, tax_point=date(2026, 11, 1), tax_point_code="")
    assert read_again(on_a_day) == on_a_day


def test_a_day_for_the_tax_is_said_once():
    """CII-SR-461: it is the bill's, whatever the number of rates."""
    rates = tuple(msgspec.structs.replace(ALICES.vat[0], rate=Decimal(rate)) for rate in (20, 10))
    on_a_day = msgspec.structs.replace(ALICES, tax_point=date(2026, 11, 1), tax_point_code="", vat=rates)
    assert write_cii(on_a_day, EN16931).count(b"<ram:TaxPointDate>") == 1


def test_figures_keep_their_digits():
    """20, 20.0 and 20.00 are equal numbers; each is written as its issuer wrote it, 1E+2 without an exponent."""
    again = read_again(ALICES)
    assert str(again.lines[0].vat_rate) == "20.0"
    assert str(again.vat[0].rate) == "20.00"
    assert str(again.lines[0].quantity) == "100"

"""Bills with texts of every kind and length, and one that has every term that a bill can have."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import (
    AllowanceCharge,
    Attachment,
    Attribute,
    Bill,
    Contact,
    CreditTransfer,
    Delivered,
    Identifier,
    Instalment,
    Note,
    Party,
    Payment,
    PostalAddress,
    Reference,
    VatBreakdown,
)
from tests.render.sample_bills import ALICE, IBAN, SELLER, bill

WORDS = "Fourniture et pose d’un compteur communicant, main d’œuvre comprise, "
LONG = (WORDS * 8).strip()
OF_LINES = "\n".join(f"- garantie {number}, avec franchise" for number in range(1, 31))
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitän" * 9


def of(count: int, /, **changes: object) -> Bill:
    """Alice's bill, whose first line is changed."""
    first, *others = bill(count).lines
    return bill(count, lines=(replace(first, **changes), *others))


def exempt(reason: str) -> VatBreakdown:
    return VatBreakdown(category="E", rate=Decimal(0), taxable=Decimal(1), vat=Decimal(0), exemption_reason=reason)


def far_away(name: str) -> Party:
    """A party of whom all is said that can be."""
    return Party(
        name=name, trading_name=f"{name}, enseigne", identifiers=(Identifier(value="8712345", scheme="0088"),),
        legal_id=Identifier(value="552100554", scheme="0002"), vat_id="FR36552100554", tax_id="22/815/08154",
        legal_form="SARL au capital de 8 000 €\nRCS Angers", electronic_address=Identifier(value="552100554_SUPPORT"),
        contact=Contact(name="Service des factures", phone="+33 2 41 00 00 00", email="factures@example.fr"),
        address=PostalAddress(
            line1="27 quai des Tanneurs", line2="Bâtiment C", line3="Porte 4", postcode="49000", city="Angers",
            subdivision="Maine-et-Loire", country="FR",
        ),
    )  # fmt: skip


WHOLE = bill(
    3, seller=far_away("Lumière de l’Ouest"), buyer=far_away("Menuiserie Durand"), payee=far_away("Affacturage du Val"),
    tax_representative=far_away("Fiscalia"), project="P-118", sales_order="SO-77", receiving="RA-5", despatch="BL-9",
    tender="Lot 3", object_id=Identifier(value="0941"), buyer_accounting="6061", order="BC-12",
    buyer_reference="Atelier",
    preceding=tuple(Reference(number=f"LO-2026-0{month}-0001") for month in range(1, 8)),
    delivered=Delivered(name="Atelier", location=Identifier(value="GLN-4"), party=far_away("Dépôt")),
    attachments=(Attachment(id="A-1", description="Relevé du compteur", filename="releve.pdf"),),
    notes=(Note(text=LONG), Note(text=OF_LINES)),
)  # fmt: skip


KINDS_OF_TEXTS = [
        pytest.param(of(2, description=LONG), id="a long description"),
        pytest.param(of(2, description=OF_LINES, note=OF_LINES), id="line breaks"),
        pytest.param(of(2, description=OF_LINES * 12), id="longer than a page"),
        pytest.param(of(2, name=LONG * 4), id="a long name"),
        pytest.param(of(2, name=UNBROKEN, description=UNBROKEN), id="a word without blanks"),
        pytest.param(
            of(2, attributes=tuple(Attribute(name=f"Index {n}", value=f"{n * 311} kWh") for n in range(40))),
            id="attributes",
        ),
        pytest.param(
            of(2, seller_item_id="AB-12", buyer_item_id="77", standard_item_id=Identifier(value="3518370900150"),
               classifications=(Identifier(value="72000000", scheme="STI"),), order_line="4", cost_account="6061",
               object_id=Identifier(value="D17FA000020"), gross_price=Decimal("0.31")),
            id="identifiers of an article",
        ),
        pytest.param(
            of(2, allowances_charges=(AllowanceCharge(amount=Decimal(2), reason=LONG, percent=Decimal(5)),)),
            id="the reason of an allowance",
        ),
        pytest.param(
            of(2, name=LONG, kind="GROUP", id="g", description=OF_LINES), id="a group with a long name"
        ),
        pytest.param(bill(2, allowances_charges=(AllowanceCharge(amount=Decimal(2), reason=LONG * 2),)), id="a charge"),
        pytest.param(bill(2, notes=(Note(text=OF_LINES * 6), Note(text=LONG * 20))), id="notes of pages"),
        pytest.param(bill(2, terms=f"{LONG}\n{OF_LINES}"), id="terms"),
        pytest.param(bill(2, number="F-" * 300, contract="C" * 900), id="numbers"),
        pytest.param(bill(2, buyer=replace(ALICE, name=LONG)), id="the buyer's name"),
        pytest.param(bill(2, seller=replace(SELLER, legal_form=LONG)), id="the seller's legal form"),
        pytest.param(bill(2, vat=tuple(exempt(f"{n} {WORDS}") for n in range(1, 9))), id="reasons of exemption"),
        pytest.param(bill(2, vat=tuple(exempt(f"Article {n}") for n in range(1, 70))), id="many reasons"),
        pytest.param(bill(2, payment=Payment(
            means_code="30", remittance=LONG, transfers=(CreditTransfer(iban=IBAN, name="W" * 70, bic="AGRIFRPPXXX"),
                                                         CreditTransfer(iban="DE02120300000000202051", name="Seconde")),
        )), id="payment"),
        pytest.param(bill(2, instalments=tuple(
            Instalment(amount=Decimal(20), text=f"{n}. {WORDS}") for n in range(1, 4)
        )), id="instalments"),
        pytest.param(bill(2, payment=Payment(means_code="54", remittance="9387439", card_number="6789")), id="a card"),
        pytest.param(bill(2, payments=(
            Payment(means_code="54", means_text="Carte bancaire", remittance="9387439", card_number="1456"),
            Payment(means_code="30", means_text="Virement", transfers=(CreditTransfer(iban="12345", name="Seconde"),)),
        )), id="several means"),
        pytest.param(WHOLE, id="every term"),
]  # fmt: skip

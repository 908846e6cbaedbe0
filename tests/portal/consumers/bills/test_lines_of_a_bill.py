"""What a bill is made of, on its page: groups as groups, details below them, and only what counts among the amounts."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import Bill, Line, Totals, VatBreakdown
from tests.ingest.sample_files import SAMPLES, only_bill, sample
from tests.portal.consumers.bills.test_bills import NewBrowser, plain
from tests.portal.sample_town import World, a_bill

pytestmark = pytest.mark.beside_any_database


def page_of(browser: NewBrowser, world: World, bill: Bill) -> str:
    """The page of a bill of Alice's, in French."""
    issuer = world.issuer("lumiere", "Lumiere")
    [row] = world.drop(issuer, [bill]).values()
    phone = browser()
    phone.sign_in(world.consumer("Alice Martin", holds={issuer: bill.buyer.identifiers[0].value}))
    page: str = phone.get(f"/factures/{row.uid}").text
    return page


def test_groups_and_what_is_told_for_information(browser: NewBrowser, world: World) -> None:
    page = page_of(browser, world, only_bill((SAMPLES / "lines-in-groups.cii.xml").read_bytes()))
    assert re.findall(r'<tr class="([^"]*)">', page)[:4] == ["group depth-0", " depth-1", " depth-1", " depth-1"]
    assert "dont 12,00 €" in plain(page)
    assert "Total 120,00 €" in plain(page)


def test_a_discount_for_prompt_payment_is_said_in_words(browser: NewBrowser, world: World) -> None:
    page = plain(page_of(browser, world, only_bill(sample("discount-in-words"))))
    assert "2 % d’escompte sur 120,00 €, soit 2,40 € de moins : 117,60 € à payer jusqu’au 16 novembre 2026" in page
    assert "SKONTO" not in page


def test_terms_in_the_issuers_own_words_stay_as_they_are(browser: NewBrowser, world: World) -> None:
    bill = replace(a_bill("L-1", "C-1", world.today - timedelta(days=3)), terms="À réception")
    assert "À réception" in plain(page_of(browser, world, bill))


def test_what_a_bill_says_in_codes_is_said_in_words(browser: NewBrowser, world: World) -> None:
    made = a_bill("L-2", "C-1", world.today - timedelta(days=3))
    lines = [
        Line(id="1", name="Location", quantity=Decimal(2), unit="DAY", net_amount=Decimal(10)),
        Line(id="2", name="Forfait", quantity=Decimal(3), unit="ZZ", net_amount=Decimal(10)),
        Line(id="3", name="Envoi", quantity=Decimal(1), unit="XCT", net_amount=Decimal(10)),
    ]
    exempt = VatBreakdown(
        category="E", rate=Decimal(0), taxable=Decimal(30), vat=Decimal(0), exemption_code="VATEX-EU-132-1A"
    )
    totals = Totals(
        payable=Decimal(50), gross=Decimal(30), net=Decimal(30), vat=Decimal(0), paid=Decimal(-20),
        vat_in_vat_currency=Decimal("3.00"),
    )  # fmt: skip
    bill = replace(made, type_code="384", lines=tuple(lines), vat=(exempt,), totals=totals, vat_currency="SEK")
    page = plain(page_of(browser, world, bill))
    for said in (
        "Facture rectificative L-2 du", "2 jours", "1 carton", "TVA, exonéré 0,00 €", "Solde antérieur dû 20,00 €",
        "Services postaux publics, exonérés", "Pour information, TVA en SEK : 3,00 SEK",
    ):  # fmt: skip
        assert said in page
    assert not re.search(r"VATEX|\b(ZZ|XCT|DAY)\b", page)

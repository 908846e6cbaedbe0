"""A page says in words what a bill says in codes: units, VAT, kinds of document, identifiers, countries, credits."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from bill import (
    AllowanceCharge,
    Bill,
    CreditTransfer,
    Delivered,
    Identifier,
    Line,
    Party,
    Payment,
    Period,
    PostalAddress,
    Reference,
    Totals,
    VatBreakdown,
    label_language,
)
from ingest import open_feed
from ingest.checks.code_list_reader import CREDIT_NOTE_TYPES, INVOICE_TYPES, UNITS
from issuers.profile import Profile
from render.page.key_facts import key_facts_of
from tests.export.test_factur_x import CORPORA, MANIFEST, valid_files
from tests.render.printed_text import text_of_pages, texts_of
from tests.render.sample_bills import BRAND, IBAN, bill, pdf_of, template
from words.identifier_labels import identifier_label
from words.printed_languages import PRINTED, word_list
from words.units_of_measure import unit_word

_CODE = re.compile(r"[\w.:-]+")
#: Kinds of unit codes that are signs as well: `MVA` is megavolt ampere.
SIGNS = {unit_word(code, language) for code in UNITS for language in PRINTED}


def told(made: Bill, language: str = "fr") -> str:
    """The text of a bill's pages, blanks made alike."""
    return of_pdf(pdf_of(made, replace(BRAND, language=language)))


def of_pdf(pdf: bytes) -> str:
    return " ".join(" ".join(text_of_pages(pdf)).split())


def of_units(codes: list[str]) -> Bill:
    lines = tuple(Line(id=code, name="Article", quantity=Decimal(2), unit=code) for code in codes)
    return bill(1, lines=lines)


@pytest.mark.parametrize("language", PRINTED)
def test_units_stand_in_words_and_never_as_codes(language: str) -> None:
    codes = ["C62", "ZZ", "XPP", "H87", "1I", "Q99", "KWH", "MON", "XCT", "X43", "E48"]
    words = set(_CODE.findall(told(of_units(codes), language)))
    assert words & set(codes) == set()
    assert {"kWh", unit_word("MON", language), unit_word("XCT", language).split()[0]} <= words


def test_a_unit_is_in_the_singular_for_one() -> None:
    lines = [Line(id=n, name="Location", quantity=Decimal(n), unit="DAY") for n in ("1", "1.5", "2")]
    page = told(bill(1, lines=tuple(lines)))
    assert all(said in page for said in ("1 jour ", "1,5 jour ", "2 jours "))


def test_the_issuers_own_name_of_a_unit_wins() -> None:
    own = replace(BRAND, unit_names=(("MON", "mensualité"),))
    assert "2 mensualité" in of_pdf(pdf_of(of_units(["MON"]), own))


@pytest.mark.parametrize(
    ("category", "rate", "said"),
    [
        ("S", "20", "20 %"), ("Z", "0", "0 %"), ("Z", None, "0 %"), ("E", "0", "exonéré"), ("E", None, "exonéré"),
        ("AE", "0", "autoliquidation"), ("K", "0", "intracommunautaire"), ("G", "0", "exportation"),
        ("O", None, "hors champ de TVA"), ("L", "7", "7 % IGIC"), ("M", "4", "4 % IPSI"), ("L", "0", "IGIC"),
        ("B", "22", "22 % split payment"),
    ],
)  # fmt: skip
def test_a_vat_category_is_told(category: str, rate: str | None, said: str) -> None:
    part = VatBreakdown(
        category=category, rate=None if rate is None else Decimal(rate), taxable=Decimal("777.00"), vat=Decimal(0)
    )
    page = told(bill(1, vat=(part,)))
    assert f"{said} 777,00" in page
    if category == "Z":
        assert "exonéré" not in page


def test_a_line_without_vat_has_no_rate_of_zero() -> None:
    def page(category: str) -> str:
        line = Line(id="1", name="Loyer", net_amount=Decimal(800), vat_category=category, vat_rate=Decimal(0))
        return told(bill(1, lines=(line,), vat=()))

    assert "Loyer – 800,00" in page("E")
    assert "Loyer 0 % 800,00" in page("Z")


@pytest.mark.parametrize("language", PRINTED)
def test_why_no_vat_is_due_stands_in_words(language: str) -> None:
    part = VatBreakdown(
        category="E", rate=Decimal(0), taxable=Decimal(10), vat=Decimal(0), exemption_code="VATEX-EU-132-1A"
    )
    page = told(bill(1, vat=(part,)), language)
    assert "VATEX" not in page
    assert word_list("vat-exemptions")["VATEX-EU-132-1A"][language][:25] in page


def test_vat_in_the_accounting_currency_is_part_of_no_sum() -> None:
    totals = bill(1).totals
    made = bill(1, totals=replace(totals, vat_in_vat_currency=Decimal("81.20")), vat_currency="SEK")
    page = told(made)
    assert "Pour information, TVA en SEK : 81,20 SEK" in page
    gross, due = page.index("Total TTC"), page.index("À payer", page.index("Total TTC"))
    assert "SEK" not in page[gross:due]
    assert "TVA en SEK : 81,20 SEK" in told(replace(made, vat=()))


@pytest.mark.parametrize(
    ("type_code", "paid", "said"),
    [
        ("380", "30", "Déjà payé -30,00 €"), ("380", "-30", "Solde antérieur dû 30,00 €"),
        ("381", "30", "Déjà remboursé -30,00 €"), ("381", "-30", "Solde antérieur en votre faveur 30,00 €"),
    ],
)  # fmt: skip
def test_what_was_settled_before_is_named_for_its_sign(type_code: str, paid: str, said: str) -> None:
    totals = Totals(
        payable=Decimal(100) - Decimal(paid), gross=Decimal(100), net=Decimal(80), vat=Decimal(20), paid=Decimal(paid)
    )
    assert said in told(bill(1, type_code=type_code, totals=totals))


@pytest.mark.parametrize("rounding", ["0.02", "-0.02"])
def test_a_rounding_has_its_sign(rounding: str) -> None:
    totals = Totals(payable=Decimal(100), gross=Decimal(100) - Decimal(rounding), rounding=Decimal(rounding))
    assert f"Arrondi {rounding.replace('.', ',')} €" in told(bill(1, totals=totals))


@pytest.mark.parametrize("code", sorted(INVOICE_TYPES | CREDIT_NOTE_TYPES))
def test_every_kind_of_document_has_its_title(code: str) -> None:
    made = bill(1, type_code=code)
    for language in PRINTED:
        title = word_list("document-types")[code][language]
        assert title[:30] in told(made, language), f"{code} {language}"


@pytest.mark.parametrize("code", sorted(INVOICE_TYPES | CREDIT_NOTE_TYPES))
def test_the_facts_begin_with_what_the_document_is(code: str) -> None:
    """However long its title."""
    first, *_ = key_facts_of(bill(1, type_code=code), template()._page_style)
    assert first.values == ["LO-2026-11-0001"]


def test_a_kind_nobody_knows_is_an_invoice() -> None:
    assert "Facture n°" in told(bill(1, type_code="999"))


def credit(payment: Payment | None = None, *names: str) -> Bill:
    return bill(
        1, type_code="381", payment=payment or Payment(), preceding=tuple(Reference(number=name) for name in names)
    )


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (credit(None, "F-1"), "déduit de la facture F-1, ou remboursé si elle est payée"),
        (credit(None, "F-1", "F-2"), "déduit des factures F-1, F-2, ou remboursé si elles sont payées"),
        (credit(None, *"ABCDE"), "déduit des factures A, B, C + 2, ou remboursé si elles sont payées"),
        (credit(None, *(f"FACTURE-2026-{n:05}" for n in range(4))), "déduit des factures FACTURE-2026-00000 + 3, ou"),
        (credit(None, "F" * 60), "déduit des factures auxquelles il se rapporte, ou remboursé"),
        (credit(Payment(debited_iban=IBAN)), f"remboursé sur le compte {IBAN[:4]} •••• {IBAN[-4:]}"),
        (credit(Payment(means_code="58", transfers=(CreditTransfer(iban=IBAN),))), "remboursé sur le compte"),
        (credit(Payment(means_code="59", mandate="M")), "remboursé sur le compte de vos prélèvements"),
        (credit(Payment(means_code="20")), "remboursé par chèque"),
        (credit(Payment(means_code="97")), "compensé avec ce que vous devez à l’émetteur"),
        (credit(), "remboursé, ou déduit de votre prochaine facture"),
    ],
)
def test_a_credit_says_what_happens_with_it(made: Bill, said: str) -> None:
    page = told(made)
    assert page.index("Montant de l’avoir") < page.index("rien à payer") < page.index(said)
    for language in PRINTED:
        assert said not in told(made, language) or language == "fr"


def test_identifiers_have_labels() -> None:
    seller = Party(
        name="Lumière", legal_id=Identifier(value="552081317", scheme="0002"), vat_id="FR03552081317",
        identifiers=(Identifier(value="3012345678900", scheme="0088"),),
        address=PostalAddress(city="Nantes", country="FR"),
    )  # fmt: skip
    place = Delivered(name="Ferme", location=Identifier(value="3098765432100", scheme="0088"))
    line = Line(id="1", name="Eau", object_id=Identifier(value="C-77", scheme="AVE"), origin_country="SE")
    buyer = replace(bill(1).buyer, legal_id=Identifier(value="12345678", scheme="0106"))
    page = told(bill(1, seller=seller, delivered=place, lines=(line,), buyer=buyer))
    for said in (
        "SIREN 552081317", "N° de TVA FR03552081317", "GLN 3012345678900", "GLN 3098765432100", "Compteur C-77",
        "Origine Suède", "KvK 12345678",
    ):  # fmt: skip
        assert said in page
    assert "0088" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (AllowanceCharge(amount=Decimal(5), reason_code="100"), "Ristourne"),
        (AllowanceCharge(amount=Decimal(5), reason_code="FC", is_charge=True), "Port"),
        (AllowanceCharge(amount=Decimal(5), reason_code="100", reason="Fidélité"), "Fidélité"),
        (AllowanceCharge(amount=Decimal(5), reason_code="FC"), "Remise"),
        (AllowanceCharge(amount=Decimal(5), reason_code="ZZZ", is_charge=True), "Frais"),
    ],
)
def test_the_reason_of_an_allowance_or_a_charge_is_told(change: AllowanceCharge, said: str) -> None:
    page = told(bill(1, allowances_charges=(change,)))
    assert f"{said} {'' if change.is_charge else '-'}5,00" in page


def test_an_address_abroad_has_its_country_in_words() -> None:
    buyer = replace(bill(1).buyer, address=PostalAddress(line1="Kungsgatan 1", city="Malmö", country="SE"))
    made = bill(1, buyer=buyer, seller=Party(name="Lumière", address=PostalAddress(country="FR")))
    assert "Malmö Suède" in told(made)
    assert "Malmö Schweden" in told(made, "de")


@pytest.mark.parametrize("language", PRINTED)
def test_the_language_of_the_document_is_that_of_its_words(language: str) -> None:
    assert f"/Lang({language})".encode() in pdf_of(bill(1), replace(BRAND, language=language))


def codes_of(made: Bill) -> Iterator[str]:
    """Codes of a bill that no page shows: of units and exemptions, of schemes of identifiers."""
    for line in made.lines:
        yield from (line.unit, line.price_base_unit)
        yield from (part.unit for part in line.parts)
    for part in made.vat:
        yield from (part.exemption_code, part.exemption_reason if part.exemption_reason.startswith("VATEX") else "")
    for party in filter(None, (made.seller, made.buyer, made.payee, made.tax_representative)):
        for each in (*party.identifiers, party.legal_id, party.electronic_address):
            yield each.scheme if each and identifier_label(each.scheme, "fr") != each.scheme else ""


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")
@pytest.mark.parametrize("row", valid_files(), ids=lambda row: row["file"])
def test_no_code_reaches_a_strangers_page(row: dict[str, str]) -> None:
    with Path(CORPORA / row["file"]).open("rb") as file:
        [entry] = open_feed(file, row["file"], Profile())
    assert entry.bill is not None
    page = set(
        _CODE.findall(" ".join(text_of_pages(pdf_of(entry.bill, replace(BRAND, language=label_language(entry.bill))))))
    )
    own = {word for _, text in texts_of(entry.bill) for word in _CODE.findall(text)}
    assert page & set(filter(None, codes_of(entry.bill))) - own - SIGNS == set()
    assert [word for word in page - own if word.startswith("VATEX")] == []


@pytest.mark.parametrize(
    ("language", "begun", "ended"),
    [
        ("fr", "à partir du 01/10/2026", "jusqu’au 31/10/2026"), ("en", "from 1 Oct 2026", "until 31 Oct 2026"),
        ("de", "ab 01.10.2026", "bis 31.10.2026"), ("nl", "vanaf 01-10-2026", "tot en met 31-10-2026"),
        ("es", "desde el 01/10/2026", "hasta el 31/10/2026"),
    ],
)  # fmt: skip
def test_a_period_without_an_end_says_so(language: str, begun: str, ended: str) -> None:
    for period, said in ((Period(start=date(2026, 10, 1)), begun), (Period(end=date(2026, 10, 31)), ended)):
        page = told(bill(1, period=period), language)
        assert said in page
        assert "…" not in page

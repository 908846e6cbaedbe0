"""What a reader finds on the page: Alice's amount, names and account, as they were written."""

import io
import re
from datetime import date
from decimal import Decimal

import msgspec
import pikepdf
import pytest

from bill import Attribute, CreditTransfer, Identifier, Payment, VatBreakdown, as_issued, payment_code_of
from tests.render.sample_bills import (
    ALICE,
    BOB,
    BRAND,
    CHARLIE,
    IBAN,
    bill,
    codes_on,
    costing,
    pdf_of,
    picture_of,
    text_of,
    words_of,
)


def test_the_text_comes_back():
    text = text_of(pdf_of(costing("1234.50")))
    assert "1 234,50 €" in text
    assert ALICE.name in text
    assert "12 rue de l’Échange" in text
    assert "Lumière de l’Ouest" in text
    assert "avant le 3 décembre 2026" in text
    assert re.search("FR76.3000.6000.0112.3456.7890.189", text)


@pytest.mark.parametrize("buyer", [BOB, CHARLIE], ids=["Bob", "Charlie"])
def test_a_name_has_its_accents(buyer):
    assert buyer.name in text_of(pdf_of(bill(buyer=buyer)))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("Αλίκη Παπαδοπούλου", "Αλίκη Παπαδοπούλου", id="Greek"),
        pytest.param("Алиса Щербакова-Ґудзь", "Алиса Щербакова-Ґудзь", id="Cyrillic"),
        pytest.param("Nguyễn Thị Hương Đặng Ưu", "Nguyễn Thị Hương Đặng Ưu", id="Vietnamese"),
        pytest.param("Łukasz Żółć, Ștefan, Győző", "Łukasz Żółć, Ștefan, Győző", id="Central Europe"),
        pytest.param("爱丽丝", "AiLiSi", id="Chinese"),
        pytest.param("アリス", "arisu", id="Japanese"),
        pytest.param("앨리스", "AelLiSeu", id="Korean"),
        pytest.param("דוד", "dvd", id="Hebrew"),
        pytest.param("Alice ὦ ﬁn ①", "Alice ω fin 1", id="signs with a base"),
        pytest.param("Alice \ue000", "Alice □", id="a sign without letters"),
    ],
)
def test_a_rare_character_is_drawn_or_spelled(name: str, shown: str):
    """No hole and no missing glyph on the page; the XML has the name as it was sent."""
    pdf = pdf_of(bill(buyer=msgspec.structs.replace(BOB, name=name)))
    assert shown in text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert name.encode() in opened.attachments["factur-x.xml"].get_file().read_bytes()


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("0.00", "EUR", "0,00 €"),
        ("1234567.89", "EUR", "1 234 567,89 €"),
        ("4200", "JPY", "4 200 ¥"),
        ("12.345", "KWD", "12,345 KWD"),
        ("9.90", "GBP", "9,90 £"),
    ],
)
def test_amounts_as_their_currency_writes_them(amount: str, currency: str, shown: str):
    assert text_of(pdf_of(costing(amount, currency))).count(shown) >= 2


def test_nothing_that_is_taxed_is_called_exempt():
    """Old formats say an amount of VAT without its rate."""
    taxed = VatBreakdown(category="S", rate=None, taxable=Decimal(100), vat=Decimal("17.50"))
    exempt = VatBreakdown(category="E", rate=Decimal(0), taxable=Decimal(9), vat=Decimal(0))
    parts = (taxed, exempt)
    assert re.findall("exonéré|17,50", text_of(pdf_of(bill(1, vat=parts)))) == ["17,50", "exonéré"]


def test_a_negative_bill_is_in_the_buyers_favour():
    text = text_of(pdf_of(costing("-12.00")))
    assert "En votre faveur" in text
    assert "12,00 €" in text
    assert "rien à payer" in text
    assert "Payer cette facture" not in text


# -- the payment code ------------------------------------------------------------------------------------------


def test_the_banks_code_is_read_back():
    made = bill()
    payload = payment_code_of(as_issued(made))
    assert payload is not None
    assert payload.decode().splitlines() == [
        "BCD", "002", "1", "SCT", "", "Lumière de l’Ouest", IBAN, f"EUR{made.totals.payable:.2f}", "", "",
        "LO-2026-11-0001",
    ]  # fmt: skip
    assert codes_on(picture_of(pdf_of(made))) == [payload]


def test_a_creditor_reference_has_its_own_line():
    payment = msgspec.structs.replace(bill().payment, remittance="RF18 5390 0754 7034")
    assert payment_code_of(as_issued(bill(payment=payment))).decode().splitlines()[9:] == ["RF18539007547034"]


def test_the_longest_payload_is_still_read():
    transfer = CreditTransfer(iban=IBAN, name="É" * 70, bic="AGRIFRPPXXX")
    made = bill(payment=Payment(means_code="58", remittance="à" * 140, transfers=(transfer,)))
    payload = payment_code_of(as_issued(made))
    assert payload is not None
    assert len(payload) <= 331
    assert codes_on(picture_of(pdf_of(made), dots=200)) == [payload]


DEBITED = Payment(means_code="59", mandate="RUM-1", creditor_id="FR12ZZZ123456", debited_iban=IBAN,
                  transfers=(CreditTransfer(iban=IBAN),))  # fmt: skip
WRONG = Payment(means_code="58", transfers=(CreditTransfer(iban="FR7630006000011234567890188"),))


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(bill(payment=DEBITED), id="direct debit"),
        pytest.param(bill(type_code="381"), id="credit note"),
        pytest.param(costing("12.00", "GBP"), id="pounds"),
        pytest.param(costing("0.00"), id="nothing due"),
        pytest.param(costing("-5.00"), id="in your favour"),
        pytest.param(bill(payment=WRONG), id="wrong IBAN"),
        pytest.param(bill(payment=Payment()), id="no account"),
    ],
)
def test_nobody_is_asked_to_transfer_what_is_not_due_that_way(made):
    assert payment_code_of(as_issued(made)) is None
    assert codes_on(picture_of(pdf_of(made))) == []


def test_a_direct_debit_names_mandate_and_creditor_and_hides_the_account():
    text = text_of(pdf_of(bill(payment=DEBITED)))
    assert "Sera prélevé" in text
    assert "RUM-1" in text
    assert "FR12ZZZ123456" in text
    assert "FR76 •••• 0189" in text
    assert IBAN[8:20] not in text.replace(" ", "")


def test_a_figure_too_wide_for_its_column_is_drawn_narrower():
    assert text_of(pdf_of(costing("1234567890123.50"))).count("1 234 567 890 123,50") >= 2


def test_a_long_name_and_its_details_stand_below_one_another():
    line = msgspec.structs.replace(
        bill(1).lines[0],
        name="Abonnement à la tranche bleue, électricité verte " * 4,
        description="Compteur (n° 0912) \\ cave",
    )
    words = sorted(words_of(pdf_of(bill(1, lines=(line,))), 1), key=lambda word: word.top)
    said = [word for word in words if word.left < 21 and word.text in ("Abonnement", "Compteur", "électricité")]
    amount = next(word for word in words if word.text == "12,50" and word.left > 175)
    assert said[0].text == "Abonnement"
    assert said[-1].text == "Compteur"
    assert abs(said[0].bottom - amount.bottom) < 0.1
    assert said[-1].top > said[-2].top > said[0].top


def test_a_company_s_bill_says_that_it_is_a_copy():
    siren = Identifier(value="552081317", scheme="0002")
    company = msgspec.structs.replace(BOB, legal_id=siren)
    assert "la facture légale passe par une plateforme agréée" in text_of(pdf_of(bill(buyer=company)))
    assert "plateforme agréée" not in text_of(pdf_of(bill(buyer=BOB)))
    later = msgspec.structs.replace(BRAND, platforms_since=date(2027, 9, 1))
    assert "plateforme agréée" not in text_of(pdf_of(bill(buyer=company), later))


def test_each_language_has_its_signs():
    """French sets a space before percent and colon, English none; one month is a month; a price has its cents."""
    line = msgspec.structs.replace(
        costing("14.50").lines[0], quantity=Decimal(1), unit="MON", net_price=Decimal("14.5"), vat_rate=Decimal("5.5"),
        attributes=(Attribute(name="Index", value="412"),),
    )  # fmt: skip
    made = costing("14.50", lines=(line, msgspec.structs.replace(line, quantity=Decimal(2))), terms="Comptant.")
    french = text_of(pdf_of(made))
    assert re.search(r"1 mois +14,50 +5,5 % +14,50", french)
    assert "Index : 412" in french
    assert "Conditions de paiement : Comptant." in french
    english = text_of(pdf_of(made, msgspec.structs.replace(BRAND, language="en")))
    assert re.search(r"1 month +14\.50 +5\.5% +14\.50", english)
    assert re.search(r"2 months +14\.50", english)
    assert "Index: 412" in english
    assert "Payment terms: Comptant." in english


def test_a_credit_note_says_where_the_money_goes_and_not_how_to_pay():
    text = text_of(pdf_of(bill(type_code="381", terms="Déduit de votre prochaine facture.")))
    assert "Déduit de votre prochaine facture." in text
    assert "Conditions de paiement" not in text


def test_nothing_that_somebody_pays_by_is_cut():
    """A Maltese account fills a line by itself: its BIC stands below, and the slip grows as its values need."""
    transfer = CreditTransfer(
        iban="MT84MALT011000012345MTLCAST001S", bic="MALTMTMTXXX",
        name="Société des eaux et de l’électricité de l’Ouest et du Val",
    )  # fmt: skip
    reference = " ".join(f"CLIENT {number:03}456 FACTURE 2026-11-{number:04}" for number in range(4))[:140].strip()
    payment = Payment(means_code="58", remittance=reference, transfers=(transfer,))
    pdf = pdf_of(bill(payment=payment), msgspec.structs.replace(BRAND, pay_url="https://payer.example/{number}"))
    text = " ".join(text_of(pdf).replace("\N{NO-BREAK SPACE}", " ").split())
    for said in ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MALTMTMTXXX", transfer.name):
        assert said in text
    assert set(reference.split()) <= set(text.split())
    ends = {words.text: words.bottom for words in words_of(pdf, 1) if words.text in ("MALTMTMTXXX", "Pénalités")}
    assert ends["MALTMTMTXXX"] < ends["Pénalités"]

"""What the page says of paying: how much by when, how and to whom, as the bill asked it on the day it was issued."""

from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from msgspec.structs import replace

from bill import Bill, Contact, CreditTransfer, Instalment, Line, Payment, as_issued, payment_code_of, payment_link
from bill.payment.payment_means_codes import _MEANS, spell_payment_means
from render.page.payment_slip import _places, payment_slip_of
from tests.ingest.sample_files import SAMPLES, only_bill, sample
from tests.ingest.test_payment_means import IBAN
from tests.render.sample_bills import (
    ALICE,
    BRAND,
    SELLER,
    bill,
    codes_on,
    composed,
    costing,
    pdf_of,
    picture_of,
    template,
    text_of,
    words_of,
)
from words.printed_bill_labels import bill_labels
from words.printed_languages import PRINTED

DAYS = (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31))


#: Nobody's telephone stands beside the slip.
QUIET = replace(BRAND, help_lines=())


def told(made: Bill, **brand: str) -> str:
    """All that the pages say, a blank between words."""
    return " ".join(text_of(pdf_of(made, replace(QUIET, **brand))).split())


def payload(made: Bill) -> list[str] | None:
    """The lines of the code on the page, as a bank's program sees them."""
    found = codes_on(picture_of(pdf_of(made)))
    return found[0].decode().split("\n") if found else None


def paid_by(**payment: object) -> Bill:
    return bill(payment=Payment(**payment))  # type: ignore[arg-type]


def test_three_instalments_each_with_its_day():
    made = only_bill(sample("three-instalments"))
    page = told(made)
    assert "À payer 40,00 € avant le 30 novembre 2026 par virement versement 1 sur 3 ; 120,00 € en tout" in page
    assert "À payer 120,00 €" in page
    assert "À payer en 3 fois" in page
    for part in ("30 novembre 2026 · 1/3 40,00 €", "31 décembre 2026 · 2/3 40,00 €", "31 janvier 2027 · 3/3 40,00 €"):
        assert f"avant le {part}" in page
    assert "Conditions de paiement" not in page  # 1/3, 2/3, 3/3 are in the plan
    code = payload(made)
    assert code is not None
    assert code[6:8] == [IBAN, "EUR40.00"]


def test_a_plan_of_many_instalments_goes_over_the_page():
    parts = tuple(Instalment(amount=Decimal(1), due=date(2026 + n // 12, n % 12 + 1, 5)) for n in range(60))
    page = told(replace(costing("60.00"), instalments=parts))
    assert page.count("1,00 € avant") + page.count("1,00 €") >= 60
    assert "avant le 5 décembre 2030" in page


def test_instalments_that_are_collected():
    made = bill(payment=Payment(means_code="59", mandate="RUM-1"))
    half = made.totals.payable / 2
    made = replace(made, instalments=tuple(Instalment(amount=half, due=day) for day in DAYS[:2]))
    page = told(made)
    assert "Sera prélevé 33,60 € le 30 novembre 2026 vous n’avez rien à faire versement 1 sur 2" in page
    assert "Prélevé en 2 fois" in page
    assert payload(made) is None


@pytest.mark.parametrize("name", ["M-1-transfer-then-debit", "M-2-debit-then-transfer"])
def test_a_mandate_anywhere_means_collected(name: str):
    made = only_bill(sample(name))
    page = told(made)
    assert "Sera prélevé 120,00 € le 15 décembre 2026" in page
    assert "RUM1" in page
    assert "Payer cette facture" not in page
    assert payload(made) is None


def test_only_the_sound_account_is_offered():
    made = only_bill(sample("M-6-two-IBANs"))
    assert "GB00BAD" not in told(made)
    code = payload(made)
    assert code is not None
    assert code[6] == "DE89370400440532013000"


def test_the_payee_is_whom_the_account_belongs_to():
    made = only_bill(sample("M-8-payee"))
    assert "Bénéficiaire Montant Affacturage du Nord 120,00 €" in told(made)
    code = payload(made)
    assert code is not None
    assert code[5] == "Affacturage du Nord"


def test_half_a_cent_is_rounded_up_everywhere():
    made = only_bill(sample("M-13-three-decimals"))
    page = told(made)
    assert page.count("120,01 €") == 3  # the answer, the totals, the slip
    code = payload(made)
    assert code is not None
    assert code[7] == "EUR120.01"


def test_cash_and_whom_to_ask():
    page = told(only_bill(sample("M-14-code-ZZZ-paid-10-cash")))
    assert "avant le 15 décembre 2026 en espèces" in page
    assert "Moyen de paiement Référence à rappeler" in page
    assert "Pour payer demandez à Lumiere" in page


@pytest.mark.parametrize("language", PRINTED)
def test_every_code_has_its_words_on_the_page(language: str):
    by_words = {spell_payment_means(means, language): code for code, means in _MEANS.items() if means != "debit"}
    assert "" not in by_words
    for words, code in by_words.items():
        page = told(paid_by(means_code=code), language=language)
        assert words in page, code
        assert bill_labels(language).pay_this in page


GIRO = CreditTransfer(iban="12345-6", bic="SE:PLUSGIRO")


def test_a_domestic_account_is_shown_as_given_with_its_scheme_and_its_reference():
    made = paid_by(means_code="30", remittance="1234567890123452", transfers=(GIRO,))
    made = replace(made, currency="SEK", seller=replace(made.seller, contact=Contact(phone="08-123 45")))
    page = told(made)
    assert "Bénéficiaire Montant PlusGiro Lumière de l’Ouest 67,20 SEK 12345-6" in page
    assert "Référence à rappeler Pour payer 1234567890123452 demandez à Lumière de l’Ouest, 08-123 45" in page
    assert payload(made) is None


@pytest.mark.parametrize(
    ("number", "bank"), [("12345678", "20-00-00"), ("000123456789", "021000021"), ("20-00-00 12345678", "")]
)
def test_a_sort_code_is_no_bic(number: str, bank: str):
    page = told(paid_by(means_code="30", transfers=(CreditTransfer(iban=number, bic=bank),)))
    assert number in page
    assert "BIC" not in page
    assert ("Code banque" in page) is bool(bank)
    assert bank in page


def test_a_transfer_without_an_account_says_what_to_quote():
    page = told(paid_by(means_code="30", remittance="KID 0000123456784"))
    assert "KID 0000123456784" in page


@pytest.mark.parametrize(
    ("account", "code", "label"),
    [
        (CreditTransfer(iban="5050-1055", bic="SE:BANKGIRO"), "30", "Bankgiro"),
        (CreditTransfer(iban="987654321"), "50", "PlusGiro"),
        (CreditTransfer(iban="12345678 901"), "30", "Compte"),
        (CreditTransfer(iban="30006 00001 12345678901 89"), "30", "Compte"),
    ],
)
def test_other_accounts_that_are_no_iban(account: CreditTransfer, code: str, label: str):
    page = told(paid_by(means_code=code, transfers=(account,)))
    assert f"Montant {label}" in page or f" {label} " in page
    assert " ".join(account.iban.split()) in page
    assert "demandez à Lumière de l’Ouest" in page


def test_an_iban_with_wrong_digits_is_to_be_checked():
    made = paid_by(means_code="58", transfers=(CreditTransfer(iban="FR7630006000011234567890188", bic="AGRIFRPP"),))
    page = told(made)
    assert "FR7630006000011234567890188 AGRIFRPP" in page
    assert "À vérifier LO-2026-11-0001 chiffres faux ; demandez à Lumière de l’Ouest" in page
    assert "par virement" not in page
    assert payload(made) is None


def test_a_slip_is_never_empty():
    for made in (bill(payment=Payment()), paid_by(means_code="1"), paid_by(means_code="ZZZ")):
        page = told(made)
        assert "Payer cette facture Montant Référence à rappeler" in page
        assert "Pour payer demandez à Lumière de l’Ouest" in page


def test_the_links_amount_and_account_are_the_pages():
    made = only_bill(sample("pay-BT-12"))
    pattern = "https://pay.example/{number}/{amount}/{account}"
    page = told(made, pay_url=pattern, account_term="BT-12")
    link = payment_link(pattern, made, as_issued(made), "BT-12")
    assert link == "https://pay.example/L-1/120.01/CONTRAT-77"
    assert link.removeprefix("https://") in page
    assert f"({link})".encode() in pdf_of(made, replace(BRAND, pay_url=pattern, account_term="BT-12"))


def test_negative_invoices_and_negative_credit_notes():
    negative = only_bill(sample("negative-380"))
    assert "En votre faveur 120,00 € rien à payer" in told(negative)
    assert payload(negative) is None
    credit = only_bill(sample("b2-credits-b1"))
    assert "Montant de l’avoir 120,00 € rien à payer" in told(credit)
    taken_back = replace(credit, totals=replace(credit.totals, payable=Decimal("-120.00"), gross=Decimal("-120.00")))
    assert "À payer 120,00 €" in told(taken_back)
    code = payload(taken_back)
    assert code is not None
    assert code[7] == "EUR120.00"


def test_a_corrective_says_what_it_corrects_and_asks_by_itself():
    page = told(only_bill(sample("corrective-384")))
    assert "À payer 96,00 € avant le 30 novembre 2026" in page
    assert "Se rapporte à" in page
    assert "A-1" in page


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("fr", "2 % d’escompte sur 120,00 €, soit 2,40 € de moins : 117,60 € à payer jusqu’au 16 novembre 2026"),
        ("en", "2% discount on €120.00, €2.40 less: €117.60 to pay until 16 November 2026"),
        ("de", "2 % Skonto auf 120,00 €, also 2,40 € weniger: 117,60 € zu zahlen bis 16. November 2026"),
        ("nl", "2% korting op € 120,00, dus € 2,40 minder: € 117,60 te betalen tot en met 16 november 2026"),
        (
            "es",
            "2 % de descuento sobre 120,00 €, es decir, 2,40 € menos: 117,60 € a pagar hasta el 16 de noviembre",
        ),
    ],
)
def test_a_discount_for_prompt_payment_in_words(language: str, first: str):
    page = told(only_bill(sample("discount-in-words")), language=language)
    assert first in page
    assert "SKONTO" not in page


def test_terms_that_are_no_offer_stay_words():
    made = bill(terms="#SKONTO#TAGE=14#PROZENT=zwei#\nZahlbar sofort.\n#VERZUG#TAGE=30#PROZENT=9.00#")
    page = told(made)
    assert "Conditions de paiement : #SKONTO#TAGE=14#PROZENT=zwei#" in page
    assert "9 % d’intérêts de retard sur ce qui reste dû après le 4 décembre 2026" in page


def test_groups_are_shown_as_groups_and_details_alone_are_carried():
    page = told(only_bill((SAMPLES / "lines-in-groups.cii.xml").read_bytes()))
    assert "Rénovation 100,00 Peinture 1 60,00 20 % 60,00 Sol 1 40,00 20 % 40,00" in page
    assert "dont échelle (pour information) 1 12,00 20 % dont 12,00 €" in page


def test_what_is_carried_over_the_page_counts_details_alone():
    group = [
        Line(id=f"{n}", name=f"Lot {n}", net_amount=Decimal(10), kind="GROUP") if n % 3 == 1
        else Line(id=f"{n}", parent=f"{n - (n - 1) % 3}", name=f"Poste {n}", quantity=Decimal(1), unit="C62",
                  net_price=Decimal(5), net_amount=Decimal(5), vat_category="S", vat_rate=Decimal(20), kind="DETAIL")
        for n in range(1, 121)
    ]  # fmt: skip
    made = replace(bill(), lines=tuple(group))
    first = text_of(pdf_of(made), "-f", "1", "-l", "1")
    carried = Decimal(first.split("À reporter")[1].split()[0].replace(",", "."))
    assert carried == 5 * first.count("Poste")
    assert carried < 400


def test_what_is_collected_for_others_is_one_of_the_sums():
    made = bill()
    totals = replace(made.totals, third_party=Decimal("5.00"), payable=made.totals.payable + 5)
    page = told(replace(made, totals=totals))
    assert "Encaissé pour des tiers 5,00 €" in page
    assert "À payer 72,20 €" in page


def test_the_xml_inside_says_the_same():
    from export.cii import facturx_profile_of, write_cii

    groups = only_bill((SAMPLES / "lines-in-groups.cii.xml").read_bytes())
    again = only_bill(write_cii(groups, facturx_profile_of(groups)))
    assert [line.id for line in again.lines] == ["0101", "0102"]
    debit = only_bill(sample("M-1-transfer-then-debit"))
    again = only_bill(write_cii(debit, facturx_profile_of(debit)))
    assert (again.payment.means_code, again.payment.mandate) == ("59", "RUM1")
    giro = paid_by(means_code="30", transfers=(GIRO,))
    assert b"<ram:ProprietaryID>12345-6</ram:ProprietaryID>" in write_cii(giro, facturx_profile_of(giro))


LONG = "Compagnie générale des eaux, des gaz et de l’électricité de la Loire inférieure et de l’Erdre réunies"
CROWDED = {
    "instalments": replace(bill(), instalments=tuple(Instalment(amount=Decimal("22.40"), due=day) for day in DAYS)),
    "wrong digits": paid_by(means_code="58", remittance="R" * 140, transfers=(
        CreditTransfer(iban="FR7630006000011234567890188", bic="AGRIFRPPXXX", name=LONG),
    )),
    "giro": paid_by(means_code="30", remittance="123 " * 35, transfers=(GIRO,)),
    "cheque": replace(paid_by(means_code="20", means_text=LONG), seller=replace(bill().seller, name=LONG)),
    "nothing": replace(bill(payment=Payment()), seller=replace(
        bill().seller, name=LONG, contact=Contact(phone="+33 2 61 91 10 10", email="paiements@lumiere-ouest.example"),
    )),
    "debit": bill(payment=Payment(means_code="59", mandate="M" * 35, creditor_id="FR72ZZZ123456", debited_iban=IBAN)),
}  # fmt: skip


@pytest.mark.parametrize("name", CROWDED)
@pytest.mark.parametrize("language", ["fr", "de"])
def test_nothing_overlaps_or_is_cut_on_the_page(name: str, language: str):
    pdf = pdf_of(
        replace(CROWDED[name], buyer=ALICE), replace(BRAND, language=language, pay_url="https://pay.example/{number}")
    )
    for number in range(1, 1 + text_of(pdf).count("\f")):
        words = words_of(pdf, number)
        for word in words:
            assert 0 < word.left < word.right < 192, word
            assert 0 < word.top < word.bottom < 294, word
        for one, other in combinations(words, 2):
            width = min(one.right, other.right) - max(one.left, other.left)
            height = min(one.bottom, other.bottom) - max(one.top, other.top)
            assert width < 0.3 or height < 1.3, (one, other)


def test_the_code_is_what_is_due_first():
    made = only_bill(sample("three-instalments"))
    assert codes_on(picture_of(pdf_of(made))) == [payment_code_of(as_issued(made))]


LONG = "Versicherungsverein Musterstadt a.G. und alle seine Töchter"


@pytest.mark.parametrize(
    "payment",
    [
        Payment(means_code="58", remittance="R " * 60, transfers=(CreditTransfer(iban=IBAN, name=LONG),)),
        Payment(means_code="30", remittance="R " * 60, transfers=(CreditTransfer(iban="DE1212345678", name=LONG),)),
        Payment(means_code="59", mandate="M" * 35, creditor_id="F" * 35, debited_iban=IBAN),
        Payment(means_code="10"),
    ],
    ids=["with a code", "wrong digits", "collected", "no account"],
)
def test_a_value_of_several_lines_stands_below_its_own_label(payment: Payment):
    """Between two lines of a value stands nothing else, and all of them begin below their label."""
    seller = replace(SELLER, name=LONG, contact=Contact(phone="+49 30 12345678", email="alice@verein.example"))
    made = bill(2, payment=payment, seller=seller)
    slip = payment_slip_of(made, as_issued(made), template(QUIET)._page_style)
    places = list(zip(slip.said, _places(slip.outline, slip.first), strict=True))
    assert any(not said.label for said, _ in places)
    for (_, (left, top)), (said, (x, y)) in pairwise(places):
        if not said.label:
            assert (x, y > top) == (left, True)
    rows = {y for said, (_, y) in places if not said.label}
    assert all([down for _, (_, down) in places].count(y) == 1 for y in rows)


def test_a_slip_without_a_code_needs_no_room_for_one():
    """What a person pays in cash stays on page one where there is room for its slip, and none for a code."""
    by_code = [len(composed(bill(count), brand=QUIET)) for count in range(16, 26)]
    in_cash = [len(composed(bill(count, payment=Payment(means_code="10")), brand=QUIET)) for count in range(16, 26)]
    assert sum(in_cash) < sum(by_code)


def test_another_account_has_the_name_of_its_scheme():
    post = CreditTransfer(iban="12 3456-7", bic="SE:BANKGIRO")
    page = told(paid_by(means_code="30", transfers=(GIRO, post)))
    assert "Autre compte Bankgiro 12 3456-7" in page
    assert "SE:" not in page

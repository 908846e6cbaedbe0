"""What the text of a bill says for sure, and what is asked: a word that could mean something else is never taken."""

import time
from datetime import date

import pytest

from bill.document_reading import Term
from ingest.pdf.sandboxed_pdf import SandboxedPdfReader
from ingest.plain_text import KnownIssuer, read_text
from tests.sample_documents import PLUMBER, document

TODAY = date(2026, 3, 3)


def said(text: str, term: Term) -> str | None:
    return read_text(text, TODAY).term(term).sure


def offered(text: str, term: Term) -> list[str]:
    return [each.value for each in read_text(text, TODAY).term(term).found]


def test_a_bill_in_so_many_words_is_read_but_for_whose_it_is() -> None:
    reading = read_text("\n".join(PLUMBER), TODAY)
    assert reading.asked == ["issuer"]
    assert {term: reading.term(term).sure for term in ("number", "issue_date", "due_date", "amount", "iban")} == {
        "number": "2026-117", "issue_date": "2026-03-02", "due_date": "2026-04-01", "amount": "180.00",
        "iban": "FR7630006000011234567890189",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Facture n° F-2026/12", "F-2026/12"),
        ("N° de facture : 20260001", "20260001"),
        ("Invoice number: INV-7 dated 2026-03-01", "INV-7"),
        ("Rechnung Nr. 4711 vom 01.03.2026", "4711"),
        ("Handelsrechnung (380) Nr. E20 vom 01.03.2026", "E20"),
        ("Facture n° 2026 001 234", None),  # it goes on
        ("Facture associée n° F-1", None),
        ("N° DE FACTURE ASSOCIÉE : F20180003", None),
        ("Rechnung zu Rechnung Nr. 4711", None),
        ("Rechnungsnummer R876vom06.10.2018", None),  # no blank between
        ("Facture n° 01/03/2026", None),
        ("Commande n° 4711", None),
        ("Facture n° A-1\nFacture n° A-2", None),
        ("Annule et remplace la facture n° F-12", None),
        ("Acompte facture n° F-12 -100,00", None),
        ("Votre règlement de la facture n° F-12", None),
        ("AVOIR\nfacture n° F-12", None),
        ("Invoice #1 of 2", None),
    ],
)
def test_a_number_is_sure_only_where_nothing_speaks_against_it(line: str, number: str | None) -> None:
    assert said(line, "number") == number


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Date de facture : 02/03/2026", "2026-03-02"),
        ("Facture du 2 mars 2026", "2026-03-02"),
        ("Invoice date: March 2, 2026", "2026-03-02"),
        ("Invoice date: 2026-03-02", "2026-03-02"),
        ("Invoice date: 25/02/2026", "2026-02-25"),
        ("Invoice date: 02/03/2026", None),  # February or March
        ("Rechnung Nr. 47 vom 02.03.2026", "2026-03-02"),
        ("Rechnung gemäß Bestellung Nr. 2018-471331 vom 01.03.2026", None),
        ("Facture du 01/02/2026 au 28/02/2026", None),  # a period
        ("Date de facture associée : 30/01/2026", None),
        ("Date : 02/03/2026", None),
        ("Date de facture : 02/03/2036", None),  # not yet
        ("Date de facture : 01/03/2026\nDate de facture : 02/03/2026", None),
        ("Date : 02/03/2026\nDate de facture : 01/03/2026", None),
        ("Paris, le 2 mars 2026\nDate de facture : 01/03/2026", None),
        ("Annule et remplace la facture n° F-12 du 15/01/2026", None),
        ("Votre règlement de la facture n° F-12 du 15/01/2026", None),
        ("Avoir sur la facture n° F-12 du 15/01/2026", None),
        ("Deposit invoice no. 8 issued on 2026-01-05", None),
        ("Facture du 01/02/2026\nau 28/02/2026", None),
        ("Invoice date / Date de facture : 02/03/2026", None),  # which of the two writes it
        ("INVOICE\nDate de facture : 02/03/2026", None),
    ],
)
def test_a_date_is_sure_only_where_no_country_reads_it_otherwise(line: str, day: str | None) -> None:
    assert said(line, "issue_date") == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Date d'échéance : 01/04/2026", "2026-04-01"),
        ("À payer avant le 1er avril 2026", "2026-04-01"),
        ("Zahlbar bis 01.04.2026", "2026-04-01"),
        ("Zahlbar bis 01.04.2026, 3% Skonto bis 15.03.2026", None),  # two days
        ("Échéance : 01/01/2026", None),  # before the bill
        ("Livraison le 01/04/2026", None),
        ("Prochaine échéance : 01/04/2026", None),
        ("Prochain prélèvement le 01/04/2026", None),
        ("Contrat : échéance 01/04/2026", None),
        ("Zahlbar bis 01.04.2026 mit 3% Skonto, sonst 30 Tage netto", None),
        ("Payable avant le 01/04/2026 : escompte de 2 %", None),
        ("Zahlbar netto bis 01.04.2026, 3% Skonto bis", "2026-04-01"),
    ],
)
def test_a_due_date_is_sure_only_after_a_sure_date(line: str, day: str | None) -> None:
    assert said(f"Date de facture : 02/03/2026\n{line}", "due_date") == day
    assert said(line, "due_date") is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Total TTC 180,00 €\nNet à payer 180,00 €", "180.00"),
        ("Total HT 150,00\nTVA 30,00\nTotal TTC 180,00", "180.00"),
        ("Subtotal 1,000.00\nVAT 200.00\nTotal due 1,200.00", "1200.00"),
        ("Total TTC 180,00 €", None),  # said once
        ("Total TTC 180,00 €\nAcompte 80,00 €\nNet à payer 100,00 €", None),
        ("Total TTC 180,00\nNet à payer 180,00\nSolde antérieur 20,00", None),
        ("Total TTC 20 180,00\nNet à payer 20 180,00", None),  # 20 180,00, or 20 and 180,00
        ("Total TTC -180,00\nNet à payer -180,00", None),
        ("Net à payer 180,00 160,00\nTotal TTC 160,00", None),  # which of the two
        ("Total TTC 1\u202f180,00 €\nNet à payer 1\u202f180,00 €", "1180.00"),
        ("Total TTC 1\u2009180,00 €\nNet à payer 1\u2009180,00 €", "1180.00"),
        ("Total TTC 1\u00a0180,00 €\nNet à payer 1\u00a0180,00 €", None),  # blanks of a table, perhaps
        ("Total TTC 1  180,00 €\nNet à payer 1  180,00 €", None),
        ("Total TTC 1   180,00 €\nNet à payer 1   180,00 €", None),
        ("Total HT 2   100,00\nTVA 20,00\nTotal TTC 2   120,00", None),
        ("Total 1'180.00 CHF\nZahlbetrag 1'180.00 CHF", "1180.00"),
        ("Total 1´180.00 CHF\nZahlbetrag 1´180.00 CHF", "1180.00"),
        ("Total 1:180.00 CHF\nZahlbetrag 1:180.00 CHF", None),
        ("Total TTC 180,00- €\nNet à payer 180,00- €", None),
        ("Total TTC −180,00 €\nNet à payer −180,00 €", None),
        ("Total TTC – 180,00 €\nNet à payer – 180,00 €", None),
        ("Total (180.00)\nAmount due (180.00)", None),
        ("Total 180.00 CR\nAmount due 180.00 CR", None),
        ("Total -€180.00\nAmount due -€180.00", None),
        ("Total -EUR 180.00\nAmount due -EUR 180.00", None),
        ("Total TTC 180,00\nNet à payer 180,00\nPlease deduct your payment of 20.00", None),
    ],
)
def test_an_amount_is_sure_only_where_it_is_said_twice(text: str, amount: str | None) -> None:
    assert said(text, "amount") == amount


def test_an_amount_that_is_not_sure_is_offered() -> None:
    assert offered("Total TTC 180,00 €", "amount") == ["180.00"]


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        ("IBAN : FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("IBAN : FR76 3000 6000 0112 3456 7890 188", None),
        ("Prélevé sur votre compte FR76 3000 6000 0112 3456 7890 189", None),  # the payer's
        ("Votre IBAN : FR76 3000 6000 0112 3456 7890 189", None),
        ("Customer IBAN: FR76 3000 6000 0112 3456 7890 189", None),
        ("Compte de remboursement : FR76 3000 6000 0112 3456 7890 189", None),
        ("Wij incasseren van FR76 3000 6000 0112 3456 7890 189", None),
        ("IBAN DE88200800000970375700 ou FR7630006000011234567890189", None),
    ],
)
def test_an_iban_is_sure_only_if_it_is_the_payees(text: str, iban: str | None) -> None:
    assert said(text, "iban") == iban


@pytest.mark.parametrize(
    "text",
    [
        "Stornorechnung Nr. 7", "Rechnungskorrektur zur Rechnung", "Credit memo for invoice 6", "Facture proforma",
        "Nota di credito, fattura, invoice", "Rechnung\nZahlbetrag -529,87", "Facture\nNet à payer 50,00-",
    ],
)  # fmt: skip
def test_what_may_be_no_bill_is_asked(text: str) -> None:
    assert said(text, "kind") is None


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Total $11.00", None),  # of a dozen countries
        ("Total ¥1,100.00", None),
        ("Total US$11.00", "USD"),
        ("Total CA$11.00", "CAD"),
        ("Total $11.00 USD", "USD"),
        ("Total 11.00 kr, 0.95 EUR", None),
        ("SARL au capital de 10 000 €\nTotal 150 000 FCFA", None),
        ("SARL au capital de 10 000 €\nTotal 150,00", None),
        ("Total 100,00 DT\nPénalités : indemnité forfaitaire de 40 €", None),
        ("Total 150,00 €\nPénalités : indemnité forfaitaire de 40 €", "EUR"),
    ],
)
def test_a_currency_is_sure_only_by_a_sign_that_no_other_has(text: str, currency: str | None) -> None:
    assert said(text, "currency") == currency


def test_a_word_of_credit_and_two_currencies_are_asked() -> None:
    assert said("Facture", "kind") == "invoice"
    assert said("Avoir sur facture", "kind") is None
    assert said("Total 12,00 € (13,00 USD)", "currency") is None
    assert said("Total 12,00 €", "currency") == "EUR"


@pytest.mark.parametrize("word", ["1", "a", "123,45 ", "Facture n° ", "13/04/2026 ", "rechnung", "FR76 3000 "])
@pytest.mark.parametrize("line", [1_990, 300_000])
def test_a_text_made_to_hold_its_reader_up_is_left_to_be_asked(word: str, line: int) -> None:
    text = "\n".join([(word * line)[:line]] * (380_000 // line))
    began = time.process_time()
    reading = read_text(text, TODAY)
    assert time.process_time() - began < 10
    assert reading.asked
    assert reading.text == text


def test_an_issuer_is_sure_only_if_it_is_known_and_named_and_registered_here() -> None:
    text = "\n".join(PLUMBER)
    for known, issuer in (
        (KnownIssuer("Martin Plomberie", "303265045"), "Martin Plomberie"),
        (KnownIssuer("Le plombier", "303265045", "", "martin plomberie"), "Le plombier"),
        (KnownIssuer("Martin Plomberie", "732829320"), None),
        (KnownIssuer("Autre Plomberie", "303265045"), None),
        (KnownIssuer("Martin Plomberie"), None),
    ):
        assert read_text(text, TODAY, [known]).term("issuer").sure == issuer


def test_a_real_page_says_what_its_invoice_says_or_is_asked_about() -> None:
    reader = SandboxedPdfReader()
    try:
        text = reader.text(document("electronic-tram-tickets.facturx.pdf"))
    finally:
        reader.close()
    reading = read_text(text, date(2026, 3, 3))
    assert (reading.term("number").sure, reading.term("issue_date").sure) == ("E2018092011804", "2018-09-20")
    assert "Verkehrsbetriebe GmbH" in [each.value for each in reading.term("issuer").found]
    assert reading.term("iban").sure is None

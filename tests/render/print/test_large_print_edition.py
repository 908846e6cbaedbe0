"""The large-print edition of Alice's bill: everything that counts, 18 points or more, between address and original."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pikepdf
import pypdf
import pytest

from bill import AmountDue, Bill, Brand, DocumentAmount, Instalment, MailPieceNumber, Overlay, Paid, Payment, amount_due
from render.print.large_print_edition import compose_large_print
from render.print.print_stream import PrintStream
from render.print.read_letter_pages import read_pages
from tests.render.print.test_foreign_pages import own_pdf
from tests.render.sample_bills import BRAND, IBAN, bill, codes_on, energy, pdf_of, picture_of, template, words_of

DEBIT = Payment(means_code="59", mandate="RUM-0042", creditor_id="FR12ZZZ123456", debited_iban=IBAN)
CREDIT_NOTE = bill(2, type_code="381", number="LO-2026-11-0007", payment=Payment())


def printed(
    made: Bill, due: AmountDue | None = None, brand: Brand = BRAND, *, own: bytes = b"", duplex: bool = False
) -> bytes:
    """A letter with a large-print edition; *own* are the issuer's own pages."""
    out = io.BytesIO()
    stream = PrintStream(out, duplex=duplex)
    prefix, suffix = (b"", own) if own else (template(brand).prefix, template(brand).suffix(made))
    edition = compose_large_print(made, brand, due or amount_due(made))
    overlay = Overlay(address=("ALICE LEFÈVRE", "35000 RENNES"), sender="Lumière")
    stream.add(prefix, read_pages(prefix, suffix).body, overlay, MailPieceNumber(231, 1, 9), edition)
    stream.close()
    return out.getvalue()


def length(pdf: bytes) -> int:
    """How many pages it has."""
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def sized(pdf: pypdf.PdfReader, page: int) -> list[tuple[str, float]]:
    """The texts of a page, but for the inserter's line, and their sizes in points."""
    found: list[tuple[str, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip() and "pli 1/9" not in text:
            found.append((text.strip(), round(abs(size * tm[3] * cm[3]), 1)))

    pdf.pages[page - 1].extract_text(visitor_text=visit)
    return found


def pages_of(pdf: bytes) -> list[str]:
    """What pypdf reads on each page, blanks as one space."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def edition_of(pdf: bytes) -> list[str]:
    return pages_of(pdf)[1:-1]


def test_it_says_what_the_bill_says_behind_the_address_and_before_the_original() -> None:
    pages = pages_of(printed(bill(2)))
    assert "35000 RENNES" in pages[0]
    assert len(pages) == 5
    assert pages[-1].startswith(pages_of(pdf_of(bill(2)))[0])
    said = " ".join(pages[1:-1])
    in_order = (
        "Lumière de l’Ouest", "Édition en grands caractères de la facture LO-2026-11-0001", "sont l’original",
        "À payer 31,20 € avant le 3 décembre 2026", "par virement", "IBAN FR76 3000 6000 0112 3456 7890 189",
        "Référence à rappeler LO-2026-11-0001", "Émetteur Lumière de l’Ouest 4 quai de la Fosse 44000 Nantes",
        "Date 04/11/2026", "Numéro de contrat CT-0042", "Alice Lefèvre", "Électricité, tranche 1 : 12,50 €",
        "Électricité, tranche 2 : 13,50 €", "Taxes et totaux", "TVA 20 % : 5,20 €", "Total TTC : 31,20 €",
        "Une question ? 02 61 91 10 10",
    )  # fmt: skip
    at = 0
    for words in in_order:
        assert words in said[at:], words
        at = said.index(words, at)


@pytest.mark.parametrize(
    "made", [bill(2), bill(60), CREDIT_NOTE, bill(2, payment=DEBIT)], ids=["two", "sixty", "credit", "debit"]
)
def test_all_of_it_is_large(made: Bill) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(printed(made)))
    texts = [sized(pdf, page) for page in range(2, len(pdf.pages) - length(pdf_of(made)) + 1)]
    assert min(size for page in texts for _, size in page) >= 18
    answer = [(text.replace("\N{NO-BREAK SPACE}", " "), size) for text, size in texts[0]]
    [amount] = [text for text, size in answer if size == 36]
    assert amount.endswith(" €")
    told = ("À payer", "Sera prélevé", "Montant de l’avoir", "avant le", "le 3", "rien à payer", "FR76 3")
    sizes = {text: size for text, size in answer if text.startswith(told) and size != 18}
    assert set(sizes.values()) == {22}
    assert len(sizes) >= 2


def test_sixty_lines_go_over_pages_each_with_its_amount_and_number() -> None:
    made = bill(60)
    pages = pages_of(printed(made))
    edition = pages[1 : -length(pdf_of(made))]
    assert len(edition) == 6
    for number, page in enumerate(edition, 1):
        assert f"page {number} sur 6" in page
    said = " ".join(edition)
    for number in range(60):
        amount = f"{12 + number},50 €"
        assert f"tranche {number + 1} : {amount}" in said


def test_the_original_is_what_was_archived() -> None:
    made = bill(60)
    with pikepdf.open(io.BytesIO(printed(made))) as pdf, pikepdf.open(io.BytesIO(pdf_of(made))) as archived:
        assert pdf.check_pdf_syntax() == []
        behind = list(pdf.pages)[-len(archived.pages) :]
        assert [page.Contents[0].read_bytes() for page in behind] == [
            page.Contents.read_bytes() for page in archived.pages
        ]


def test_a_credit_asks_nothing_and_a_debit_asks_for_no_transfer() -> None:
    credit = " ".join(edition_of(printed(CREDIT_NOTE)))
    assert "de l’avoir LO-2026-11-0007" in credit
    assert "rien à payer" in credit
    assert "IBAN" not in credit
    debit = " ".join(edition_of(printed(bill(2, payment=DEBIT))))
    assert "Sera prélevé 31,20 € le 3 décembre 2026 vous n’avez rien à faire" in debit
    assert "RUM-0042" in debit
    assert IBAN[4:12] not in debit.replace(" ", "")


def test_it_says_what_is_due_now() -> None:
    made = bill(2)
    credit = DocumentAmount("A-2", "381", made.issue_date, "EUR", Decimal("31.20"), names=(made.number,))
    gone = edition_of(printed(made, amount_due(made, [credit])))[0]
    assert "Facture annulée par l’avoir A-2 : rien à payer." in gone
    assert "IBAN" not in gone
    part = edition_of(printed(made, amount_due(made, paid=[Paid(date(2026, 11, 20), Decimal("11.20"), "bank")])))[0]
    assert "Paiement reçu : il reste 20,00 € à payer." in part
    assert "À payer 20,00 €" in part


def test_it_names_each_instalment_that_is_still_to_pay() -> None:
    """Also of a plan that was granted later, which the bill knows nothing of."""
    made = bill(2)
    parts = tuple(Instalment(Decimal("15.60"), date(2026, month, 5)) for month in (11, 12))
    due = amount_due(made)._replace(amount=Decimal("15.60"), due=parts[0].due, instalments=parts, is_planned=True)
    page = edition_of(printed(made, due))[0]
    assert "À payer 15,60 € avant le 5 novembre 2026" in page
    assert "avant le 5 décembre 2026 : 15,60 €" in page
    assert "versement" not in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Large-print edition of bill LO-2026-11-0001"),
        ("de", "Großdruck-Ausgabe der Rechnung LO-2026-11-0001"),
        ("nl", "Grootletteruitgave van factuur LO-2026-11-0001"),
        ("es", "Edición en letra grande de la factura LO-2026-11-0001"),
    ],
)
def test_it_speaks_the_bills_language(language: str, said: str) -> None:
    brand = msgspec.structs.replace(BRAND, language=language)
    pages = edition_of(printed(bill(2), brand=brand))
    assert said in pages[0]
    assert "grands caractères" not in " ".join(pages)


def test_words_stay_whole_on_their_page() -> None:
    """Also one that is wider than the page, and names that ask for several lines."""
    wide = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    names = [f"{wide} {'acheminement contribution ' * 12}n°{number}" for number in range(5)]
    lines = tuple(msgspec.structs.replace(energy(1, Decimal(7)), name=name) for name in names)
    pdf = printed(bill(1, lines=lines))
    count = length(pdf) - length(pdf_of(bill(1, lines=lines)))
    words = [word for page in range(2, count + 1) for word in words_of(pdf, page)]
    assert [word.text for word in words].count(wide) == 5
    assert [word.text for word in words].count("acheminement") == 5 * 12
    for word in words:
        if not (word.top < 12 or word.right < 18):  # the inserter's line
            assert word.left >= 19.9
            assert word.right <= 190.2
            assert word.bottom <= 290


def test_every_sheet_bears_the_inserters_mark() -> None:
    pdf = printed(bill(2))
    codes = [codes_on(picture_of(pdf, page), "DataMatrix") for page in range(1, 6)]
    assert codes == [[b"000231000001000009%03d005" % sheet] for sheet in range(1, 6)]


def test_on_both_sides_edition_and_original_begin_on_fronts() -> None:
    pages = pages_of(printed(bill(2), duplex=True))
    assert [bool(page) for page in pages] == [True, False, True, True, True, False, True, False]
    assert "page 3 sur 3" in pages[4]
    assert pages[6].startswith(pages_of(pdf_of(bill(2)))[0])


def test_it_stands_before_an_issuers_own_pages() -> None:
    pages = pages_of(printed(bill(2), own=own_pdf(2)))
    assert len(pages) == 1 + 3 + 2
    assert "35000 RENNES" in pages[0]
    assert "Édition en grands caractères" in pages[1]
    assert "facture E-1 page 1" in pages[4]


def test_a_bill_without_lines_or_contact_leaves_those_sections_out() -> None:
    brand = msgspec.structs.replace(BRAND, help_lines=())
    said = " ".join(edition_of(printed(bill(0), brand=brand)))
    assert "Taxes et totaux" in said
    assert "Désignation" not in said
    assert "Une question" not in said


def test_a_letter_composed_twice_is_the_same_letter() -> None:
    assert printed(bill(60)) == printed(bill(60))

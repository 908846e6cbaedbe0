"""A letter whose bill was credited since says so above its page: in no window, on no word, beside no mark."""

import io
from datetime import date
from decimal import Decimal

import pytest

from bill import AmountDue, DocumentAmount, Overlay, Paid, amount_due
from render.print.amount_due_notice import amount_due_notice
from render.print.envelope_window import SEEN_OF_A_CARRIER, SEEN_OF_A_PAGE
from render.print.print_stream import PrintStream
from tests.render.sample_bills import BRAND, add, bill, codes_on, pdf_of, picture_of, template, text_of, words_of

BILL = bill(4)
URL = "https://factures.example/c/7Q2KD-M4XW9"


def credit(number: str, amount: Decimal = BILL.totals.payable, type_code: str = "381") -> DocumentAmount:
    return DocumentAmount(number, type_code, BILL.issue_date, "EUR", amount, names=(BILL.number,))


CREDITED = amount_due(BILL, [credit("B-2")])
LEFT = amount_due(BILL, [credit("B-2", Decimal("7.20")), credit("B-3", Decimal(10))])
REPLACED = amount_due(BILL, [credit("A-3", Decimal(50), "384")])
SAID_PAID = amount_due(BILL, paid=[Paid(date(2026, 11, 20))])


def printed(due: AmountDue | None, language: str = "fr", *, carrier: bool = False, is_code_void: bool = False) -> bytes:
    out = io.BytesIO()
    stream = PrintStream(out)
    overlay = Overlay(
        address=("ALICE MARTIN", "12 RUE DES LILAS", "44000 NANTES"), account="C-4711",
        account_label="Numéro de client", claim_code="7Q2KD-M4XW9", claim_url=URL, language=language, due=due,
        carrier=carrier, sender="Lumière", is_code_void=is_code_void,
    )  # fmt: skip
    add(stream, template(BRAND).prefix, template(BRAND).suffix(BILL), overlay)
    stream.close()
    return out.getvalue()


def test_a_code_that_asks_what_is_not_due_any_more_is_struck_out() -> None:
    def asked(pdf: bytes) -> list[bytes]:
        return [code for code in codes_on(picture_of(pdf)) if code.startswith(b"BCD")]

    assert len(asked(printed(None))) == len(asked(printed(LEFT))) == 1
    assert not asked(printed(CREDITED, is_code_void=True))
    struck = printed(LEFT, is_code_void=True)
    assert not asked(struck)
    assert URL.encode() in codes_on(picture_of(struck))  # the code that opens the account stays
    assert text_of(struck) == text_of(printed(LEFT))


@pytest.mark.parametrize(
    ("due", "language", "said"),
    [
        (CREDITED, "fr", "Facture annulée par l’avoir B-2 : rien à payer."),
        (CREDITED, "en", "Bill cancelled by credit note B-2: nothing to pay."),
        (CREDITED, "de", "Rechnung durch Gutschrift B-2 storniert: nichts zu zahlen."),
        (CREDITED, "nl", "Factuur geannuleerd door creditnota B-2: niets te betalen."),
        (CREDITED, "es", "Factura anulada por el abono B-2: nada que pagar."),
        (REPLACED, "fr", "Facture remplacée par la facture A-3 : ne payez pas celle-ci."),
        (LEFT, "fr", "Avoirs B-2 et B-3 déduits : il reste 50,00 € à payer."),
        (LEFT, "en", "Credit notes B-2 and B-3 deducted: €50.00 left to pay."),
        (SAID_PAID, "fr", "Vous avez indiqué avoir payé cette facture."),
    ],
)
def test_it_says_what_is_due_as_of_now(due: AmountDue, language: str, said: str) -> None:
    text = " ".join(text_of(printed(due, language), "-l", "1").split())
    first = " ".join(said.split()[:3])
    assert first in text
    assert " ".join(amount_due_notice(due, language).split()) == said


@pytest.mark.parametrize("language", ["fr", "en", "de", "nl", "es"])
@pytest.mark.parametrize("carrier", [False, True])
def test_it_stands_clear_of_window_marks_and_words(language: str, carrier: bool) -> None:
    long = amount_due(BILL, [credit(f"AVOIR-2026-11-00000000{n}") for n in range(1, 5)])
    for due in (CREDITED, LEFT, REPLACED, long):
        page = words_of(printed(due, language, carrier=carrier), 1)
        others = words_of(printed(None, language, carrier=carrier), 1)
        said = [word for word in page if word not in others]
        assert "".join(word.text for word in said) == "".join(amount_due_notice(due, language).split())
        seen = SEEN_OF_A_CARRIER if carrier else SEEN_OF_A_PAGE
        for word in said:
            assert word.bottom * 100 < seen.top or word.top * 100 > seen.bottom
            assert word.top > 3  # ascender and all; printers leave 4.2 mm
            assert word.left > 20
            assert word.right < 190
            assert not [other for other in others if overlaps(word, other)], word


def overlaps(one: object, other: object) -> bool:
    a, b = one, other
    return a.left < b.right and b.left < a.right and a.top + 0.6 < b.bottom and b.top + 0.6 < a.bottom  # type: ignore[attr-defined]


def test_the_claims_code_is_still_read() -> None:
    assert codes_on(picture_of(printed(REPLACED), 1))[0] == URL.encode()


def test_the_archived_page_is_not_touched() -> None:
    assert "annulée" not in text_of(pdf_of(BILL))
    assert "67,20" in text_of(printed(CREDITED)).replace("\xa0", " ")

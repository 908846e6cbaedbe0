"""Nothing is printed that no catalogue knows: bills and letters in a language that nobody speaks, whose words are all
x."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from gettext import NullTranslations
from typing import Any

import pytest
from msgspec.structs import replace

from bill import AmountDue, Bill, MailPieceNumber, Overlay, account_label, amount_due, spell_payment_means
from bill.payment.document_amount import DocumentAmount
from render.compiled_template import compile_template
from render.print import amount_due_notice, large_print_edition, letter_overlay
from render.print.print_stream import PrintStream
from render.print.read_letter_pages import read_pages
from tests.pseudo_locale import left_over, words_of
from tests.render.print.test_foreign_pages import own_pdf
from tests.render.printed_text import text_of_pages, texts_of
from tests.render.sample_bills import BRAND, add, bill
from tests.render.test_printed_bytes import BILLS
from words import bill_term_labels, printed_label
from words.calendar_names import month_name
from words.printed_bill_labels import bill_labels
from words.printed_languages import word_list

LISTS = (
    "units", "packages", "vat-categories", "vat-exemptions", "document-types", "identifier-schemes", "object-schemes",
    "allowance-reasons", "charge-reasons", "countries",
)  # fmt: skip
#: What has one name in all languages; and the marks of a letter, which the print house reads.
NAMES = "IBAN BIC EUR GBP"
MARKS = "lot pli feuille"
PAY_URL = "https://lumiere.example/payer"
_LETTER = re.compile(r"\{[^}]*\}|[^\W\d_]|[’-]")
#: What looks labels up once a process.
REMEMBERED: tuple[Callable[..., object], ...] = (
    bill_labels, bill_term_labels._labels, account_label, spell_payment_means, letter_overlay._letter_labels,
    amount_due_notice._due_labels,
    large_print_edition._labels, large_print_edition._page_style,
)  # fmt: skip


class Pseudo(NullTranslations):
    """Translates each letter of a label by x; blanks to be filled in stay."""

    def gettext(self, message: str) -> str:
        return _LETTER.sub(lambda found: found[0] if found[0].startswith("{") else "x", message)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget()
    monkeypatch.setattr(printed_label, "catalogue", lambda _domain, _language: Pseudo())
    yield
    forget()


def forget() -> None:
    for remembering in REMEMBERED:
        remembering.cache_clear()  # type: ignore[attr-defined]


def unsaid(text: str, *made: Bill) -> list[str]:
    """The words that are neither the pseudo-language's nor data, nor of the lists of codes."""
    known = [NAMES, PAY_URL, repr(BRAND), *(said for each in made for _, said in texts_of(each))]
    known += [words["de"] for name in LISTS for words in word_list(name).values()]
    known += [month_name(month, "de") for month in range(1, 13)]
    return [word for word in left_over(text, words_of(known)) if set(word.casefold()) != {"x"}]


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("name", BILLS)
def test_every_word_of_a_bill_is_looked_up(name: str) -> None:
    template = compile_template(replace(BRAND, language="de", pay_url=PAY_URL))
    text = " ".join(text_of_pages(template.prefix + template.suffix(BILLS[name])))
    assert unsaid(text, BILLS[name]) == []
    assert "xxx" in text


#: Two credit notes, as a notice names them.
CREDITS = tuple(DocumentAmount(number, "381", date(2026, 11, 4), "EUR", Decimal(5)) for number in ("AV-1", "AV-2"))


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("kind", ["asks", "collected", "credited", "replaced", "paid", "said_paid"])
@pytest.mark.parametrize("count", [1, 2])
def test_every_word_of_a_letter_is_looked_up(kind: Any, count: int) -> None:
    """What is laid over a bill's first page, and a carrier page."""
    due = AmountDue(kind, "EUR", left=Decimal("12.30"), credited=Decimal(5 * count), by=CREDITS[:count])
    overlay = Overlay(
        address=("ALICE LEFEVRE", "35000 RENNES"), sender=BRAND.name, account="C-42" * (count - 1),
        account_label="Kundennummer", claim_code="7Q2KD-M4XW9", copy=True, due=due, language="de",
    )  # fmt: skip
    out, template = io.BytesIO(), compile_template(replace(BRAND, language="de"))
    stream = PrintStream(out)
    add(stream, template.prefix, template.suffix(bill()), overlay)
    add(stream, b"", own_pdf(1), overlay)
    stream.close()
    text = " ".join(text_of_pages(out.getvalue()))
    data = " ".join([*overlay.address, overlay.account_label, overlay.claim_code, MARKS, "AV Eaux du Val facture page"])
    assert [word for word in unsaid(text, bill()) if word not in words_of([data])] == []
    assert text.count("x") > 200


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("type_code", ["380", "381"])
def test_every_word_of_a_large_print_edition_is_looked_up(type_code: str) -> None:
    made, brand, out = bill(3, type_code=type_code), replace(BRAND, language="de"), io.BytesIO()
    stream, own = PrintStream(out), read_pages(b"", own_pdf(1))
    edition = large_print_edition.compose_large_print(made, brand, amount_due(made))
    stream.add(b"", own.body, Overlay(address=(), language="de"), MailPieceNumber(1, 1, 1), edition)
    stream.close()
    text = " ".join(text_of_pages(out.getvalue())[1:-1])
    assert [word for word in unsaid(text, made) if word not in words_of([MARKS])] == []
    assert text.count("x") > 200

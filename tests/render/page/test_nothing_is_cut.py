"""Every text of a bill stands on its pages, however long; the slip stays with its bill; all of it can be read."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import (
    Bill,
    CreditTransfer,
    Note,
    Party,
    Payment,
    VatBreakdown,
    as_issued,
)
from ingest import open_feed
from issuers.profile import Profile
from tests.export.test_factur_x import CORPORA, MANIFEST, valid_files
from tests.golden_pages import pages
from tests.render.layout_check import findings, hard_to_read
from tests.render.printed_text import not_printed, text_of_pages
from tests.render.sample_bills import BRAND, bill, energy, pdf_of, template, text_of
from tests.render.whole_bill import KINDS_OF_TEXTS, LONG, OF_LINES, WORDS, of
from words.printed_languages import PRINTED


@pytest.mark.parametrize("made", KINDS_OF_TEXTS)
def test_nothing_of_a_bill_is_cut(made: Bill):
    pdf = pdf_of(made)
    assert not_printed(made, pdf) == []
    assert findings(pdf) == []
    assert hard_to_read(pdf) == []


def test_a_cut_text_would_be_seen():
    whole, cut = of(2, description=LONG), of(2, description=LONG[:-20])
    assert not_printed(whole, pdf_of(cut)) == [f"lines.description: {LONG!r}"]


def test_a_line_break_of_the_sender_stays():
    text = text_of(pdf_of(of(2, description="Incendie\nDégât des eaux")))
    assert any(line.split() == ["Incendie"] for line in text.splitlines())


@pytest.mark.parametrize("times", [1, 8])
def test_a_brands_legal_text_of_any_length_is_printed(times: int):
    """In the foot, or below the notes."""
    legal = f"{WORDS} " * (3 * times)
    said = text_of(pdf_of(bill(2), replace(BRAND, legal_text=legal)))
    assert " ".join(said.split()).count("communicant") == 3 * times


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")
def test_every_text_of_strangers_bills_is_printed_and_can_be_read():
    found = {}
    for row in valid_files():
        with (CORPORA / row["file"]).open("rb") as file:
            [entry] = open_feed(file, row["file"], Profile())
        made, pdf = entry.bill, pdf_of(entry.bill)
        # The customer's own account is masked; an account is not named where nobody is asked to pay to it.
        hidden = (
            ("payment.debited_iban",) if as_issued(made).is_asking else ("payment.debited_iban", "payment.transfers")
        )
        missing = [said for said in not_printed(made, pdf) if not said.startswith(hidden)]
        found[row["file"]] = missing + hard_to_read(pdf)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("name", pages())
def test_a_page_of_the_guide_can_be_read(name: str):
    page = pages()[name]()
    assert name == "own-page" or hard_to_read(page.pdf, page.number) == []


def test_a_figure_too_wide_for_its_column_stands_below_the_name():
    """Nothing is condensed until nobody can read it."""
    price, base, quantity = Decimal("2.30944245"), Decimal("2.78951212"), Decimal("123456789.123456789")
    pdf = pdf_of(of(2, net_price=price, price_base=base, quantity=quantity))
    text = " ".join(text_of(pdf).split())
    assert "Quantité : 123 456 789,123456789 kWh" in text
    assert "Prix unitaire HT : 2,30944245 / 2,78951212" in text
    assert hard_to_read(pdf) == []


def test_a_long_name_inside_a_line_stays_indented():
    """So far in as its line, and no further than its column leaves room for, however deep lines stand in lines."""
    names = [f"Dépose des tuyaux, et de leurs coudes en fonte DN {n}, évacuation comprise" for n in range(1, 41)]
    lines = [replace(energy(n, Decimal(1)), id=f"{n}", name=name) for n, name in enumerate(names, 1)]
    nested = [lines[0], *(replace(line, parent=f"{n}") for n, line in enumerate(lines[1:], 1))]
    made = bill(1, lines=tuple(nested))
    pdf = pdf_of(made)
    rows = text_of(pdf).splitlines()
    at = next(place for place, row in enumerate(rows) if row.lstrip().startswith("3, évacuation"))
    name, rest = rows[at - 1 : at + 1]
    assert len(name) - len(name.lstrip()) == len(rest) - len(rest.lstrip()) > 0
    assert findings(pdf) == not_printed(made, pdf) == []


@pytest.mark.parametrize("language", PRINTED)
@pytest.mark.parametrize(("category", "rate"), [("K", 0), ("O", None), ("AE", 0), ("B", 22), ("L", 7)])
def test_a_vat_category_in_words_leaves_room_for_its_base(language: str, category: str, rate: int | None):
    part = VatBreakdown(category=category, taxable=Decimal("123456789.01"), vat=Decimal(0), rate=rate and Decimal(rate))
    pdf = pdf_of(bill(1, vat=(part,)), replace(BRAND, language=language))
    assert findings(pdf) == hard_to_read(pdf) == []


# -- the slip ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(1, 60))
def test_the_slip_is_never_alone(count: int):
    """It stands on the page of the totals, and page one says where, and to whom."""
    said = text_of_pages(pdf_of(bill(count)))
    [slip] = [number for number, text in enumerate(said, 1) if "Payer cette facture" in text]
    assert "Total TTC" in said[slip - 1]
    if slip > 1:
        assert f"Pour payer : IBAN FR76 3000 6000 0112 3456 7890 189, page {slip}" in said[0].replace("\xa0", " ")
    else:
        assert "Pour payer" not in said[0]


def test_page_one_names_the_kind_of_account():
    giro = Payment(means_code="30", transfers=(CreditTransfer(iban="5050-1055", bic="SE:BANKGIRO"),))
    first, *_ = text_of_pages(pdf_of(bill(30, payment=giro)))
    assert "Pour payer : Bankgiro 5050-1055, page 2" in first.replace("\xa0", " ")


def test_notes_that_fill_pages_leave_the_slip_on_page_one():
    first, *others = text_of_pages(pdf_of(bill(4, notes=(Note(text=OF_LINES * 6),))))
    assert others
    assert "Payer cette facture" in first


def test_the_bill_of_energy_lines_is_as_it_was():
    """Twelve lines and a slip have one page."""
    made = bill(12, lines=tuple(energy(number, Decimal(number)) for number in range(1, 13)))
    assert len(text_of_pages(template().prefix + template().suffix(made))) == 1


def test_the_way_to_pay_on_page_one_is_no_wrong_account():
    wrong = Payment(means_code="58", transfers=(CreditTransfer(iban="FR7630006000011234567890188"),))
    first, *_ = text_of_pages(pdf_of(bill(30, payment=wrong)))
    assert "Pour payer : page 2" in first.replace("\xa0", " ")
    assert "0188" not in first


# -- once is enough ----------------------------------------------------------------------------------------------


def test_what_is_said_already_is_not_said_again():
    """A description that is the name, terms that begin with their label, a sender without a place."""
    made = of(1, name="Énergie verte", description="Énergie verte", note="Énergie verte")
    text = text_of(
        pdf_of(replace(made, terms="Conditions de paiement : 30 jours"), replace(BRAND, sender=Party(name=BRAND.name)))
    )
    assert text.count("Énergie verte") == 1
    assert text.count("Conditions de paiement") == 1
    assert text.count(BRAND.name) == text_of(pdf_of(made)).count(BRAND.name) - 1


def test_a_line_that_is_only_a_text_has_the_whole_width():
    note = "Nous vous remercions de votre confiance et facturons, comme convenu, les travaux de votre compteur."
    line = energy(1, Decimal(1))
    said = replace(line, name="", quantity=None, net_price=None, vat_rate=None, net_amount=None, period=None, note=note)
    assert any(note in row for row in text_of(pdf_of(bill(2, lines=(said, line)))).splitlines())

"""Labels of bills in their languages: French as it is typed, the others from their catalogues."""

from datetime import date

import pytest

from words.bill_term_labels import TermLabels
from words.printed_bill_labels import bill_labels
from words.printed_label import L_, labels_in, printed_label


def test_a_label_is_looked_up() -> None:
    assert printed_label(L_("À payer"), "fr") == "À payer"
    assert printed_label(L_("À payer"), "nl") == "Te betalen"


def test_a_word_that_a_language_says_in_two_ways_has_a_context() -> None:
    labels = bill_labels("de")
    assert (labels.vat_rate, labels.vat) == ("USt", "Umsatzsteuer")
    assert bill_labels("fr").vat_rate == bill_labels("fr").vat == "TVA"


def test_a_language_without_words_is_printed_in_french() -> None:
    assert printed_label(L_("À payer"), "da") == "À payer"
    assert bill_labels("da") == bill_labels("fr")


@pytest.mark.parametrize(
    ("language", "spelled"),
    [
        ("fr", "1er septembre 2026"), ("en", "1 September 2026"), ("de", "1. September 2026"),
        ("nl", "1 september 2026"), ("es", "1 de septiembre de 2026"),
    ],
)  # fmt: skip
def test_the_first_of_a_month_in_words(language: str, spelled: str) -> None:
    assert bill_labels(language).spell_day(date(2026, 9, 1)) == spelled


def test_english_figures_cannot_be_read_both_ways() -> None:
    assert bill_labels("en").figure_day(date(2026, 9, 3)) == "3 Sep 2026"
    assert bill_labels("de").figure_day(date(2026, 9, 3)) == "03.09.2026"


def test_a_class_of_labels_is_whole_in_every_language() -> None:
    assert labels_in(TermLabels, "es").seller == "Emisor"

"""Every list of printed words is whole in every language, and covers the official codes."""

import re
from typing import get_args, get_type_hints

import pytest
from babel.core import Locale

from ingest.checks.code_list_reader import (
    ALLOWANCE_REASONS,
    CHARGE_REASONS,
    CREDIT_NOTE_TYPES,
    EXEMPTION_REASONS,
    INVOICE_TYPES,
    UNITS,
    VAT_CATEGORIES,
)
from issuers.profile import BrandTable
from words.printed_languages import PRINTED, word_list, words_for

LISTS = (
    "units",
    "packages",
    "vat-categories",
    "vat-exemptions",
    "document-types",
    "identifier-schemes",
    "object-schemes",
    "allowance-reasons",
    "charge-reasons",
    "countries",
)
#: Codes of older editions, or of nobody's list, that bills have all the same.
BESIDE_UNITS = {
    "PCE", "PCS", "ST", "PK", "KG", "HAR", "ARE", "NPR", "PG", "H", "STD", "L", "M", "M2", "M3", "KM", "T", "G", "U",
    "UN",
}  # fmt: skip


def test_a_profile_may_choose_each_language() -> None:
    assert set(get_args(get_type_hints(BrandTable)["language"])) == {"seller", *PRINTED}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_words_in_all_languages_or_in_none(name: str) -> None:
    for code, words in word_list(name).items():
        assert tuple(words) == PRINTED, code
        assert all(words.values()) or not any(words.values()), f"{name}: {code} has words in some languages only"
        assert not any("  " in each for each in words.values()), code


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_set_as_its_languages_are(name: str) -> None:
    """Apostrophes are ’ and … is one sign in all of them; before high punctuation French alone has a space."""
    for words in word_list(name).values():
        assert not any(re.search(r"\w'\w|\.\.\.", each) for each in words.values()), words
        assert not re.search(r"\w[;:?!]", words["fr"]), words
        assert not any(re.search(r"\s[;:?!]", words[language]) for language in PRINTED if language != "fr"), words


#: Countries that CLDR calls otherwise than people do, or does not know (EN 16931 has them).
NAMED_BY_US = {"CD", "CG", "HK", "MM", "MO", "PS", "XI", "1A"}


@pytest.mark.parametrize("language", PRINTED)
def test_countries_are_called_as_cldr_calls_them(language: str) -> None:
    """Whoever takes a newer Babel decides here whether bills printed from now on say a country's new name."""
    territories = Locale.parse(language).territories
    names = {code: words[language] for code, words in word_list("countries").items() if code not in NAMED_BY_US}
    assert names == {code: territories[code] for code in names}


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("vat-exemptions", EXEMPTION_REASONS),
        ("vat-categories", VAT_CATEGORIES),
        ("allowance-reasons", ALLOWANCE_REASONS),
        ("document-types", INVOICE_TYPES | CREDIT_NOTE_TYPES),
    ],
)
def test_every_official_code_has_words(name: str, official: frozenset[str]) -> None:
    assert set(word_list(name)) == official


def test_every_type_of_document_has_its_own_title() -> None:
    for language in PRINTED:
        titles = [words[language] for words in word_list("document-types").values()]
        assert len(titles) == len(set(titles)), language


def test_units_and_packages_are_of_the_recommendations() -> None:
    assert set(word_list("units")) - UNITS <= BESIDE_UNITS
    assert {f"X{code}" for code in word_list("packages")} <= UNITS


def test_reasons_of_charges_are_of_the_official_list() -> None:
    assert set(word_list("charge-reasons")) <= CHARGE_REASONS


def test_a_language_without_words_gets_the_french_ones() -> None:
    assert words_for("document-types", "384", "da") == "Facture rectificative"
    assert words_for("document-types", "999", "fr") is None

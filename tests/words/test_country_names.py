"""Countries on a page have names."""

from ingest.checks.code_list_reader import COUNTRIES
from words.country_names import country_name
from words.printed_languages import PRINTED


def test_every_country_has_a_name() -> None:
    for language in PRINTED:
        assert [code for code in COUNTRIES if country_name(code, language) == code] == []


def test_it_is_in_the_words_of_the_page() -> None:
    assert [country_name("SE", language) for language in PRINTED] == ["Suède", "Sweden", "Schweden", "Zweden", "Suecia"]
    assert country_name("hk", "fr") == "Hong Kong"


def test_what_is_no_code_stays() -> None:
    assert country_name("Belgique", "nl") == "Belgique"
    assert country_name("", "nl") == ""

"""Printed words are in the language of the seller's country, where the profile names none."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import Bill, Party, PostalAddress, Totals, country_language, label_language

NOBODY = Party()


def bill(country: str, postcode: str = "", name: str = "Lumière", language: str = "", buyer: Party = NOBODY) -> Bill:
    return Bill(
        number="1", issue_date=date(2026, 11, 2), currency="EUR", totals=Totals(payable=Decimal(1)), language=language,
        seller=Party(name=name, address=PostalAddress(country=country, postcode=postcode)), buyer=buyer,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("country", "language"),
    [
        ("FR", "fr"), ("RE", "fr"), ("MC", "fr"), ("DE", "de"), ("AT", "de"), ("LI", "de"), ("NL", "nl"), ("ES", "es"),
        ("MX", "es"), ("GB", "en"), ("IE", "en"), ("US", "en"), ("SN", "fr"), ("LU", "fr"), ("", "fr"), ("fr", "fr"),
        ("IT", "en"), ("DK", "en"), ("NO", "en"),
    ],
)  # fmt: skip
def test_the_country_of_the_seller_tells(country: str, language: str) -> None:
    assert label_language(bill(country)) == language
    assert country_language(PostalAddress(country=country)) == language


@pytest.mark.parametrize(
    ("country", "postcode", "language"),
    [
        ("BE", "1348", "fr"), ("BE", "B-4000", "fr"), ("BE", "9000", "nl"), ("BE", "BE-2000", "nl"),
        ("BE", "1500", "nl"), ("BE", "4700", "de"), ("BE", "7000", "fr"), ("BE", "3000", "nl"),
        ("BE", "1000", "fr"), ("BE", "", "fr"), ("BE", "٩٠٠٠", "fr"),
        ("CH", "8001", "de"), ("CH", "1204", "fr"), ("CH", "CH-2000", "fr"), ("CH", "3011", "de"),
        ("CH", "6900", "de"), ("CA", "H2X 1Y4", "fr"), ("CA", "M5V 2T6", "en"),
    ],
)  # fmt: skip
def test_the_postcode_tells_in_a_country_of_several_languages(country: str, postcode: str, language: str) -> None:
    assert label_language(bill(country, postcode)) == language


def test_what_the_bill_says_of_itself_wins_there() -> None:
    assert label_language(bill("BE", "1000", language="nl")) == "nl"
    assert label_language(bill("BE", "9000", language="fr")) == "fr"
    assert label_language(bill("LU", language="de")) == "de"
    assert label_language(bill("BE", "9000", language="en")) == "nl"


def test_a_language_that_the_country_has_not_is_no_hint() -> None:
    assert label_language(bill("FR", language="en")) == "fr"
    assert label_language(bill("DK", language="nl")) == "nl"
    assert label_language(bill("DK", language="da")) == "en"


def test_a_language_without_words_gives_way_to_the_buyers() -> None:
    paris = Party(address=PostalAddress(country="FR", postcode="75001"))
    assert label_language(bill("DK", buyer=paris)) == "fr"
    assert label_language(bill("DK", buyer=Party(address=PostalAddress(country="SE")))) == "en"


def test_in_brussels_the_legal_form_tells_then_the_customer() -> None:
    assert label_language(bill("BE", "1000", name="Stroom N.V.")) == "nl"
    assert label_language(bill("BE", "1000", name="Courant SRL")) == "fr"
    gent = Party(address=PostalAddress(country="BE", postcode="9000"))
    assert label_language(bill("BE", "1000", name="Proximus", buyer=gent)) == "nl"


def test_the_vat_number_tells_the_country_of_a_seller_without_address() -> None:
    assert label_language(replace(bill(""), seller=Party(name="Strom", vat_id="DE123456789"))) == "de"

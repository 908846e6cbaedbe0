"""Units of what a bill counts: in the reader's language, or in the issuer's own words."""

from decimal import Decimal

import pytest
from flask import Flask

from portal.consumers.presenters.bill_page.quantity_units import unit_name

pytestmark = pytest.mark.beside_any_database

#: As profiles write units: two usual names in French, one of the issuer's own, and nothing.
OWN = {"MON": "mois", "KWH": "kWh", "DAY": "jour de location", "C62": ""}


@pytest.mark.parametrize(
    ("code", "quantity", "in_french", "in_english"),
    [
        ("MON", 1, "mois", "month"),
        ("MON", 3, "mois", "months"),
        ("KWH", 255, "kWh", "kWh"),
        ("DAY", 2, "jour de location", "jour de location"),
        ("C62", 2, "", ""),
    ],
)
def test_a_usual_name_is_in_the_readers_language(
    app: Flask, code: str, quantity: int, in_french: str, in_english: str
) -> None:
    for language, expected in (("fr", in_french), ("en", in_english)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert unit_name(code, Decimal(quantity), OWN) == expected

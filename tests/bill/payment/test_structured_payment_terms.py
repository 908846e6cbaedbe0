"""Discounts for prompt payment, as XRechnung writes them."""

from datetime import date
from decimal import Decimal

import pytest

from bill import Bill, EarlyPaymentDiscount, Totals, early_payment_discounts


def of(terms: str, payable: str = "120.00") -> list[EarlyPaymentDiscount | str]:
    totals = Totals(payable=Decimal(payable))
    return early_payment_discounts(
        Bill(number="L-1", issue_date=date(2026, 11, 2), currency="EUR", totals=totals, terms=terms)
    )


def test_a_discount_has_its_day_and_what_is_left_to_pay():
    assert of("#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=30#PROZENT=1.00#\n") == [
        EarlyPaymentDiscount(
            "discount", Decimal("2.00"), date(2026, 11, 16), Decimal("117.60"), Decimal("120.00"), Decimal("2.40")
        ),
        EarlyPaymentDiscount(
            "discount", Decimal("1.00"), date(2026, 12, 2), Decimal("118.80"), Decimal("120.00"), Decimal("1.20")
        ),
    ]


def test_it_may_be_of_a_part_and_is_rounded_half_up():
    [offer] = of("#SKONTO#TAGE=7#PROZENT=2.50#BASISBETRAG=50.20#")
    assert offer == EarlyPaymentDiscount(
        "discount", Decimal("2.50"), date(2026, 11, 9), Decimal("118.74"), Decimal("50.20"), Decimal("1.26")
    )  # less 1.255


def test_words_stay_words_wherever_they_stand():
    said = of("Zahlbar sofort. #SKONTO#TAGE=14#PROZENT=2.00# #VERZUG#TAGE=30#PROZENT=9.00# Danke.")
    assert [each if isinstance(each, str) else each.kind for each in said] == [
        "Zahlbar sofort.", "discount", "interest", "Danke.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "terms",
    ["#SKONTO#TAGE=14#PROZENT=zwei#", "#SKONTO#TAGE=14#PROZENT=200.00#", "#SKONTO#PROZENT=2.00#", "2 % Skonto"],
)
def test_what_is_no_offer_stays_as_it_was_written(terms: str):
    assert of(terms) == [terms]


def test_nothing_is_said_of_no_terms():
    assert of("") == []

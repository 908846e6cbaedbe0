"""What faults cost: letters where the bill went on paper, minutes wherever somebody has to do something."""

from decimal import Decimal

import pytest

from issuers.data_quality_costs import COSTS, Prices, cost_of, total_cost
from issuers.data_quality_rules import QUALITY_RULES
from issuers.profile import ProfileError, read_profile

OURS = Prices(Decimal(2), Decimal("0.50"))


def test_a_missing_address_costs_a_letter_for_each_bill_that_went_on_paper() -> None:
    assert cost_of("DQ-MAIL", 10, 0.6, OURS) == (6, 0, Decimal(12))
    assert cost_of("DQ-MAIL", 10, 0.0, OURS) == (0, 0, Decimal(0))


def test_a_wrong_iban_costs_somebody_s_time_however_the_bill_went() -> None:
    assert cost_of("DQ-IBAN", 3, 0.0, OURS) == (0, 30, Decimal("15.00"))


def test_what_our_envelopes_mend_costs_nothing() -> None:
    assert cost_of("DQ-NAME-CASE", 1000, 1.0, OURS).amount == 0
    assert set(COSTS) <= set(QUALITY_RULES)


def test_costs_add_up() -> None:
    assert total_cost([cost_of("DQ-MAIL", 10, 0.6, OURS), cost_of("DQ-IBAN", 3, 0, OURS)]) == (6, 30, Decimal("27.00"))
    assert total_cost([]).amount == 0


def test_an_issuer_s_own_prices_win_and_none_is_below_nothing() -> None:
    profile = read_profile("[quality]\nletter_price = 0.74\n").quality
    assert (profile.letter_price, profile.minute_price) == (Decimal("0.74"), Decimal("0.62"))
    for price in ("-1", "nan", "inf", '"sNaN"', "1000.01"):
        with pytest.raises(ProfileError, match=r"quality\.minute_price"):
            read_profile(f"[quality]\nminute_price = {price}\n")

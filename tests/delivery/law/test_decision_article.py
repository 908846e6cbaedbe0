"""The article that a delivery names, by its reason and its issuer's sector."""

import pytest

from delivery.law.decision_article import article_for
from delivery.law.sector_law import law_of

ENERGY, TELECOM, OTHERS = "C. conso. L224-12", "Arrêté du 31 décembre 2013", "CGI art. 289, VI"


@pytest.mark.parametrize(
    ("reason", "trade", "article"),
    [
        ("paper_by_right", "electricity", ENERGY),
        ("paper_by_right", "telecom", TELECOM),
        ("paper_after_withdrawal", "telecom", TELECOM),
        ("paper_after_withdrawal", "water", OTHERS),
        ("no_holder_by_email", "gas", ENERGY),
        ("email_bounced", "gas", ENERGY),
        ("address_suspended", "bank", "CMF L311-8"),
        ("announced_by_email", "gas", ENERGY),
        ("suitability_check", "gas", ENERGY),
        ("suitability_unanswered", "bank", "CMF L311-8"),
        ("paper_kept", "water", OTHERS),
        ("account_unclaimed", "other", OTHERS),
        ("paper_kept", "gas", None),  # no consent is asked for: this is our choice
        ("suitability_check", "water", None),
        ("printed_if_unread", "gas", None),
        ("shown_to_holder", "gas", None),
        ("reminder_if_unread", "gas", None),
        ("a_code_of_tomorrow", "gas", None),
    ],
)
def test_a_reason_that_law_asks_for_names_its_article(reason: str, trade: str, article: str | None) -> None:
    assert article_for(reason, law_of(trade)) == article


def test_what_announces_a_collected_bill_is_its_prenotification() -> None:
    both = article_for("announced_by_email", law_of("gas"), is_collected=True)
    assert both == f"{ENERGY} ; EPC016-06 (prélèvement SEPA)"
    alone = article_for("paper_kept", law_of("gas"), is_collected=True)
    assert alone == "EPC016-06 (prélèvement SEPA)"
    assert article_for("reminder_if_unread", law_of("gas"), is_collected=True) is None

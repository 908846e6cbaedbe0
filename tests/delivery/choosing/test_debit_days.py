"""How long before a direct debit it is announced: by law, as the issuer has it, as the very mandate agrees."""

import pytest

from consumers.mandate_wording import agreed_days_of, mandate_version
from delivery.choosing.choose_channel import debit_days
from issuers.profile import read_profile
from store.payments.debit_mandate import DebitMandate

CREDITOR = '[direct_debit]\ncreditor_id = "FR72ZZZ123456"\n'
AGREED = f"{CREDITOR}agreed_prenotification_days = 5\n"
SOONER, LATER = "[policy]\nprenotification_days = 20\n", "[policy]\nprenotification_days = 7\n"
OLD, NEW = "sepa-core-1", "sepa-core-1 5 days"


@pytest.mark.parametrize(
    ("profile", "signed", "days"),
    [
        ("", None, 14),
        (SOONER, None, 20),
        (CREDITOR, OLD, 14),
        (AGREED, None, 5),  # a mandate that the issuer had signed elsewhere
        (AGREED, NEW, 5),
        (AGREED, OLD, 14),  # signed here before anything was agreed on
        (LATER + AGREED, NEW, 7),
        (LATER + AGREED, OLD, 14),
        (CREDITOR, NEW, 5),
    ],
)
def test_each_mandate_is_kept_as_it_was_signed(profile: str, signed: str | None, days: int) -> None:
    mandate = DebitMandate(wording=signed) if signed else None
    assert debit_days(read_profile(profile), mandate) == days


@pytest.mark.parametrize("days", [None, 2, 5])
def test_a_version_names_its_days(days: int | None) -> None:
    assert agreed_days_of(mandate_version(days)) == days

"""Mobile numbers as people type them, and as they are kept."""

import pytest

from store.accounts.phone_number import NoPhoneNumber, read_phone_number, shown_number


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("06 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("0712345678", "+33712345678", "07 12 34 56 78"),
        ("612345678", "+33612345678", "06 12 34 56 78"),
        ("+33 (0)6.12.34.56.78", "+33612345678", "06 12 34 56 78"),
        ("0033612345678", "+33612345678", "06 12 34 56 78"),
        ("06\u00a012\u00a034\u201156\u201178", "+33612345678", "06 12 34 56 78"),
        ("0690 12 34 56", "+590690123456", "06 90 12 34 56"),
        ("+590 690 12 34 56", "+590690123456", "06 90 12 34 56"),
        ("0692123456", "+262692123456", "06 92 12 34 56"),
        ("0639123456", "+262639123456", "06 39 12 34 56"),
        ("+32 471 23 45 67", "+32471234567", "+32 471234567"),
        ("00491711234567", "+491711234567", "+49 1711234567"),
        ("+41791234567", "+41791234567", "+41 791234567"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, kept: str, shown: str) -> None:
    assert read_phone_number(typed) == kept
    assert shown_number(kept) == shown.replace(" ", "\u00a0")
    assert read_phone_number(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "06", "01 23 45 67 89", "+33123456789", "0812345678", "06123456789", "+1 212 555 0100", "+33 7 00",
        "+882 16 12345678", "0 6 1 2 3 4 5 6 7 x", "０６１２３４５６７８", "+", "00", "+4917112345678901",
        "+990612345678", "+3306", "+320471234567", "06 12 34 56 78\u202e1",
    ],
)  # fmt: skip
def test_what_is_no_mobile_number_of_ours(typed: str) -> None:
    with pytest.raises(NoPhoneNumber):
        read_phone_number(typed)

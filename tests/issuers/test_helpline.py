"""Where customers call: a number that costs nothing more, and hours that can be read."""

import pytest

from issuers.profile import read_profile
from issuers.profile_section import ProfileError


def profile(phone: str, hours: str = "mon-fri 9:00-18:00") -> str:
    return f'[helpline]\nphone = "{phone}"\nhours = ["{hours}"]'


@pytest.mark.parametrize(
    ("phone", "dialled", "cost"),
    [
        ("09 69 32 15 15", "+33969321515", "not_surcharged"),
        ("+33 2.61.91.10.10", "+33261911010", "not_surcharged"),
        ("0 800 12 34 56", "+33800123456", "free"),
        ("0809 40 40 40", "+33809404040", "not_surcharged"),
        ("+33 (0)9 69 32 15 15", "+33969321515", "not_surcharged"),
        ("0262 20 00 00", "+262262200000", "not_surcharged"),
        ("+33 596 60 00 00", "+596596600000", "not_surcharged"),
        ("+590 590 20 00 00", "+590590200000", "not_surcharged"),
        ("3900", "3900", ""),
        ("3117", "3117", "free"),
        ("00 32 2 123 45 67", "+3221234567", ""),
    ],
)
def test_a_number_says_what_a_call_costs(phone: str, dialled: str, cost: str) -> None:
    helpline = read_profile(profile(phone)).helpline
    assert helpline is not None
    assert (helpline.dialled, helpline.cost) == (dialled, cost)


@pytest.mark.parametrize("phone", ["0 810 12 34 56", "+33 825 123 456", "08 99 12 34 56", "", "javascript:1", "12"])
def test_a_number_that_costs_extra_or_is_none_is_refused(phone: str) -> None:
    with pytest.raises(ProfileError, match=r"helpline\.phone"):
        read_profile(profile(phone))


@pytest.mark.parametrize(
    "hours", ["9-18", "fri-mon 9:00-18:00", "mon 18:00-9:00", "mon-fri 25:00-26:00", "lun 9:00-18:00"]
)
def test_hours_that_cannot_be_read_are_refused(hours: str) -> None:
    with pytest.raises(ProfileError, match=r"helpline\.hours"):
        read_profile(profile("09 69 32 15 15", hours))

"""When the yearly question is due, and announced."""

from datetime import date

import pytest

from delivery.suitability.check_dates import a_year_after, a_year_before, next_check

SINCE = date(2025, 6, 15)


@pytest.mark.parametrize(
    ("since", "last", "today", "dates"),
    [
        (SINCE, None, date(2026, 1, 1), (date(2026, 5, 16), date(2026, 6, 15))),
        (SINCE, None, date(2026, 5, 16), (date(2026, 5, 16), date(2026, 6, 15))),
        (SINCE, date(2026, 6, 15), date(2026, 7, 1), (date(2027, 5, 16), date(2027, 6, 15))),
        (SINCE, None, date(2026, 6, 10), (date(2026, 6, 10), date(2026, 7, 10))),  # late: still thirty days to answer
        (date(2019, 3, 1), None, date(2026, 1, 1), (date(2026, 1, 1), date(2026, 1, 31))),
        (date(2026, 9, 1), date(2026, 6, 15), date(2026, 10, 1), (date(2027, 8, 2), date(2027, 9, 1))),  # paper between
    ],
)
def test_a_year_after_and_thirty_days_before(
    since: date, last: date | None, today: date, dates: tuple[date, date]
) -> None:
    assert next_check(since, last, today, 30) == dates


def test_the_29th_of_february_has_a_year() -> None:
    assert a_year_after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert a_year_after(date(2026, 3, 3)) == date(2027, 3, 3)

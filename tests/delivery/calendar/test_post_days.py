"""How long the post takes, and to where longer."""

import pytest

from delivery.calendar.post_days import destination_of, post_days, post_days_table


@pytest.mark.parametrize(
    ("postcode", "country", "destination"),
    [
        ("44000", "FR", ""), ("67000", "", ""), ("20000", "FR", "2A"), ("20 137", "FR", "2A"), ("20200", "FR", "2B"),
        ("20600", "FR", "2B"), ("97400", "FR", "974"), ("97400", "RE", "974"), ("97133", "FR", "BL"),
        ("98714", "FR", "PF"), ("98000", "MC", ""), ("1000", "BE", "EU"), ("1000", "Belgique", "EU"),
        ("10001", "US", "WORLD"), ("", "FR", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_a_letter_goes_where_its_address_says(postcode: str, country: str, destination: str) -> None:
    assert destination_of(postcode, country) == destination
    assert (post_days(destination, 4) > 4) == (destination != "")


def test_the_table_knows_every_part_of_the_country() -> None:
    from delivery.calendar.region_time_zone import _BY_REGION

    table = post_days_table()
    assert set(_BY_REGION) < set(table.further)
    assert {"2A", "2B", "EU", "WORLD"} < set(table.further)
    assert all(days > 0 for days in (*table.mainland.values(), *table.further.values()))

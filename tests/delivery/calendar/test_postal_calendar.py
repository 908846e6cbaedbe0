"""The days on which letters are printed and posted."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays.countries.france import France

from bill import PostalAddress
from delivery.calendar.french_region import region_of
from delivery.calendar.postal_calendar import Calendar, calendar_of, is_kept_by_some, is_working
from delivery.calendar.public_holidays import public_holidays
from delivery.calendar.region_time_zone import time_zone_of

CALENDAR = Calendar()


@pytest.mark.parametrize(
    "day",
    [date(2026, 7, 14), date(2026, 4, 6), date(2026, 12, 25), date(2026, 5, 14), date(2026, 5, 25), date(2026, 11, 11)],
)
def test_nobody_prints_on_a_public_holiday(day: date) -> None:
    assert not is_working(day)


#: Easter Sundays of the Gregorian calendar, centuries apart.
@pytest.mark.parametrize("sunday", [date(2026, 4, 5), date(2038, 4, 25), date(2285, 3, 22), date(9990, 4, 8)])
def test_the_eleven_are_those_of_the_law_in_any_year(sunday: date) -> None:
    year = sunday.year
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]  # C. trav. L3133-1
    after_easter = [sunday + timedelta(days=days) for days in (1, 39, 50)]
    assert public_holidays(year) == {*(date(year, *each) for each in fixed), *after_easter}


def test_good_friday_and_saturday() -> None:
    assert is_working(date(2026, 4, 3))  # a holiday in Alsace-Moselle only
    assert not is_working(date(2026, 4, 3), region_of("67000"))
    assert not is_working(date(2026, 4, 4))


@pytest.mark.parametrize(
    ("address", "day"),
    [
        (PostalAddress(postcode="57070", country="FR"), date(2028, 12, 26)),
        (PostalAddress(postcode="67 000"), date(2027, 3, 26)),
        (PostalAddress(postcode="68100", country="fr"), date(2027, 3, 26)),
        (PostalAddress(postcode="97110", country="FR"), date(2026, 5, 27)),
        (PostalAddress(postcode="97133", country="FR"), date(2026, 10, 9)),
        (PostalAddress(postcode="97150", country="FR"), date(2026, 5, 28)),
        (PostalAddress(postcode="97200", country="MQ"), date(2026, 5, 22)),
        (PostalAddress(postcode="97300", country="GF"), date(2026, 6, 10)),
        (PostalAddress(postcode="97400", country="RE"), date(2027, 12, 20)),
        (PostalAddress(postcode="97600", country="FR"), date(2026, 4, 27)),
        (PostalAddress(postcode="98800", country="NC"), date(2026, 9, 24)),
        (PostalAddress(postcode="98714", country="FR"), date(2026, 11, 20)),
        (PostalAddress(postcode="98600", country="WF"), date(2026, 7, 29)),
        (PostalAddress(postcode="F-97600", country="FR"), date(2026, 4, 27)),
        (PostalAddress(city="97600 Mamoudzou", country="France"), date(2026, 4, 27)),
        (PostalAddress(postcode="97400", country="La Réunion"), date(2027, 12, 20)),
    ],
)
def test_a_region_keeps_its_own_days_beside_those_of_all_france(address: PostalAddress, day: date) -> None:
    region = region_of(address.french_postcode, address.country)
    assert is_working(day), "a working day elsewhere"
    assert not is_working(day, region)
    assert public_holidays(day.year) < public_holidays(day.year, region)


@pytest.mark.parametrize(
    ("postcode", "country"),
    [("44000", "FR"), ("75001", ""), ("", "FR"), ("20000", "FR"), ("67000", "DE"), ("97400", "XX"), ("Metz", "FR")],
)
def test_elsewhere_the_days_of_all_france_are_kept(postcode: str, country: str) -> None:
    assert region_of(postcode, country) == ""


def test_every_region_is_one_that_the_library_knows() -> None:
    from delivery.calendar import french_region

    known = set(France.subdivisions)
    assert {*french_region._BY_POSTCODE.values(), *french_region._BY_COUNTRY.values()} <= known
    school_zones = {each for each in known if each.startswith("Zone")}
    assert known - school_zones <= {*french_region._BY_POSTCODE.values(), *french_region._BY_COUNTRY.values()}


def test_working_days_pass_over_easter_and_christmas() -> None:
    assert CALENDAR.days_after(date(2026, 4, 2), 2) == date(2026, 4, 7)
    assert CALENDAR.days_before(date(2026, 4, 7), 2) == date(2026, 4, 2)
    assert CALENDAR.days_after(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert CALENDAR.days_before(date(2027, 1, 1), 0) == date(2026, 12, 31)


def test_a_print_house_in_strasbourg_is_closed_on_good_friday() -> None:
    strasbourg = calendar_of("Europe/Paris", "67000")
    assert strasbourg.days_after(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert CALENDAR.days_after(date(2026, 4, 2), 1) == date(2026, 4, 3)
    morning = datetime(2026, 4, 3, 7, 0, tzinfo=UTC)
    assert CALENDAR.next_cut_off(morning) == CALENDAR.cut_off_of(date(2026, 4, 3))
    assert strasbourg.next_cut_off(morning) == strasbourg.cut_off_of(date(2026, 4, 7))


def test_the_cut_off_is_half_past_five_in_summer_and_in_winter() -> None:
    assert CALENDAR.cut_off_of(date(2026, 7, 15)) == datetime(2026, 7, 15, 15, 30, tzinfo=UTC)
    assert CALENDAR.cut_off_of(date(2026, 1, 15)) == datetime(2026, 1, 15, 16, 30, tzinfo=UTC)


def test_after_the_cut_off_comes_the_next_working_day() -> None:
    before = datetime(2026, 7, 13, 15, 29, tzinfo=UTC)
    assert CALENDAR.next_cut_off(before) == CALENDAR.cut_off_of(date(2026, 7, 13))
    after = datetime(2026, 7, 13, 15, 30, tzinfo=UTC)
    assert CALENDAR.next_cut_off(after) == CALENDAR.cut_off_of(date(2026, 7, 15))


def test_the_day_is_the_local_one() -> None:
    assert CALENDAR.day_of(datetime(2026, 7, 13, 22, 30, tzinfo=UTC)) == date(2026, 7, 14)


# -- working days of a place, by what its people keep


@pytest.mark.parametrize(
    ("postcode", "since", "count", "until"),
    [
        ("44000", date(2026, 12, 24), 2, date(2026, 12, 29)),  # Nantes: Christmas alone
        ("67000", date(2025, 12, 24), 1, date(2025, 12, 29)),  # Strasbourg: 26 December 2025 is a Friday
        ("44000", date(2025, 12, 24), 1, date(2025, 12, 26)),
        ("67000", date(2027, 12, 24), 1, date(2027, 12, 27)),  # both on a week-end: nothing is made up for
        ("57000", date(2028, 12, 22), 1, date(2028, 12, 27)),  # Metz: Monday and Tuesday
        ("44000", date(2027, 10, 29), 1, date(2027, 11, 2)),  # 1 November, a Monday
        ("44000", date(2026, 4, 2), 2, date(2026, 4, 7)),  # Easter
        ("67000", date(2026, 4, 2), 1, date(2026, 4, 7)),
        ("75001", date(2027, 5, 7), 1, date(2027, 5, 10)),  # 10 May is remembered, and worked
        ("97200", date(2027, 5, 7), 1, date(2027, 5, 10)),
        ("97400", date(2027, 12, 17), 1, date(2027, 12, 21)),  # La Réunion: 20 December, a Monday
        ("44000", date(2027, 12, 17), 1, date(2027, 12, 20)),
        ("97600", date(2026, 4, 24), 1, date(2026, 4, 28)),  # Mayotte: 27 April, a Monday
    ],
)
def test_working_days_are_those_of_the_postcode(postcode: str, since: date, count: int, until: date) -> None:
    region = region_of(postcode)
    assert CALENDAR.days_after(since, count, region) == until
    assert CALENDAR.at_reader("", region).days_after(since, count) == until


@pytest.mark.parametrize("postcode", ["57000", "67000", "68000"])
def test_good_friday_may_be_worked_in_the_commune_next_to_it(postcode: str) -> None:
    """A letter leaves as if nobody brought the post; what a person is owed is not put off for it."""
    region, friday = region_of(postcode), date(2026, 4, 3)
    assert is_kept_by_some(friday, region)
    assert CALENDAR.days_after(date(2026, 4, 2), 1, region) == date(2026, 4, 7)
    assert CALENDAR.last_day_of_right(date(2026, 4, 2), 1, region) == friday
    assert [day for day in public_holidays(2026, region) if is_kept_by_some(day, region)] == [friday]
    assert not is_kept_by_some(friday, region_of("98714")), "all of French Polynesia keeps it"


@pytest.mark.parametrize(
    ("postcode", "customs"),
    [
        ("97110", [date(2026, 3, 12), date(2026, 4, 3), date(2026, 7, 21)]),
        ("97133", []),
        ("97150", [date(2026, 7, 21)]),
        ("97200", [date(2026, 7, 21)]),
        ("97300", []),
        ("97400", []),
        ("97600", []),
    ],
)
def test_what_is_custom_overseas_puts_off_no_right(postcode: str, customs: list[date]) -> None:
    region = region_of(postcode)
    assert sorted(day for day in public_holidays(2026, region) if is_kept_by_some(day, region)) == customs
    for day in customs:
        assert not is_working(day, region)
        assert CALENDAR.last_day_of_right(day - timedelta(days=1), 1, region) == day


def test_ten_working_days_over_christmas_in_strasbourg_and_elsewhere() -> None:
    asked = date(2025, 12, 18)
    assert CALENDAR.last_day_of_right(asked, 10) == date(2026, 1, 5)
    assert CALENDAR.last_day_of_right(asked, 10, region_of("67000")) == date(2026, 1, 6)
    assert CALENDAR.last_day_of_right(asked, 0) == asked
    for days in range(400):  # elsewhere, the two ways of counting agree
        day = date(2026, 1, 1) + timedelta(days=days)
        assert CALENDAR.last_day_of_right(day, 3) == CALENDAR.days_after(day, 3 if is_working(day) else 2)


# -- hours


@pytest.mark.parametrize(
    ("postcode", "country", "utc"),
    [
        ("44000", "FR", 8), ("20000", "FR", 8), ("97400", "FR", 5), ("97200", "", 13), ("97110", "FR", 13),
        ("97300", "FR", 12), ("97600", "FR", 6), ("97133", "FR", 13), ("97150", "FR", 13), ("97500", "FR", 12),
        ("98600", "FR", -3), ("98714", "FR", 19), ("98800", "NC", -2), ("97400", "RE", 5),
    ],
)  # fmt: skip
def test_nine_is_nine_where_the_reader_lives(postcode: str, country: str, utc: int) -> None:
    reader = CALENDAR.at_reader(time_zone_of(postcode, country), region_of(postcode, country))
    day = date(2026, 1, 15)
    assert reader.at(day, time(9)) == datetime(2026, 1, 15, tzinfo=UTC) + timedelta(hours=utc)


def test_the_marquesas_and_gambier_have_hours_of_their_own() -> None:
    day = date(2026, 1, 15)
    assert CALENDAR.at_reader(time_zone_of("98742"), "PF").at(day, time(9)) == datetime(2026, 1, 15, 18, 30, tzinfo=UTC)
    assert CALENDAR.at_reader(time_zone_of("98755"), "PF").at(day, time(9)) == datetime(2026, 1, 15, 18, tzinfo=UTC)
    assert time_zone_of("98753") == "Pacific/Tahiti"


def test_every_region_has_its_time_zone() -> None:
    from delivery.calendar import french_region, region_time_zone

    regions = {*french_region._BY_POSTCODE.values()} - french_region.ALSACE_MOSELLE
    assert set(region_time_zone._BY_REGION) == regions
    assert all(
        ZoneInfo(zone) for zone in (*region_time_zone._BY_REGION.values(), *region_time_zone._BY_POSTCODE.values())
    )


def test_half_past_two_that_never_comes_is_the_moment_the_clocks_go_forward() -> None:
    assert CALENDAR.at(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert CALENDAR.at(date(2026, 3, 29), time(3, 0)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert CALENDAR.at(date(2026, 3, 29), time(1, 59)) == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)


def test_half_past_two_that_comes_twice_is_its_first_coming() -> None:
    assert CALENDAR.at(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert CALENDAR.at(date(2026, 10, 25), time(3, 0)) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


def test_saint_pierre_changes_its_clocks_on_other_nights() -> None:
    there = CALENDAR.at_reader(time_zone_of("97500"), "PM")
    assert there.at(date(2026, 3, 8), time(2, 30)) == datetime(2026, 3, 8, 5, 0, tzinfo=UTC)
    assert there.at(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 4, 30, tzinfo=UTC)

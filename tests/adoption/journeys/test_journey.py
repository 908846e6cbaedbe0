"""How far an account has come, from days alone."""

from datetime import date

from adoption.day_spans import NEVER, Day
from adoption.journeys.cohort import cohorts_of, look_bits
from adoption.journeys.funnel import funnel_of
from adoption.journeys.journey import (
    BILLED,
    ENROLLED,
    READING,
    JourneyPast,
    PresentedBill,
    StartedClaim,
    bit,
    journey_of,
)
from store.facts.account_journey import STEPS, CameThisFar, Stood


def day(month: int, of_month: int = 10, year: int = 2026) -> Day:
    return date(year, month, of_month).toordinal()


#: When all accounts are old enough to be looked at.
LATER = date(2028, 1, 1)


def step_of(past: JourneyPast) -> str:
    journey = journey_of(past, LATER)
    return "" if journey is None else STEPS[journey.step]


def test_each_step_is_the_furthest_that_was_reached() -> None:
    alice = JourneyPast(1)
    assert step_of(alice) == ""
    alice = alice._replace(invited=[day(2), day(1)])
    assert step_of(alice) == "invited"
    assert step_of(alice._replace(opened=[day(2, 20)])) == "opened"
    typed = alice._replace(started=[StartedClaim(day(2), "sign_up"), StartedClaim(day(3), "wrong_code")])
    journey = journey_of(typed, LATER)
    assert journey is not None
    assert (STEPS[journey.step], journey.snag, journey.began) == ("started", "wrong_code", date(2026, 1, 1))
    held = typed._replace(held=[(day(3, 12), NEVER)])
    claimed = journey_of(held, LATER)
    assert claimed is not None
    assert (STEPS[claimed.step], claimed.snag, claimed.claimed) == ("claimed", "", date(2026, 3, 1))
    assert step_of(held._replace(paperless=[(day(3, 12), NEVER)])) == "claimed", "no digital bill has come yet"
    reads = held._replace(bills=[PresentedBill(day(4), True)])
    assert step_of(reads) == "digital_bill"
    assert step_of(reads._replace(paperless=[(day(3, 12), day(6))])) == "paperless", "back on paper after 90 days"


def test_who_stays_counts_from_the_month_after_the_ninetieth_day() -> None:
    back = (day(1), day(2))
    past = JourneyPast(1, held=[(day(1), NEVER)], paperless=[back, (day(3, 20), NEVER)], bills=[PresentedBill(1, True)])
    journey = journey_of(past, LATER)
    assert journey is not None
    assert (STEPS[journey.step], journey.settled) == ("stayed", date(2026, 7, 1)), "20 March and ninety days: 18 June"
    counts = [CameThisFar(*journey[:5], 4)]
    before, after = funnel_of(counts, date(2026, 6, 30)), funnel_of(counts, date(2026, 7, 1))
    assert [(each.reached, each.stopped) for each in before.steps[-2:]] == [(4, 4), (0, 0)]
    assert (before.waiting, after.waiting) == (4, 0)
    assert [each.reached for each in after.steps] == [4] * 7


def test_a_cohort_is_looked_at_when_all_of_it_is_that_old() -> None:
    """A quarterly bill of February is still the last one in May, and was read; from June on another was not."""
    past = JourneyPast(
        1, held=[(day(1, 31), day(12))], paperless=[(day(2), day(5))],
        bills=[PresentedBill(day(2, 5), True), PresentedBill(day(5, 5), False), PresentedBill(day(1, 5), False)],
    )  # fmt: skip
    journey = journey_of(past, LATER)
    assert journey is not None
    assert journey.claimed is not None
    stands = {
        look: [bool(journey.held & look_bits(look, age)[0]) for age in (1, 3, 6, 12)]
        for look in ("enrolled", "paperless", "reading")
    }
    assert stands == {
        "enrolled": [True, True, True, False],
        "paperless": [True, True, False, False],
        "reading": [True, True, False, False],
    }
    [cohort] = cohorts_of(
        [Stood(1, journey.claimed, journey.held, 3), Stood(1, journey.claimed, 0, 1)], date(2026, 5, 1)
    )
    assert cohort.number == 4
    assert {age for _, age in cohort.stood} == {1, 3}
    assert cohort.stood["reading", 1] == (3, 3), "an account without a bill is neither a reader nor none"
    assert cohort.stood["enrolled", 3] == (3, 4)
    [younger] = cohorts_of([Stood(1, journey.claimed, 0, 1)], date(2026, 4, 30))
    assert {age for _, age in younger.stood} == {1}, "31 January and three months is the end of April"


def test_an_account_is_looked_at_on_the_day_that_it_is_so_old() -> None:
    """What comes in between changes nothing before."""
    past = JourneyPast(1, held=[(day(1, 31), NEVER)], bills=[PresentedBill(day(2, 5), True)])
    looks = {date(2026, 2, 27): (day(1, 31), day(2, 28)), date(2026, 2, 28): (day(2, 28), day(4, 30)),
             date(2026, 7, 31): (day(7, 31), day(1, 31, 2027)), LATER: (day(1, 31, 2027), NEVER)}  # fmt: skip
    for until, expected in looks.items():
        journey = journey_of(past, until)
        assert journey is not None
        assert (journey.looked_on.toordinal(), journey.next_on.toordinal()) == expected
    young, older = (journey_of(past, until) for until in (date(2026, 2, 27), date(2026, 2, 28)))
    assert young is not None
    assert older is not None
    assert (young.held, older.held) == (0, bit(1, ENROLLED) | bit(1, BILLED) | bit(1, READING))
    assert journey_of(past._replace(bills=[*past.bills, PresentedBill(day(3, 5), False)]), date(2026, 4, 29)) == older

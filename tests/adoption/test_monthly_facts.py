"""Facts: three neighbours over three months, counted by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from adoption.adoption_curves import MonthFigures, adoption_curves, as_json, together
from adoption.calendar_months import earlier, later
from adoption.monthly_facts import measure
from consumers.leave_account import leave_account
from consumers.paperless_consent import back_to_paper, go_paperless
from store import Store
from store.bills.bill import BillRow
from store.delivery import record_receipt
from tests.adoption.sample_accounts import World, moment

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)


class Neighbours:
    """Alice claims in January and goes paperless in February; Bob claims in February and leaves in March; Charlie
    never comes. Each has a bill on the 10th of every month."""

    def __init__(self, store: Store, session: Session) -> None:
        self.store = store
        self.session = session
        self.world = World(session)
        self.issuer = self.world.issuer("lumiere")
        self.alice, self.bob = self.world.consumer("Alice"), self.world.consumer("Bob")
        self.alices, self.bobs, self.charlies = (self.world.account(self.issuer, number) for number in "123")
        self.world.holds(self.alice, self.alices, date(2026, 1, 20))
        self.world.holds(self.bob, self.bobs, date(2026, 2, 20))
        go_paperless(session, self.alices, self.alice, moment(date(2026, 2, 1)))
        leave_account(session, self.bobs, self.bob, moment(date(2026, 3, 15)))
        for account in (self.alices, self.bobs, self.charlies):
            self.printed(account, date(2026, 1, 10))
        self.read = self.presented(date(2026, 2, 10), seen_after=timedelta(days=7))
        self.forgotten = self.presented(date(2026, 3, 10), seen_after=timedelta(days=8))
        for account in (self.bobs, self.charlies):
            self.printed(account, date(2026, 2, 10))
            self.printed(account, date(2026, 3, 10))

    def printed(self, account: object, day: date) -> None:
        bill = self.world.bill(account, day)  # type: ignore[arg-type]
        self.world.delivery(bill, "paper", "print", moment(day + timedelta(days=2)), batch_id=self.world.batch(day).id)

    def presented(self, day: date, seen_after: timedelta) -> BillRow:
        at = moment(day)
        bill = self.world.bill(self.alices, day, channel="portal", viewed_at=at + seen_after)
        self.world.delivery(bill, "portal", "present", at, state="delivered", person=self.alice)
        self.world.delivery(bill, "email", "notify", at, person=self.alice)
        return bill

    def points(self, now: datetime = NOW) -> dict[date, MonthFigures]:
        """Lumière's points by month, as measured now."""
        self.session.commit()
        measure(self.store, now)
        points = {point.month: point for point in adoption_curves(self.session, [self.issuer.id])}
        self.session.commit()
        return points


@pytest.fixture
def neighbours(store: Store) -> Iterator[Neighbours]:
    with Session(store.engine, expire_on_commit=False) as session:
        yield Neighbours(store, session)


def test_the_months_as_counted_by_hand(neighbours: Neighbours) -> None:
    assert list(neighbours.points().values()) == [
        MonthFigures(issuer="lumiere", month=JANUARY, accounts=3, enrolled=1, bills=3, letters=3),
        MonthFigures(
            issuer="lumiere", month=FEBRUARY, accounts=3, enrolled=2, paperless=1, bills=3, presented=1, read7=1,
            letters=2, letters_saved=1,
        ),
        MonthFigures(
            issuer="lumiere", month=MARCH, accounts=3, enrolled=1, paperless=1, bills=3, presented=1, read7=0,
            letters=2, letters_saved=1,
        ),
    ]  # fmt: skip


def test_measuring_twice_says_the_same(neighbours: Neighbours) -> None:
    once = neighbours.points()
    assert neighbours.points() == once


def test_a_bill_unread_in_time_is_a_fallback_and_no_letter_is_saved(neighbours: Neighbours) -> None:
    neighbours.world.delivery(neighbours.forgotten, "paper", "print", moment(date(2026, 3, 25)))
    march = neighbours.points()[MARCH]
    assert (march.letters, march.fallbacks, march.letters_saved) == (3, 1, 0)


def test_a_letter_owed_is_not_saved_and_a_cancelled_one_is(neighbours: Neighbours) -> None:
    owed = neighbours.world.delivery(neighbours.forgotten, "paper", "print", None, state="waiting")
    assert neighbours.points()[MARCH].letters_saved == 0
    owed.state = "cancelled"
    neighbours.session.flush()
    assert neighbours.points()[MARCH].letters_saved == 1


def test_a_notice_that_came_back_is_counted_once(neighbours: Neighbours) -> None:
    notice = neighbours.world.delivery(neighbours.read, "email", "remind-1", moment(date(2026, 2, 15)))
    assert record_receipt(neighbours.session, notice.id, "bounced", moment(date(2026, 2, 15)))
    assert neighbours.points()[FEBRUARY].bounced == 1


def test_a_change_of_mind_changes_nothing_in_hindsight(neighbours: Neighbours) -> None:
    back_to_paper(neighbours.session, neighbours.alices, neighbours.alice, moment(date(2026, 3, 20)))
    points = neighbours.points()
    assert [points[month].paperless for month in (JANUARY, FEBRUARY, MARCH)] == [0, 1, 0]


def test_a_month_ends_at_midnight_in_paris(neighbours: Neighbours) -> None:
    """The 31st of January, 23:30 in London, is February in Paris."""
    late = neighbours.world.account(neighbours.issuer, "4")
    neighbours.world.bill(late, date(2026, 1, 10))
    neighbours.world.holds(neighbours.bob, late, date(2026, 1, 31))
    points = neighbours.points()
    assert points[JANUARY].enrolled == 2
    enrolment_at_night = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    leave_account(neighbours.session, late, neighbours.bob, enrolment_at_night)
    points = neighbours.points()
    assert (points[JANUARY].enrolled, points[FEBRUARY].enrolled) == (2, 2)


def test_a_feed_that_is_not_released_counts_for_nothing(neighbours: Neighbours) -> None:
    reading = neighbours.world.feed(neighbours.issuer, NOW, state="reading")
    neighbours.world.bill(neighbours.alices, date(2026, 3, 12), feed=reading)
    neighbours.world.bill(neighbours.alices, date(2026, 3, 12), state="recalled")
    assert neighbours.points()[MARCH].bills == 3


def test_an_account_without_bills_for_thirteen_months_is_closed(neighbours: Neighbours) -> None:
    assert neighbours.points(datetime(2027, 3, 2, tzinfo=UTC))[date(2027, 3, 1)].accounts == 3
    assert date(2027, 4, 1) not in neighbours.points(datetime(2027, 4, 2, tzinfo=UTC))


def test_a_late_feed_changes_months_that_have_ended(neighbours: Neighbours) -> None:
    december = datetime(2026, 12, 20, tzinfo=UTC)
    before = neighbours.points(december)
    late = neighbours.world.feed(neighbours.issuer, december, released_at=december)
    neighbours.world.bill(neighbours.charlies, date(2026, 1, 26), feed=late)
    assert neighbours.points(december)[JANUARY].bills == before[JANUARY].bills + 1


def test_rates_and_all_issuers_together(neighbours: Neighbours) -> None:
    eaux = neighbours.world.issuer("eaux")
    neighbours.printed(neighbours.world.account(eaux, "1"), date(2026, 2, 10))
    neighbours.points()
    points = adoption_curves(neighbours.session)
    assert [point.issuer for point in points] == ["eaux"] * 2 + ["lumiere"] * 3
    february = together(points)[1]
    assert (february.month, february.accounts, february.paperless) == (FEBRUARY, 4, 1)
    assert february.paperless_rate == 0.25
    assert [point.issuer for point in adoption_curves(neighbours.session, [eaux.id])] == ["eaux"] * 2
    january = as_json(points[2])
    assert january["month"] == "2026-01"
    assert (january["paperless_rate"], january["enrolled_rate"], january["read7_rate"]) == (0.0, 0.3333, None)


def test_months_go_back_and_forth_over_the_year() -> None:
    assert (later(date(2025, 12, 1)), earlier(date(2026, 1, 1))) == (date(2026, 1, 1), date(2025, 12, 1))
    assert earlier(date(2026, 3, 1), 15) == date(2024, 12, 1)

"""A return to paper: bills that nobody has seen leave at once, the day by which paper comes again is kept."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

import delivery
from audit.paper_again_check import paper_refused
from bill import PostalAddress
from consumers.paperless_consent import go_paperless
from delivery.calendar.french_region import region_of
from delivery.calendar.postal_calendar import Calendar
from delivery.calendar.region_time_zone import time_zone_of
from delivery.channels.email.smtp.dev_inbox import list_mails
from delivery.feedback.views_bounces_returns import bill_looked_at
from delivery.feedback.what_counts_as_seen import Look
from delivery.follow_customer_statements import follow_paper_rights
from delivery.paper_again_deadline import paper_again_by
from delivery.return_to_paper import return_to_paper
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.withdrawal import withdrawals_of
from store.bills.bill import BillRow
from store.feeds.feed import Feed
from store.job import Job
from tests.delivery.sample_bills import PUBLIC_URL, World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 2), date(2026, 4, 30)
CALENDAR = Calendar()


@pytest.mark.parametrize(
    ("asked", "postcode", "by"),
    [
        (datetime(2026, 3, 3, 9, tzinfo=UTC), "44000", date(2026, 3, 17)),
        (datetime(2026, 3, 7, 9, tzinfo=UTC), "44000", date(2026, 3, 20)),  # a Saturday
        (datetime(2026, 12, 21, 9, tzinfo=UTC), "44000", date(2027, 1, 6)),  # across Christmas and New Year
        (datetime(2026, 12, 21, 9, tzinfo=UTC), "67000", date(2027, 1, 6)),  # St Stephen's is a Saturday
        (datetime(2025, 12, 22, 9, tzinfo=UTC), "44000", date(2026, 1, 7)),
        (datetime(2025, 12, 22, 9, tzinfo=UTC), "67000", date(2026, 1, 8)),  # St Stephen's, a Friday, in Alsace
        (datetime(2026, 3, 27, 9, tzinfo=UTC), "44000", date(2026, 4, 13)),  # Easter Monday
        (datetime(2026, 3, 27, 9, tzinfo=UTC), "57000", date(2026, 4, 13)),  # Good Friday, in some of Moselle
        (datetime(2026, 7, 10, 9, tzinfo=UTC), "97110", date(2026, 7, 27)),  # the 21st is a custom; the 14th is not
        (datetime(2026, 5, 15, 9, tzinfo=UTC), "97200", date(2026, 6, 2)),  # Whit Monday, and on the 22nd Abolition
        (datetime(2026, 5, 15, 9, tzinfo=UTC), "44000", date(2026, 6, 1)),
        (datetime(2026, 3, 3, 23, 30, tzinfo=UTC), "44000", date(2026, 3, 18)),  # the 4th already, in Paris
        (datetime(2026, 3, 3, 23, 30, tzinfo=UTC), "97200", date(2026, 3, 17)),  # still the 3rd in Martinique
        (datetime(2026, 3, 3, 21, 30, tzinfo=UTC), "97400", date(2026, 3, 18)),  # the 4th already in La Réunion
    ],
)
def test_the_ten_working_days_are_those_of_the_postcode(asked: datetime, postcode: str, by: date) -> None:
    assert paper_again_by(asked, 10, CALENDAR.at_reader(time_zone_of(postcode), region_of(postcode))) == by


def test_the_print_house_has_other_holidays_than_the_customer() -> None:
    asked = datetime(2025, 12, 22, 9, tzinfo=UTC)
    in_alsace = Calendar(region=region_of("67000"))
    assert paper_again_by(asked, 10, in_alsace.at_reader("", "")) == date(2026, 1, 7)
    assert paper_again_by(asked, 0, in_alsace.at_reader("", "")) == date(2025, 12, 22)


class Story:
    """Alice does without paper since Monday; one bill waits for her, one she has seen."""

    def __init__(self, world: World, trade: str = "telecom", postcode: str = "44000") -> None:
        world.profile(f'trade = "{trade}"')
        self.world, self.alice = world, world.consumer("Alice")
        address = PostalAddress(line1="1 rue du Port", postcode=postcode, city="Ici", country="FR")
        self.account = world.account(self.alice, address=address)
        with world.store.writing() as session:
            account = session.get_one(CustomerAccount, self.account)
            go_paperless(session, account, session.get_one(Consumer, self.alice), TUESDAY - timedelta(days=1))
        self.unread, self.read = world.bill(self.account, ISSUED, DUE), world.bill(self.account, ISSUED, DUE)
        world.choose(TUESDAY)
        world.view(self.read, self.alice, TUESDAY)

    def withdraw(self, now: datetime) -> date | None:
        with self.world.store.writing() as session:
            account, alice = session.get_one(CustomerAccount, self.account), session.get_one(Consumer, self.alice)
            return return_to_paper(session, account, alice, now)


def test_what_nobody_has_seen_is_posted_at_once_by_right(world: World) -> None:
    story = Story(world)
    assert story.withdraw(TUESDAY + timedelta(hours=1)) == date(2026, 3, 17)
    letter = world.owed(story.unread)["print", None]
    assert (letter.state, letter.reason_code) == ("ready", "paper_after_withdrawal")
    assert letter.article == "Arrêté du 31 décembre 2013"
    assert world.owed(story.unread)["remind-1", story.alice].state == "cancelled"
    assert world.owed(story.unread)["notify", story.alice].state == "ready"  # she is still told that it has come
    assert world.owed(story.read)["print", None].state == "cancelled"
    assert story.withdraw(TUESDAY + timedelta(hours=2)) is None


@pytest.mark.parametrize("is_right", [False, True])
def test_who_looks_meanwhile_has_the_letter_all_the_same(world: World, is_right: bool) -> None:
    """She opens the bill by the link of the e-mail that still came: the letter that she asked for leaves."""
    story, asked = Story(world), TUESDAY + timedelta(hours=1)
    if is_right:
        with world.store.writing() as session:
            assert follow_paper_rights(session, [story.account], asked)
    else:
        story.withdraw(asked)
    with world.store.writing() as session:
        look = Look("one_bill_link", story.alice, 1)
        assert bill_looked_at(session, session.get_one(BillRow, story.unread), look, asked + timedelta(hours=1))
    assert world.row(story.unread).viewed_at is not None
    assert world.owed(story.unread)["print", None].state == "ready"


def test_the_promise_is_confirmed_by_mail(world: World, post: delivery.SmtpClient, inbox: Path) -> None:
    story = Story(world)
    story.withdraw(TUESDAY)
    with world.store.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "paper_again")).one()
    delivery.run_mail_job(world.store, job, post, PUBLIC_URL, TUESDAY)
    [mail] = list_mails(inbox)
    text = mail.text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "au plus tard le 17 mars 2026" in text
    assert "Arrêté du 31 décembre 2013" in text


def test_when_an_account_went_back_is_known_until_it_does_without_paper_again(world: World) -> None:
    story = Story(world)
    story.withdraw(TUESDAY)
    with world.store.writing() as session:
        assert withdrawals_of(session, [story.account]) == {story.account: TUESDAY}
        account, alice = session.get_one(CustomerAccount, story.account), session.get_one(Consumer, story.alice)
        go_paperless(session, account, alice, TUESDAY + timedelta(days=2))
        assert withdrawals_of(session, [story.account]) == {}


@pytest.mark.parametrize(("released", "is_late"), [(date(2026, 3, 17), False), (date(2026, 3, 18), True)])
def test_a_bill_without_paper_after_the_promised_day_is_told(world: World, released: date, is_late: bool) -> None:
    story = Story(world)
    story.withdraw(TUESDAY)
    later = world.bill(story.account, released, DUE)
    at = datetime(released.year, released.month, released.day, 9, tzinfo=UTC)
    with world.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == later).values(state="chosen", channel="portal"))
        session.execute(update(Feed).values(released_at=at))
        session.execute(update(BillRow).where(BillRow.id != later).values(channel="paper"))
    with world.store.reading() as session:
        found = paper_refused(session, CALENDAR)
    assert [row[0] for row in found] == ([later] if is_late else [])


def test_later_bills_go_on_paper_because_she_withdrew(world: World) -> None:
    story = Story(world)
    story.withdraw(TUESDAY)
    later, bobs = (
        world.bill(story.account, ISSUED, DUE),
        world.bill(world.account(world.consumer("Bob")), ISSUED, DUE),
    )
    world.choose(TUESDAY + timedelta(hours=2))
    letter, other = world.owed(later)["print", None], world.owed(bobs)["print", None]
    assert (letter.state, letter.reason_code, letter.article) == (
        "ready", "paper_after_withdrawal", "Arrêté du 31 décembre 2013",
    )  # fmt: skip
    assert other.reason_code == "paper_kept"

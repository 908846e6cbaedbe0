"""Runs the demo simulation day by day: issuers drop feeds, the pipeline works, post arrives, people and operator act.

It uses the public entrances only: the issuers' drop and API, the portal's pages, the print house's outbox. What is held
on the last day stays held, for visitors to decide.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from config import Config
from consumers.claim_code import letter_code
from demo.billing.bank_notices import bank_notices_until
from demo.billing.billing_calendar import billings
from demo.billing.customer_files import customer_files_until
from demo.billing.feed_calendar import feeds_until
from demo.billing.feed_file import FeedFile
from demo.demo_credentials import MEMBER, MEMBER_OF, OPERATOR, PASSWORD
from demo.issuer import ELECTRICITY, ISSUERS
from demo.month_arithmetic import later, month_of
from demo.people.browser_client import Browser, PageError
from demo.people.contract import Contract, contracts
from demo.people.mailbox import Mailbox
from demo.people.person import Habit, Person
from demo.people.population import people
from demo.people.simulated_adoption_plans import SimulatedAdoptionPlans
from demo.people.simulated_campaigns import SimulatedCampaigns
from demo.people.simulated_consumer import ContractProgress, SimulatedConsumer
from demo.people.simulated_enquiries import SimulatedEnquiries
from demo.people.simulated_operator import SimulatedOperator
from demo.people.simulated_payment_plans import SimulatedPaymentPlans
from demo.people.simulated_print_house import SimulatedPrintHouse
from doors.feed_drop import drop_feed
from issuers.profile import read_logo
from issuers.registry import add_issuer
from portal.app import make_app
from staff.invitations import add_member, add_operator
from store import Store
from store.accounts.consumer import consumer_by_email
from store.accounts.one_time_email_link import confirmation_link, invitation_link
from store.delivery import Delivery
from store.issuer import issuer_by_slug
from store.issuer_keys.issuer_key import new_key
from store.print_batch import batches_in

SEED: Final = 7
PEOPLE: Final = 200
#: The simulation's last day, fixed so that a seed gives the same data on any day.
UNTIL: Final = date(2026, 11, 20)
MONTHS: Final = 13
#: Hours of a day: feeds arrive, people act, letters join the open batch, the batch is closed.
_DAWN, _MORNING, _AFTERNOON, _EVENING = time(5, 30), time(9, 30), time(17), time(18)

Work = Callable[[datetime], None]
Tell = Callable[[date, int, int], None]


class Simulation:
    """The simulation. Equal seeds give equal data. Call `prepare` once, then `live` once."""

    def __init__(
        self, store: Store, config: Config, seed: int = SEED, *, until: date = UNTIL, count: int = PEOPLE,
        months: int = MONTHS,
    ) -> None:  # fmt: skip
        self._store = store
        self._config = config
        self._zone = ZoneInfo(config.time_zone)
        self._until = until
        self._first = later(month_of(until), -months)
        self._opens = later(self._first, 1)
        self._now = self._at(self._opens - timedelta(days=2), _MORNING)
        self._app = make_app(store, config, lambda: self._now)
        persons = people(seed, count, self._first)
        self._contracts = contracts(persons)
        self._consumers = [self._consumer(person, place) for place, person in enumerate(persons, 2)]
        self._billings = billings(self._first, until)
        self._of_bill = self._holdings_of_bills()
        self._operator = SimulatedOperator(self._app, store, len(persons) + 2)
        self._print_house = SimulatedPrintHouse(config.outbox, self._code_of)
        self._payment_plans = SimulatedPaymentPlans(self._app, store, len(persons) + 3, until)
        self._enquiries = SimulatedEnquiries(self._app, store, len(persons) + 6, until)
        self._campaigns = SimulatedCampaigns(self._app, store, len(persons) + 9, until)
        self._adoption_plans = SimulatedAdoptionPlans(self._app, len(persons) + 12, self._opens)
        self._keys: dict[str, str] = {}

    def _consumer(self, person: Person, place: int) -> SimulatedConsumer:
        mine = [each for each in self._contracts if each.person is person]
        shared = [
            each for each in self._contracts if each.person.email == person.partner and each.issuer is ELECTRICITY
        ]
        mailbox = Mailbox(self._config.inbox if self._config.has_dev_inbox else None, person.email)
        return SimulatedConsumer(
            person, [*mine, *shared], self._app, place, self._opens, self._until, mailbox, self._lost_mail
        )  # fmt: skip

    @property
    def now(self) -> datetime:
        """The simulation's current moment."""
        return self._now

    def _holdings_of_bills(self) -> dict[tuple[str, str], list[ContractProgress]]:
        """Return who receives a bill by post, by issuer slug and bill number."""
        holdings: dict[Contract, list[ContractProgress]] = {}
        for consumer in self._consumers:
            for holding in consumer.holdings:
                holdings.setdefault(holding.contract, []).append(holding)
        return {
            (billing.issuer.slug, number): holdings[contract]
            for billing in self._billings
            for number, contract in billing.numbers(self._contracts).items()
        }

    def prepare(self) -> None:
        """Add issuers with brand and API key, and staff, who accept their invitations."""
        with self._store.writing() as session:
            for each in ISSUERS:
                logo = read_logo(each.profile_path.parent, each.profile.brand.logo)
                row = add_issuer(session, each.slug, each.name, self._now, each.toml, logo)
                self._keys[each.slug] = new_key(session, row, self._now)
            staff = [
                add_operator(session, OPERATOR, self._now),
                add_member(session, MEMBER_OF, MEMBER, self._now),
            ]
            links = [invitation_link(self._store.keys, each) for each in staff]
        for link in links:
            invitation = f"/equipe/invitation/{link}"
            Browser(self._app, 1).fill(invitation, invitation, password=PASSWORD)

    def live(self, work: Work, tell: Tell) -> None:
        """Run all thirteen months. *work* does all pipeline work due at a moment; *tell* receives the day, days done
        and days in all."""
        feeds = customer_files_until(self._contracts, self._first, self._until)
        feeds += bank_notices_until(self._contracts, self._first, self._until)
        feeds += feeds_until(self._contracts, self._first, self._until)
        days = list(self._days({feed.day for feed in feeds}))
        for done, day in enumerate(days):
            tell(day, done, len(days))
            self._now = self._at(day, _DAWN)
            for feed in feeds:
                if feed.day == day:
                    self._drop(feed)
            self._now = self._at(day, _MORNING)
            self._operator.decide()
            self._bring_letters(day)
            self._bring_invitations(day)
            self._act(day)
            self._payment_plans.act(day, self._keys[ELECTRICITY.slug])
            self._enquiries.act(day)
            self._campaigns.act(day)
            self._adoption_plans.act(day)
            self._work(work, day)
        self._bring_letters(self._until)  # acknowledge the last batches; their letters arrive after the end
        tell(self._until, len(days), len(days))

    # -- a day -------------------------------------------------------------------------------------------------

    def _days(self, feed_days: set[date]) -> Iterator[date]:
        """Yield working days and days with a feed."""
        day = self._opens
        while day <= self._until:
            if day.weekday() < 5 or day in feed_days:
                yield day
            day += timedelta(days=1)

    def _work(self, work: Work, day: date) -> None:
        """Run the pipeline before the print cut-off, and again after it when letters wait."""
        self._now = self._at(day, _AFTERNOON)
        work(self._now)
        with self._store.reading() as session:
            letters_wait = bool(batches_in(session, "open"))
        if letters_wait:
            self._now = self._at(day, _EVENING)
            work(self._now)

    def _drop(self, feed: FeedFile) -> None:
        """Drop a feed through the issuer's own entrance."""
        content = feed.write()
        if feed.door == "api":
            answer = self._app.test_client().post(
                "/v1/feeds", query_string={"name": feed.name}, data=content, content_type="application/octet-stream",
                headers={"Authorization": f"Bearer {self._keys[feed.issuer.slug]}"},
            )  # fmt: skip
            if answer.status_code >= 400:
                raise PageError(f"{feed.name} through the API: {answer.status}")
            return
        with self._store.reading() as session:
            issuer = issuer_by_slug(session, feed.issuer.slug)
        assert issuer is not None
        drop_feed(self._store, issuer, BytesIO(content), feed.name, feed.door, self._now)

    def _bring_letters(self, today: date) -> None:
        """Print yesterday's batches and give their letters to all holders of the contract."""
        for letter in self._print_house.take(today):
            for holding in self._of_bill.get((letter.issuer, letter.bill), ()):
                holding.letter = letter

    def _bring_invitations(self, today: date) -> None:
        """Give the mails of campaigns to whoever the contract is of."""
        for mail in self._campaigns.mails(today):
            for consumer in self._consumers:
                consumer.invited(mail, today)

    def _act(self, today: date) -> None:
        for consumer in self._consumers:
            consumer.act(today)
        for billing in self._billings:
            if billing.day == today:
                for consumer in self._consumers:
                    consumer.billed(billing.issuer, today)

    # -- what the doors need -----------------------------------------------------------------------------------

    def _lost_mail(self, person: Person) -> str:
        """Return the path of the confirmation link when the person's mail cannot be read, because it was sent to a
        relay or bounced; "" otherwise."""
        if self._config.has_dev_inbox and person.habit is not Habit.BOUNCES:
            return ""
        with self._store.reading() as session:
            consumer = consumer_by_email(session, person.email)
        assert consumer is not None
        return f"/inscription/confirmer/{confirmation_link(self._store.keys, consumer, consumer.session_epoch)}"

    def _code_of(self, delivery_id: int) -> str:
        """Return the code that is printed on a letter, which a person reads there."""
        with self._store.reading() as session:
            return letter_code(self._store.keys, session.get_one(Delivery, delivery_id))

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self._zone)

"""The demo's four issuers and two of their customers, whose bills came by the doors like anybody's; for stories that
are seen in a browser. Alice has gone paperless everywhere; Georges, of seventy-eight years, has everything on paper in
large print."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from flask import Flask

from bill import PostalAddress
from config import Config
from consumers.paperless_consent import go_paperless
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from demo.billing.billing_calendar import Billing, billings
from demo.billing.customer_files import customer_files_until
from demo.billing.feed_file import ending, write
from demo.issuer import ISSUERS
from demo.people.contract import Contract, contracts
from demo.people.person import LONG_AGO, Habit, Person
from doors.feed_drop import drop_feed
from issuers.profile import read_logo
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from portal.access.password_hash import hash_password
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.last_worked_as_of import note_work
from store.staff_member import Staff
from tests.portal.sample_town import PASSWORD

PARIS: Final = ZoneInfo("Europe/Paris")
EVERY: Final = tuple(issuer.slug for issuer in ISSUERS)
NANTES: Final = PostalAddress(line1="12 bis rue des Hortensias", postcode="44000", city="Nantes", country="FR")
ANGERS: Final = PostalAddress(line1="27 quai des Tanneurs", postcode="49000", city="Angers", country="FR")
ALICE: Final = Person(
    "alice", "Alice Moreau", "alice.moreau@example.org", Habit.DIGITAL, 0.0, ((LONG_AGO, NANTES),), rooms=4,
    heats_by_electricity=True, issuers=EVERY, pays_by_hand=True,
)  # fmt: skip
GEORGES: Final = Person(
    "georges", "Georges Prigent", "georges.prigent@example.net", Habit.PAPER, 1.0, ((LONG_AGO, ANGERS),), rooms=3,
    heats_by_electricity=True, issuers=EVERY, pays_by_hand=True, reads_large_print=True,
)  # fmt: skip
CLAIRE: Final = "claire@lumiere-ouest.example"


class FourIssuers:
    """Their feeds, the pipeline, the portal, and a clock that stands where the story is."""

    def __init__(self, store: Store, config: Config, persons: Sequence[Person], first: date) -> None:
        self.store, self.config = store, config
        self.now = datetime.combine(first, time(6), PARIS)
        self.app: Flask = make_app(store, config, lambda: self.now)
        self.app.testing = True
        self._contracts = contracts(persons)
        self._billings = deque(billings(first, date.max.replace(year=2027)))
        with store.writing() as session:
            note_work(session, self.now, self.now)
            for each in ISSUERS:
                logo = read_logo(each.profile_path.parent, each.profile.brand.logo)
                add_issuer(session, each.slug, each.name, self.now, each.toml, logo)

    @classmethod
    @contextmanager
    def opened(cls, store: Store, config: Config, persons: Sequence[Person], first: date) -> Iterator["FourIssuers"]:
        """The issuers before their first bills, in a store that is worked beside an inbox."""
        with ExitStack() as stack:
            relay = SmtpClient(stack.enter_context(open_inbox(config.inbox)), config.sender)
            stack.callback(relay.hang_up)
            world = cls(store, config, persons, first)
            world.pipeline = Pipeline(store, config, relay)
            yield world

    pipeline: Pipeline

    def live_until(self, day: date) -> None:
        """Go to that morning: all bills until then come on their days, and what is due is done."""
        while self._billings[0].day <= day:
            self.bill(self._billings.popleft())
        self.now = datetime.combine(day, time(9), PARIS)
        self.work()

    def work(self) -> None:
        """Do what is due, and what the portal asked for."""
        self.pipeline.work_until_idle(self.now)
        with self.store.writing() as session:
            note_work(session, self.now, self.now)

    def bill(self, billing: Billing) -> None:
        """An issuer's feed comes on its day; it is read, rendered and told."""
        self.now = datetime.combine(billing.day, time(6), PARIS)
        content = write(billing.issuer, billing.bills(self._contracts))
        with self.store.reading() as session:
            issuer = session.query(Issuer).filter_by(slug=billing.issuer.slug).one()
        drop_feed(self.store, issuer, BytesIO(content), f"{billing.day}.{ending(billing.issuer)}", "cli", self.now)
        self.work()

    def customers(self) -> None:
        """The issuers say what they know of their customers, large print too."""
        today = self.now.date()
        for file in customer_files_until(self._contracts, today - timedelta(days=31), today):
            with self.store.reading() as session:
                issuer = session.query(Issuer).filter_by(slug=file.issuer.slug).one()
            drop_feed(self.store, issuer, BytesIO(file.write()), file.name, "cli", self.now)
        self.work()

    def signs_up(self, person: Person, *, paperless: bool) -> Consumer:
        """The person has a space with all their contracts, without paper or with it."""
        with self.store.writing() as session:
            consumer = Consumer(
                email=person.email, name=person.name, password_hash=hash_password(PASSWORD), language="fr",
                signed_up_at=self.now, confirmed_at=self.now,
            )  # fmt: skip
            session.add(consumer)
            session.flush()
            for account in session.query(CustomerAccount).order_by(CustomerAccount.id):
                if account.value in self._numbers(person):
                    enrol(session, consumer.id, account.id, self.now)
                    if paperless:
                        assert go_paperless(session, account, consumer, self.now)
        return consumer

    def _numbers(self, person: Person) -> set[str]:
        return {each.number for each in self._contracts if each.person is person}

    def hires(self, email: str, slug: str) -> None:
        """Somebody works for this issuer, with everybody's password."""
        with self.store.writing() as session:
            issuer = session.query(Issuer).filter_by(slug=slug).one()
            kept = hash_password(PASSWORD)
            session.add(Staff(email=email, password_hash=kept, issuer_id=issuer.id, added_at=self.now))

    def contract(self, person: Person, slug: str) -> Contract:
        """The person's contract with this issuer."""
        return next(each for each in self._contracts if each.person is person and each.issuer.slug == slug)

    def bills(self, person: Person, slug: str) -> list[BillRow]:
        """The person's bills of this issuer, the newest first."""
        with self.store.reading() as session:
            query = session.query(BillRow).join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
            query = query.filter(CustomerAccount.value == self.contract(person, slug).number)
            return query.order_by(BillRow.issue_date.desc(), BillRow.id.desc()).all()

"""Lumière and its customer files: a store, a pipeline, and what is asked of both."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from audit.run_all_checks import check
from bill.customer.known_customer import KnownCustomer
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from feeds.feed_report import feed_report
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.customers.customer_reference import references_of
from store.feeds.feed import Feed
from store.issuer import Issuer
from tests.conftest import Clock
from tests.sample_feeds import batch, ubl

PROFILE = """
[customers.columns]
number = "Compte"
as_of = "Modifié le"
name = "Titulaire"
"postal_address.line1" = "Rue"
"postal_address.postcode" = "CP"
"postal_address.city" = "Ville"
"postal_address.from" = "Dès le"
email = "Courriel"
paper_by_right = "Papier"
closed_on = "Clôture"
died_on = "Décès"
household = "Foyer"
"""
HEAD = ["Compte", "Modifié le", "Titulaire", "Rue", "CP", "Ville", "Dès le", "Courriel", "Papier", "Clôture", "Décès",
        "Foyer"]  # fmt: skip
ALICE = ["C-ALICE", "01/03/2026", "Alice Martin", "12 rue des Lilas", "44000", "Nantes"]
BOB = ["C-BOB", "01/03/2026", "Bob Le Goff", "3 quai de la Fosse", "44100", "Nantes"]
CHARLIE = ["C-CHARLIE", "01/03/2026", "Charlie Moreau", "8 place du Marché", "35000", "Rennes"]


def customer_file(rows: Iterable[list[str]]) -> bytes:
    """A customer file as Lumière's profile has it; cells that a row lacks are empty."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";")
    writer.writerow(HEAD)
    writer.writerows([*row, *[""] * (len(HEAD) - len(row))] for row in rows)
    return page.getvalue().encode()


class Lumiere:
    """The issuer, its feeds, and what became of them."""

    def __init__(self, store: Store, config: Config, clock: Clock, profile: str = PROFILE) -> None:
        self.store, self.clock = store, clock
        self.pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
        with store.writing() as session:
            self.issuer: Issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", clock(), profile)

    def drop(self, content: bytes, name: str = "export.csv") -> dict[str, Any]:
        """Drop a file by a door, work, and return its report."""
        feed_id = drop_feed(self.store, self.issuer, io.BytesIO(content), name, "cli", self.clock()).feed_id
        self.pipeline.work_until_idle(self.clock())
        return self.report(feed_id)

    def report(self, feed_id: int) -> dict[str, Any]:
        with self.store.reading() as session:
            return feed_report(session, session.get_one(Feed, feed_id))

    def customers(self, *rows: list[str]) -> dict[str, Any]:
        """Drop a customer file of these rows."""
        return self.drop(customer_file(rows))

    def bills(self, *numbers_and_accounts: tuple[str, str], **said: Any) -> dict[str, Any]:
        """Drop bills."""
        return self.drop(batch(ubl(number, account, **said) for number, account in numbers_and_accounts), "bills.xml")

    def account(self, number: str) -> CustomerAccount:
        """The account that holds this number."""
        with self.store.reading() as session:
            query = select(CustomerAccount).where(CustomerAccount.value == number, CustomerAccount.standing == "own")
            return session.scalars(query).one()

    def known(self, number: str) -> KnownCustomer:
        """What is known of the customer of this account."""
        account = self.account(number)
        with self.store.reading() as session:
            return references_of(session, [account.id])[account.id].known

    def work(self, at: datetime) -> None:
        self.clock.now = at
        self.pipeline.work_until_idle(at)

    def is_sound(self) -> bool:
        """Whether everything holds that must always hold."""
        return not any(check(self.store).invariants.values())


def counts(report: dict[str, Any]) -> dict[str, int]:
    """The counts of a report that are not zero."""
    return {outcome: count for outcome, count in report["counts"].items() if count}


def rules(report: dict[str, Any]) -> list[str]:
    """The rules of a report's findings, in their order."""
    return [finding["rule"] for finding in report["findings"]]


@pytest.fixture
def lumiere(store: Store, config: Config, clock: Clock) -> Lumiere:
    return Lumiere(store, config, clock)

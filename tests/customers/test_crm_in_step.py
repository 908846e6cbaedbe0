"""A CRM is kept in step through a year of random changes on both sides, and both end equal.

The CRM changes names, addresses and e-mail addresses at its own clock, sends files and single records, and reads what
people changed here. Its messages are lost, doubled, late and crossed; what is lost is said again by the next file.
"""

import json
import os
import random
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from bill import PostalAddress
from config import Config
from consumers.paperless_consent import back_to_paper, go_paperless
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.issuer_keys.issuer_key import new_key
from store.outbox.account_events import record_account_event
from store.outbox.email_confirmed import tell_email_confirmed
from tests.conftest import Clock
from tests.customers.conftest import Lumiere

#: Years of change, each of its own seed; `make battery` tries more.
YEARS = min(12, int(os.environ.get("FACTEUR_HISTORIES", "1")))

PEOPLE = ("Alice Martin", "Bruno Leroy", "Charlie Moreau", "Denise Petit", "Émile Roux", "Fanny Guérin")
STREETS = ("rue du Port", "rue de Siam", "place du Lion", "quai Perrache", "rue Haute", "rue du Lac")
TOWNS = (("44000", "Nantes"), ("29200", "Brest"), ("59000", "Lille"), ("69002", "Lyon"), ("56000", "Vannes"))


class Crm:
    """The issuer's customer base: each field of an account with the moment it was last changed, and a way to send."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.accounts: dict[str, dict[str, Any]] = {}
        self.changed: dict[str, dict[str, datetime]] = {}
        self.follows: dict[str, tuple[bool, int]] = {}  # paperless, holders with a confirmed e-mail address
        self.cursor = 0

    def set(self, number: str, field: str, value: Any, at: datetime) -> None:
        self.accounts.setdefault(number, {})[field] = value
        self.changed.setdefault(number, {})[field] = at

    def records(self, number: str) -> list[dict[str, Any]]:
        """What it knows of an account: fields that were changed at one moment are one record."""
        by_moment: dict[datetime, dict[str, Any]] = {}
        for field, at in self.changed[number].items():
            by_moment.setdefault(at, {})[field] = self.accounts[number][field]
        return [{"number": number, "as_of": at.isoformat(), **said} for at, said in by_moment.items()]

    def hear(self, account: dict[str, Any]) -> None:
        """Take what people changed in an account, where that is newer than what it knows itself."""
        number = account["number"]
        mended_at = account["address_mended_at"]
        if mended_at is not None:
            at = datetime.fromisoformat(mended_at)
            if at > self.changed[number]["postal_address"]:
                self.set(number, "postal_address", account["address"], at)
        self.follows[number] = (account["paperless"], confirmed(account))


class World:
    """Lumière's portal and its CRM, a network that loses and doubles, and the people."""

    def __init__(self, lumiere: Lumiere, client: FlaskClient, key: dict[str, str], seed: int) -> None:
        self.rng = random.Random(seed)
        self.lumiere, self.client, self.key = lumiere, client, key
        self.crm = Crm(self.rng)
        self.late: list[dict[str, Any]] = []  # messages that are under way
        self.files = 0
        self.numbers: list[str] = []

    # -- the CRM's side

    def open_account(self) -> None:
        number = f"CL-{1000 + len(self.numbers)}"
        at = self.lumiere.clock()
        name = f"{PEOPLE[len(self.numbers) % len(PEOPLE)]}"
        self.numbers.append(number)
        self.crm.set(number, "names", [name], at)
        self.crm.set(number, "postal_address", self.address(), at)
        self.say(number)

    def change(self) -> None:
        number, at = self.rng.choice(self.numbers), self.lumiere.clock()
        match self.rng.choice(("move", "move", "email", "right", "no email")):
            case "move":
                self.crm.set(number, "postal_address", self.address(), at)
            case "email":
                self.crm.set(number, "email", f"{self.rng.randrange(999)}@example.org", at)
            case "no email":
                self.crm.set(number, "email", None, at)
            case "right":
                self.crm.set(number, "paper_by_right", self.rng.choice([None, "exempt", "guardian"]), at)
        self.say(number)

    def address(self) -> dict[str, str]:
        postcode, city = self.rng.choice(TOWNS)
        street = f"{self.rng.randrange(1, 99)} {self.rng.choice(STREETS)}"
        return {"line1": street, "postcode": postcode, "city": city, "country": "FR"}

    def say(self, number: str) -> None:
        """Send what is known of an account by the API: lost, doubled, late, in any order."""
        for record in self.crm.records(number):
            copies = self.rng.choice((0, 1, 1, 1, 2))
            self.late += [record] * copies

    def deliver(self, everything: bool = False) -> None:
        self.rng.shuffle(self.late)
        count = len(self.late) if everything else self.rng.randrange(len(self.late) + 1)
        for record in self.late[:count]:
            answer = self.client.put(f"/v1/accounts/{record['number']}", json=record, headers=self.key)
            assert answer.status_code in {200, 201}, answer.get_json()
        del self.late[:count]

    def send_file(self) -> None:
        """A whole file of all that the CRM knows; an old one may be sent again."""
        records = [record for number in self.numbers for record in self.crm.records(number)]
        self.files += 1
        report = self.lumiere.drop(json.dumps({"customers": records}).encode(), f"customers-{self.files}.json")
        assert report["state"] == "settled", report["findings"][:3]
        assert report["counts"]["rejected"] == 0

    def listen(self, is_lossy: bool = True) -> None:
        """Read what people changed; an answer may be lost, and is asked for again."""
        answer = self.client.get(f"/v1/accounts?changed_since={self.crm.cursor}&limit=3", headers=self.key).get_json()
        if is_lossy and self.rng.random() < 0.3:
            return
        for account in answer["accounts"]:
            self.crm.hear(account)
        self.crm.cursor = answer["cursor"]
        if answer["next"]:
            self.listen(is_lossy)

    # -- the people's side

    def people(self) -> None:
        number, store = self.rng.choice(self.numbers), self.lumiere.store
        now = self.lumiere.clock()
        with store.writing() as session:
            account = session.query(CustomerAccount).filter_by(value=number, standing="own").one_or_none()
            if account is None:
                return
            match self.rng.choice(("mend", "follow", "paperless", "paper")):
                case "mend":
                    address = PostalAddress(**self.address())
                    account.mended_address, account.mended_at = msgspec.msgpack.encode(address), now
                    parts = {name: text or None for name, text in msgspec.structs.asdict(address).items()}
                    record_account_event(
                        session, account, "account.address_mended", now, actor="operator", address=parts
                    )
                case "follow":
                    email = f"{len(self.numbers)}-{self.rng.randrange(10**9)}@example.org"
                    person = Consumer(email=email, password_hash="-", signed_up_at=now, confirmed_at=now)
                    session.add(person)
                    session.flush()
                    enrol(session, person.id, account.id, now)
                    tell_email_confirmed(session, person.id, now)
                case act:
                    for holder in holders_of(session, [account.id]).get(account.id, [])[:1]:
                        give = go_paperless if act == "paperless" else back_to_paper
                        give(session, account, holder, now)

    def is_equal(self) -> None:
        """Both sides know the same of every account."""
        for number in self.numbers:
            account = self.client.get(f"/v1/accounts/{number}", headers=self.key).get_json()
            ours = self.crm.accounts[number]
            assert account["holder"] == ours["names"][0]
            assert account["address"] == ours["postal_address"], number
            assert account["stated"].get("email") == ours.get("email"), number
            assert account["stated"].get("paper_by_right") == ours.get("paper_by_right"), number
            assert self.crm.follows.get(number, (False, 0)) == (account["paperless"], confirmed(account)), number


def confirmed(account: dict[str, Any]) -> int:
    """How many of an account's holders have confirmed their e-mail address."""
    return sum(each["email_confirmed_at"] is not None for each in account["holders"])


@pytest.mark.parametrize("seed", range(YEARS))
def test_a_year_of_changes_on_both_sides_ends_equal(store: Store, config: Config, clock: Clock, seed: int) -> None:
    lumiere = Lumiere(store, config, clock, "[customers.limits]\non = false")
    with store.writing() as session:
        key = {"Authorization": f"Bearer {new_key(session, lumiere.issuer, clock())}"}
    app = make_app(store, config, clock)
    app.testing = True
    world = World(lumiere, app.test_client(), key, seed)
    clock.now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for _ in range(4):
        world.open_account()
    world.send_file()
    for week in range(52):
        clock.forward(days=6)
        for _ in range(world.rng.randrange(4)):
            clock.forward(minutes=world.rng.randrange(1, 90))
            world.rng.choice((world.change, world.change, world.people, world.people, world.deliver, world.listen))()
        if week % 13 == 5:
            world.open_account()
        if week % 4 == 0:
            world.send_file()
    clock.forward(days=1)
    world.deliver(everything=True)
    world.listen(is_lossy=False)
    world.send_file()
    world.is_equal()
    assert lumiere.is_sound()

"""An issuer knows Alice's address or her phone: her contract is offered to her, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.public_id_converter import public_id
from store import Store
from store.accounts.consumer import Consumer, enrol, holders_of
from store.accounts.phone import Phone
from store.customers.contact_key import email_key, phone_key
from store.db.event import events_of
from store.issuer import Issuer
from store.issuer_keys.issuer_key import new_key
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill

PHONE = "+33612345678"


class Lumiere:
    """An issuer whose program says what it knows of the customers of its contracts."""

    def __init__(self, world: World, app: Flask, clock: Clock) -> None:
        self.world, self._app, self._client = world, app, app.test_client()
        self.id = world.issuer("lumiere", "Lumière de l’Ouest")
        with world.store.writing() as session:
            key = new_key(session, session.get_one(Issuer, self.id), clock())
        self._headers = {"Authorization": f"Bearer {key}"}

    def bills(self, number: str, buyer: str = "Alice Martin") -> int:
        """The id of a contract with one bill."""
        issued = self.world.today - timedelta(days=3)
        self.world.drop(self.id, [a_bill(f"LO-{number}", number, issued, buyer=buyer)])
        return self.world.account_id(self.id, number)

    def knows(self, number: str, **said: str) -> None:
        answer = self._client.put(f"/v2/accounts/{number}", json=said, headers=self._headers)
        assert answer.status_code == 200, answer.text

    def page(self, account_id: int, act: str) -> str:
        with self._app.app_context():
            return f"/contrats/proposes/{public_id(account_id, 'account')}/{act}"


@pytest.fixture
def lumiere(world: World, app: Flask, clock: Clock) -> Lumiere:
    return Lumiere(world, app, clock)


@pytest.fixture
def visit(world: World, browser: Callable[[], Browser]) -> Callable[[str], Browser]:
    """Somebody who has signed in, and has confirmed their address."""

    def signed_in(name: str) -> Browser:
        mine = browser()
        mine.sign_in(world.consumer(name))
        return mine

    return signed_in


def is_offered(who: Browser) -> bool:
    page = plain(who.get("/contrats").text)
    return "est-il le vôtre" in page


def test_alice_adds_the_contract_that_lumiere_knows_her_address_for(
    lumiere: Lumiere, visit: Callable[[str], Browser], store: Store
) -> None:
    account = lumiere.bills("C-1001")
    lumiere.knows("C-1001", email="Alice@Exemple.fr")
    alice = visit("Alice Martin")
    page = plain(alice.get("/contrats").text)
    assert "Lumière de l’Ouest connaît votre adresse de courriel : le contrat …001 est-il le vôtre" in page
    assert "C-1001" not in page
    assert "LO-C-1001" not in plain(alice.get("/").text), "an offer opens nothing"
    assert "est-il le vôtre" in plain(alice.get("/contrats/ajouter").text)
    alice.get("/contrats")
    assert "Le contrat est ajouté" in plain(alice.post(lumiere.page(account, "ajouter")).text)
    assert "Lumière de l’Ouest" in plain(alice.get("/").text)
    assert not is_offered(alice)
    with store.reading() as session:
        [enrolled] = [each for each in events_of(session, "account", account) if each.what == "enrolled"]
        assert enrolled.reason.code == "known_email"


def test_a_contract_is_offered_by_a_phone_that_was_confirmed(
    lumiere: Lumiere, visit: Callable[[str], Browser], store: Store, clock: Clock
) -> None:
    lumiere.bills("C-1001")
    lumiere.knows("C-1001", phone="06 12 34 56 78")
    alice = visit("Alice Martin")
    with store.writing() as session:
        row = session.query(Consumer).one()
        session.add(Phone(consumer_id=row.id, number=PHONE, nonce="", code_until=clock()))
    assert not is_offered(alice), "nobody has confirmed this phone"
    with store.writing() as session:
        session.execute(update(Phone).values(confirmed_at=clock()))
    assert "connaît votre numéro de téléphone" in plain(alice.get("/contrats").text)
    with store.writing() as session:
        bruno = Consumer(email="b@exemple.fr", name="Bruno", password_hash="", signed_up_at=clock())
        session.add(bruno)
        session.flush()
        session.add(Phone(consumer_id=bruno.id, number=PHONE, nonce="", code_until=clock(), confirmed_at=clock()))
    assert not is_offered(alice), "two people share this phone"


@pytest.mark.parametrize("buyer", ["Bruno Leroy", "Alice Leroy", "Martin SARL"])
def test_the_name_must_agree(lumiere: Lumiere, visit: Callable[[str], Browser], buyer: str) -> None:
    """The number that Lumière knows may be somebody else's by now."""
    account = lumiere.bills("C-1001", buyer=buyer)
    lumiere.knows("C-1001", email="alice@exemple.fr")
    alice = visit("Alice Martin")
    assert not is_offered(alice)
    for act in ("ajouter", "demander", "refuser"):
        assert alice.post(lumiere.page(account, act)).status_code == 404, act
        alice.get("/contrats")


def test_an_address_that_two_people_share_is_nobodys(lumiere: Lumiere, visit: Callable[[str], Browser]) -> None:
    lumiere.bills("C-1001")
    lumiere.bills("C-1002", buyer="Bruno Martin")
    for number in ("C-1001", "C-1002"):
        lumiere.knows(number, email="alice@exemple.fr")
    assert not is_offered(visit("Alice Martin"))


def test_two_contracts_of_one_person_are_both_offered(lumiere: Lumiere, visit: Callable[[str], Browser]) -> None:
    for number in ("C-1001", "C-2002"):
        lumiere.bills(number)
        lumiere.knows(number, email="alice@exemple.fr")
    page = plain(visit("Alice Martin").get("/contrats").text)
    assert "le contrat …001 est-il" in page
    assert "le contrat …002 est-il" in page


def test_a_contract_that_somebody_follows_is_asked_for(
    lumiere: Lumiere, visit: Callable[[str], Browser], store: Store, post: Callable[[], Mailbox], clock: Clock
) -> None:
    account = lumiere.bills("C-1001", buyer="Alice et Bruno Martin")
    lumiere.knows("C-1001", email="alice@exemple.fr")
    bruno, alice = visit("Bruno Martin"), visit("Alice Martin")
    with store.writing() as session:
        person = session.query(Consumer).filter_by(name="Bruno Martin").one()
        enrol(session, person.id, account, clock())
    assert "Quelqu’un le suit déjà" in plain(alice.get("/contrats").text)
    assert alice.post(lumiere.page(account, "ajouter")).status_code == 404
    alice.get("/contrats")
    assert "Votre demande est partie" in plain(alice.post(lumiere.page(account, "demander")).text)
    assert "Vous avez demandé à la personne qui le suit" in plain(alice.get("/contrats").text)
    assert [to for to, _ in post().mails] == ["bruno@exemple.fr"]
    assert "Alice Martin demande aujourd’hui à suivre ce contrat" in plain(bruno.get("/contrats").text)
    with store.reading() as session:
        assert [each.id for each in holders_of(session, [account])[account]] == [person.id], "nothing is open yet"


def test_what_is_declined_is_not_offered_again(lumiere: Lumiere, visit: Callable[[str], Browser]) -> None:
    account = lumiere.bills("C-1001")
    lumiere.knows("C-1001", email="alice@exemple.fr")
    alice = visit("Alice Martin")
    alice.get("/contrats")
    assert "ne vous est plus proposé" in plain(alice.post(lumiere.page(account, "refuser")).text)
    assert not is_offered(alice)
    assert alice.post(lumiere.page(account, "ajouter")).status_code == 404


def test_who_left_is_not_asked_back(lumiere: Lumiere, visit: Callable[[str], Browser]) -> None:
    account = lumiere.bills("C-1001")
    lumiere.knows("C-1001", email="alice@exemple.fr")
    alice, other = visit("Alice Martin"), visit("Bruno Martin")
    alice.get("/contrats")
    alice.post(lumiere.page(account, "ajouter"))
    leave = lumiere.page(account, "quitter").replace("/proposes", "")
    alice.get(leave)
    alice.post(leave)
    assert not is_offered(alice)
    assert not is_offered(other)


@pytest.mark.parametrize("said", [{"died_on": "2026-02-01"}, {"closed_on": "2026-02-01"}])
def test_after_a_death_or_the_end_of_the_contract_nothing_is_offered(
    lumiere: Lumiere, visit: Callable[[str], Browser], said: dict[str, str]
) -> None:
    lumiere.bills("C-1001")
    lumiere.knows("C-1001", email="alice@exemple.fr", **said)
    assert not is_offered(visit("Alice Martin"))


def test_an_address_that_mail_came_back_from_proves_nothing(
    lumiere: Lumiere, visit: Callable[[str], Browser], store: Store, clock: Clock
) -> None:
    lumiere.bills("C-1001")
    lumiere.knows("C-1001", email="alice@exemple.fr")
    alice = visit("Alice Martin")
    with store.writing() as session:
        session.execute(update(Consumer).values(mail_failed_at=clock(), mail_failure="550 unknown"))
    assert not is_offered(alice)


@pytest.mark.parametrize(
    ("email", "key"),
    [("Alice@Exemple.FR", "alice@exemple.fr"), ("a@xn--exmple-cua.fr", "a@exämple.fr"), (None, ""), ("", "")],
)
def test_an_address_is_looked_for_as_it_is_confirmed(email: str | None, key: str) -> None:
    assert email_key(email) == key


@pytest.mark.parametrize(
    ("phone", "key"),
    [("06.12.34.56.78", PHONE), ("+33 6 12 34 56 78", PHONE), ("02 40 12 34 56", ""), ("0800", ""), (None, "")],
)
def test_a_phone_is_looked_for_as_it_is_confirmed(phone: str | None, key: str) -> None:
    assert phone_key(phone) == key

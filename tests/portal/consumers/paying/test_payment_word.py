"""« C'est payé »: said with one press, taken back with one press, and each holder sees who said it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from bill import Instalment
from store import Store
from store.bills.bill import BillRow
from store.db.event import events_of
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill


class Home:
    """A contract of Alice's and Bob's, with one bill."""

    def __init__(self, world: World, browser: Callable[[], Browser], store: Store, **terms: object) -> None:
        self.store = store
        issuer = world.issuer("lumiere", "Lumière")
        self.id = world.drop(issuer, [a_bill("F-1", "C-1", world.today, **terms)])["F-1"].id
        self.alice, self.bob = browser(), browser()
        for phone, name in ((self.alice, "Alice Martin"), (self.bob, "Bob Martin")):
            phone.sign_in(world.consumer(name, holds={issuer: "C-1"}))
            phone.get(self.path)

    @property
    def row(self) -> BillRow:
        with self.store.reading() as session:
            return session.get_one(BillRow, self.id)

    @property
    def path(self) -> str:
        return f"/factures/{self.row.uid}"

    def says(self, phone: Browser, paid: str, **also: str) -> str:
        return plain(phone.post(f"{self.path}/payee", paid=paid, **also).text)

    def sees(self, phone: Browser) -> str:
        return plain(phone.get(self.path).text)

    def events(self) -> list[str]:
        with self.store.reading() as session:
            return [each.what for each in events_of(session, "bill", self.id) if each.what.startswith("said")]


@pytest.fixture
def home(world: World, browser: Callable[[], Browser], store: Store) -> Home:
    return Home(world, browser, store)


def test_alice_takes_back_what_she_has_just_said(home: Home) -> None:
    assert "Noté : payée. Annuler" in home.says(home.alice, "1")
    assert "Noté" not in home.sees(home.alice), "once"
    undone = home.says(home.alice, "undo")
    assert "Noté : elle n’est pas encore payée." in undone
    assert "Annuler" not in undone
    assert "Comment payer" in undone
    assert "Noté" not in home.says(home.alice, "undo") or home.row.said_paid_at is None, "twice is as once"
    assert home.events() == ["said_paid", "said_unpaid"]


def test_what_was_taken_back_by_mistake_stands_again_as_it_was(home: Home, clock: Clock) -> None:
    home.says(home.alice, "1")
    first = home.row.said_paid_at
    clock.now += timedelta(days=2)
    assert "Noté : elle n’est pas encore payée. Annuler" in home.says(home.alice, "0")
    assert "Payée, avez-vous indiqué" in home.says(home.alice, "undo")
    assert home.row.said_paid_at == first, "since then, not since now"


def test_of_parts_the_last_one_is_taken_back(world: World, browser: Callable[[], Browser], store: Store) -> None:
    parts = tuple(Instalment(amount=Decimal(28), due=world.today + timedelta(days=30 * n)) for n in (1, 2, 3))
    home = Home(world, browser, store, instalments=parts)
    assert "Noté : paiement de 28,00 €. Annuler" in home.says(home.alice, "part", left="3")
    home.says(home.alice, "part", left="2")
    assert home.row.said_paid == 56
    assert "Noté : paiement de 28,00 €." in home.says(home.alice, "undo")
    assert home.row.said_paid == 28
    home.says(home.alice, "undo")
    assert home.row.said_paid == 28, "a double click undoes one"
    assert home.events() == ["said_paid", "said_paid", "said_unpaid"]


def test_each_holder_sees_who_said_it_and_may_take_it_back(home: Home, clock: Clock) -> None:
    home.says(home.alice, "1")
    seen = home.sees(home.bob)
    assert "indiquée payée par Alice Martin" in seen
    assert "Payée, selon Alice Martin" in seen
    assert "chaque titulaire peut reprendre ce qui est indiqué ici" in seen
    assert "avez-vous indiqué" not in seen
    clock.now += timedelta(days=1)
    home.says(home.bob, "0")
    told = home.sees(home.alice)
    assert "Payée, avez-vous indiqué" in told
    assert "Pas encore payée, selon Bob Martin" in told


def test_an_old_page_loses_nothing_that_another_holder_said(home: Home, clock: Clock) -> None:
    home.says(home.alice, "1")
    clock.now += timedelta(hours=1)
    home.says(home.bob, "0")
    home.says(home.bob, "1")
    bobs = home.row.said_paid_at
    home.says(home.alice, "undo")
    assert home.row.said_paid_at == bobs, "Alice's word does not stand any more: there is nothing of hers to undo"
    home.says(home.alice, "1")
    assert home.row.said_paid_at == bobs, "it is paid already"


def test_a_holder_who_left_is_not_named(home: Home, store: Store) -> None:
    home.says(home.bob, "1")
    with store.writing() as session:
        from store.accounts.consumer import consumer_by_email, end_holding

        bob = consumer_by_email(session, "bob@exemple.fr")
        assert bob is not None
        row = session.get_one(BillRow, home.id)
        assert end_holding(session, bob.id, row.account_id, row.received_at)
    seen = home.sees(home.alice)
    assert "Bob" not in seen
    assert "Payée, selon un autre titulaire" in seen
    assert "Indiquée payée" in seen

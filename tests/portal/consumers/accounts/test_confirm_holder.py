"""Alice has moved: her page asks whether the contract is still hers, and what she says is what later bills are compared
with."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import update

from bill import PostalAddress
from consumers.claim_code import claim_code
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import events_of
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, furnish

NewBrowser = Callable[[], Browser]
ASKED = "est-ce toujours votre contrat"
FOSSE = PostalAddress(line1="3 quai de la Fosse", postcode="44100", city="Nantes", country="FR")
BREST = PostalAddress(line1="1 rue Neuve", postcode="29200", city="Brest", country="FR")
CODE = claim_code(b"the secret of a print house, in tests", 4711)


class Moved:
    """Alice's contract with Lumière, which she follows, and then Bob; its address changed after she came."""

    def __init__(self, world: World, store: Store) -> None:
        self.world, self.store = world, store
        self.town = furnish(world)
        self.account_id = world.account_id(self.town["lumiere"], "C-1001")
        self.move(FOSSE)

    def move(self, address: PostalAddress) -> None:
        moved_on = self.world.today - timedelta(days=7)
        drift = {"baseline_holder": "Alice Martin", "baseline_address": b"-", "drifted_on": moved_on}
        with self.store.writing() as session:
            session.execute(
                update(CustomerAccount)
                .where(CustomerAccount.id == self.account_id)
                .values(address=msgspec.msgpack.encode(address), **drift)
            )

    def follows(self, name: str) -> Consumer:
        consumer = self.world.consumer(name)
        with self.store.writing() as session:
            enrol(session, consumer.id, self.account_id, self.world.now)
        self.world.now += timedelta(minutes=1)
        return consumer

    @property
    def has_baseline(self) -> bool:
        with self.store.reading() as session:
            return session.get_one(CustomerAccount, self.account_id).drifted_on is not None


@lived_once
def moved(world: World, store: Store) -> Moved:
    return Moved(world, store)


def test_alice_says_that_it_is_her(browser: NewBrowser, moved: Moved) -> None:
    alice, consumer = browser(), moved.follows("Alice Martin")
    alice.sign_in(consumer)
    page = alice.get("/contrats")
    assert ASKED in plain(page.text)
    assert "3 quai de la Fosse" in plain(page.text)
    digest = page.text.split('name="digest" value="')[1].split('"')[0]
    said = plain(alice.post(f"/contrats/{moved.account_id}/cest-bien-moi", digest=digest).text)
    assert "ce nom et cette adresse sont les vôtres" in said
    assert ASKED not in said
    assert not moved.has_baseline
    with moved.store.reading() as session:
        [event] = [e for e in events_of(session, "account", moved.account_id) if e.what == "holder confirmed"]
    assert event.by == f"consumer {consumer.id}"


def test_what_has_changed_since_the_page_was_shown_is_not_confirmed(browser: NewBrowser, moved: Moved) -> None:
    alice = browser()
    alice.sign_in(moved.follows("Alice Martin"))
    digest = alice.get("/contrats").text.split('name="digest" value="')[1].split('"')[0]
    moved.move(BREST)
    said = plain(alice.post(f"/contrats/{moved.account_id}/cest-bien-moi", digest=digest).text)
    assert "Ce contrat a encore changé" in said
    assert ASKED in said
    assert moved.has_baseline


def test_the_first_holder_alone_says_so(browser: NewBrowser, moved: Moved) -> None:
    moved.follows("Alice Martin")
    bob = browser()
    bob.sign_in(moved.follows("Bob Le Goff"))
    assert ASKED not in plain(bob.get("/contrats").text)
    bob.post(f"/contrats/{moved.account_id}/cest-bien-moi", digest="")
    assert moved.has_baseline
    charlie = browser()
    charlie.sign_in(moved.world.consumer("Charlie Moreau"))
    charlie.get("/contrats")
    assert charlie.post(f"/contrats/{moved.account_id}/cest-bien-moi", digest="").status_code == 404


@pytest.mark.parametrize(("days", "is_kept"), [(0, False), (30, True)])
def test_a_claim_is_of_the_account_as_its_letter_bore_it(
    browser: NewBrowser, moved: Moved, days: int, is_kept: bool
) -> None:
    """A letter of before the move proves where Alice lived, and nothing of the other address."""
    with moved.store.reading() as session:
        latest = session.query(BillRow).filter_by(number="LO-00").one()
    moved.world.now -= timedelta(days=days)
    moved.world.letter(latest, CODE)
    moved.world.now += timedelta(days=days)
    alice = browser()
    alice.sign_in(moved.world.consumer("Alice Martin"))
    alice.get("/contrats/ajouter")
    said = plain(alice.post("/contrats/ajouter", issuer="lumiere", number="C-1001", code=CODE).text)
    assert "Le contrat est ajouté" in said
    assert moved.has_baseline is is_kept

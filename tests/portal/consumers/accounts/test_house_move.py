"""Alice moves, and says so once: each issuer of hers is told, and she sees what each makes of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from delivery.stated_moves import decide_move, end_overtaken_moves, give_due_moves
from portal.public_id_converter import public_id
from store import Store
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.customer_account import CustomerAccount
from store.accounts.stated_move import StatedMove
from store.outbox.outbox_event import OutboxEvent
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, furnish

BREST = {"line1": "8 rue de Siam", "postcode": "29200", "city": "Brest", "country": "FR"}
TODAY = date(2026, 3, 3)
PAGE = "/contrats/demenagement"


class Moving:
    """Alice, her contracts with Lumière, the water and the bank, and what is known of them."""

    def __init__(self, world: World, browser: Browser, app: Flask, store: Store, clock: Clock) -> None:
        ids = furnish(world)
        self.accounts = {
            slug: world.account_id(ids[slug], number)
            for slug, number in (("lumiere", "C-1001"), ("eaux", "R-1187"), ("banque", "00412"))
        }
        holds = {ids["lumiere"]: "C-1001", ids["eaux"]: "R-1187", ids["banque"]: "00412"}
        self.alice, self._app, self.store, self.clock = browser, app, store, clock
        self.alice.sign_in(world.consumer("Alice Martin", holds=holds))

    def name(self, slug: str) -> str:
        with self._app.app_context():
            return public_id(self.accounts[slug], "account")

    def says(self, *slugs: str, **typed: str) -> str:
        self.alice.get(PAGE)
        token = self.alice.page.text.split('name="csrf_token" value="')[1].split('"')[0] if self.alice.page else ""
        data = {"csrf_token": token, "contrat": [self.name(slug) for slug in slugs], **BREST, **typed}
        self.alice.page = self.alice.client.post(PAGE, data=data, follow_redirects=True)
        return plain(self.alice.page.text)

    def moves(self) -> dict[int, StatedMove]:
        with self.store.reading() as session:
            return {each.account_id: each for each in session.scalars(select(StatedMove).order_by(StatedMove.id))}

    def decides(self, slug: str, decision: str) -> None:
        with self.store.writing() as session:
            decide_move(session, self.accounts[slug], decision, "mina", "vérifié", TODAY, self.clock())  # type: ignore[arg-type]

    def street(self, slug: str) -> str:
        with self.store.reading() as session:
            return session.get_one(CustomerAccount, self.accounts[slug]).postal_address.line1


@pytest.fixture
def moving(world: World, browser: Callable[[], Browser], app: Flask, store: Store, clock: Clock) -> Moving:
    return Moving(world, browser(), app, store, clock)


def test_the_address_is_said_once_and_each_issuer_is_told(moving: Moving) -> None:
    page = moving.alice.get(PAGE).text
    assert page.count('name="contrat"') == 3
    assert page.count("checked") == 3
    said = moving.says("lumiere", "eaux", **{"from": "2026-04-01"})
    assert "C’est noté et transmis pour 2 contrats." in said
    assert said.count("ne l’a pas encore reprise.") == 2
    assert moving.moves().keys() == {moving.accounts["lumiere"], moving.accounts["eaux"]}
    with moving.store.reading() as session:
        told = session.scalars(select(OutboxEvent).where(OutboxEvent.type == "account.move_stated")).all()
        assert {each.issuer_id for each in told} == {
            session.get_one(CustomerAccount, each).issuer_id for each in moving.moves()
        }
        assert {(each.data["from"], each.data["state"], each.data["address"]["city"]) for each in told} == {
            ("2026-04-01", "open", "Brest")
        }


def test_what_became_of_it_is_shown(moving: Moving) -> None:
    moving.says("lumiere", "eaux", "banque")
    moving.decides("lumiere", "confirmed")
    moving.decides("eaux", "refused")
    page = plain(moving.alice.get(PAGE).text)
    assert "Lumière de l’Ouest l’a reprise aujourd’hui." in page
    assert "Eaux du Pays de Retz a décidé aujourd’hui de garder l’adresse d’avant" in page
    assert "Banque des Deux Rives ne l’a pas encore reprise." in page
    assert moving.street("lumiere") == "8 rue de Siam"
    assert moving.street("eaux") == "12 rue des Lilas"


def test_an_issuer_that_sends_the_new_address_has_taken_it_over(moving: Moving) -> None:
    moving.says("lumiere", "eaux")
    moving.clock.forward(hours=1)
    with moving.store.writing() as session:
        sent = moving.moves()[moving.accounts["lumiere"]].address
        session.execute(
            update(CustomerAccount).where(CustomerAccount.id == moving.accounts["lumiere"]).values(address=sent)
        )
        for account_id in moving.accounts.values():
            append_notice(session, NewNotice(account_id=account_id, kind="address_known", at=moving.clock()))
        assert end_overtaken_moves(session, moving.clock()) == 2
    page = plain(moving.alice.get(PAGE).text)
    assert "Lumière de l’Ouest l’a reprise aujourd’hui." in page
    assert "Eaux du Pays de Retz a envoyé aujourd’hui une autre adresse." in page


def test_letters_follow_on_the_day_and_not_before(moving: Moving) -> None:
    moving.says("lumiere", "eaux", **{"from": "2026-03-20"})
    moving.decides("lumiere", "confirmed")
    moving.decides("eaux", "confirmed")
    assert moving.street("lumiere") == "12 rue des Lilas"
    assert "les lettres y iront le 20 mars" in plain(moving.alice.get(PAGE).text)
    with moving.store.writing() as session:
        assert give_due_moves(session, date(2026, 3, 19), moving.clock()) == 0
        later = NewNotice(account_id=moving.accounts["eaux"], kind="address_known", at=moving.clock.forward(hours=1))
        append_notice(session, later)
    with moving.store.writing() as session:
        assert give_due_moves(session, date(2026, 3, 20), moving.clock()) == 2
        assert give_due_moves(session, date(2026, 3, 20), moving.clock()) == 0
    assert moving.street("lumiere") == "8 rue de Siam"
    assert moving.street("eaux") == "12 rue des Lilas", "its issuer has sent another address since"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"city": ""}, "Donnez la ville."),
        ({"from": "demain"}, "Donnez un jour"),
        ({"from": "2036-01-01"}, "Donnez un jour"),
    ],
)
def test_what_lacks_is_said_and_nothing_is_told(moving: Moving, typed: dict[str, str], words: str) -> None:
    assert words in moving.says("lumiere", **typed)
    assert moving.alice.page is not None
    assert moving.alice.page.status_code == 422
    assert moving.alice.page.text.count("checked") == 1, "what was ticked stays ticked"
    assert moving.moves() == {}


def test_nothing_ticked_is_asked_for(moving: Moving) -> None:
    assert "Choisissez au moins un contrat." in moving.says()


def test_nobody_moves_somebody_elses_contract(moving: Moving, world: World, browser: Callable[[], Browser]) -> None:
    bob = browser()
    bob.sign_in(world.consumer("Bob Le Goff"))
    moving.alice = bob
    moving.says("lumiere")
    assert moving.moves() == {}


def test_a_contract_whose_number_is_in_question_stays(moving: Moving) -> None:
    with moving.store.writing() as session:
        mine = update(CustomerAccount).where(CustomerAccount.id == moving.accounts["eaux"])
        session.execute(mine.values(standing="provisional"))
    page = moving.alice.get(PAGE).text
    assert page.count('name="contrat"') == 2
    assert "Son adresse ne se change pas ici" in plain(page)
    assert "1 contrat n’a pas pu suivre" in moving.says("lumiere", "eaux")
    assert moving.moves().keys() == {moving.accounts["lumiere"]}


def test_a_move_of_last_week_is_of_now(moving: Moving) -> None:
    moving.says("lumiere", **{"from": (TODAY - timedelta(days=7)).isoformat()})
    assert moving.moves()[moving.accounts["lumiere"]].from_day is None

"""One press gives Alice her proof of address; where none suits, the page says why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bill import Identifier, Party, PostalAddress
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill

pytestmark = pytest.mark.beside_any_database


def test_the_right_bill_by_one_press_or_why_there_is_none(world: World, browser: Callable[[], Browser]) -> None:
    lumiere = world.issuer("lumiere", "Lumière", 'trade = "electricity"')
    banque = world.issuer("banque", "Banque", 'trade = "bank"')
    row = world.drop(lumiere, [a_bill("F-1", "C-1", world.today)])["F-1"]
    world.drop(banque, [a_bill("B-1", "C-2", world.today)])
    alice, bob = browser(), browser()
    alice.sign_in(world.consumer("Alice Martin", holds={lumiere: "C-1", banque: "C-2"}))
    page = alice.get("/justificatif-de-domicile")
    assert f'href="/factures/{row.uid}/pdf"' in page.text
    assert "Alice Martin" in plain(page.text)
    for place in ("/contrats", "/profil"):
        assert 'href="/justificatif-de-domicile"' in alice.get(place).text
    bob.sign_in(world.consumer("Bob Martin", holds={lumiere: "C-1", banque: "C-2"}))
    none = plain(bob.get("/justificatif-de-domicile").text)
    assert "Aucune de vos factures ne convient" in none
    assert "Lumière : elle n’est pas à votre nom" in none
    assert "Banque : les factures de ce métier" in none
    assert browser().client.get("/justificatif-de-domicile").status_code == 303


def test_who_has_just_moved_gets_the_new_home_and_below_it_the_other(
    world: World, browser: Callable[[], Browser]
) -> None:
    quay = PostalAddress(line1="3 quai de Seine", postcode="76000", city="Rouen", country="FR")
    moved = Party(name="Alice Martin", identifiers=(Identifier(value="C-2"),), address=quay)
    lumiere = world.issuer("lumiere", "Lumière", 'trade = "electricity"')
    eaux = world.issuer("eaux", "Eaux", 'trade = "water"')
    before = world.drop(lumiere, [a_bill("F-1", "C-1", world.today - timedelta(days=60))])["F-1"]
    now = world.drop(eaux, [replace(a_bill("E-1", "C-2", world.today), buyer=moved)])["E-1"]
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin", holds={lumiere: "C-1", eaux: "C-2"}))
    page = alice.get("/justificatif-de-domicile").text
    first, _, second = page.partition("À une autre adresse")
    assert f'href="/factures/{now.uid}/pdf"' in first
    assert "3 quai de Seine, 76000 Rouen" in plain(first)
    assert f'href="/factures/{before.uid}/pdf"' in second
    assert "12 rue des Lilas, 44000 Nantes" in plain(second)

"""One press gives Alice her proof of address; where none suits, the page says why."""

from collections.abc import Callable

from tests.portal.conftest import Browser
from tests.portal.consumers.test_bills import plain
from tests.portal.sample_town import World, a_bill


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

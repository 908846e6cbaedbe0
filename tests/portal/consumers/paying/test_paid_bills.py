"""What Alice's pages say of her payments: who told of them, when, and what is left, in list, page and code.

Lumière's bank tells by camt.054, in November 2026.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from config import Config
from store import Store
from tests.conftest import Clock
from tests.lived_beginnings import Living
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import code_on, plain, scanned
from tests.portal.consumers.bills.test_what_is_to_pay import Town
from tests.sample_feeds import ubl
from tests.sample_payments import BankEntry, camt
from tests.stories.test_corrected_bill_that_was_paid import corrective

PAID = date(2026, 11, 10)


@pytest.fixture
def town(store: Store, config: Config, clock: Clock, browser: Callable[[], Browser], lived: Living) -> Town:
    clock.now = datetime(2026, 11, 5, 9, tzinfo=UTC)
    town = Town(store, config, clock, browser)
    lived(Town.send, town, ubl("LUM-2026-0001", "CL-1", issued="2026-11-02", due="2026-11-30"), "facture")
    return town


def bank(town: Town, *entries: BankEntry, name: str = "M1") -> None:
    town.send(camt(entries, name=name).decode(), name)


def code(town: Town) -> str:
    """What the payment code on the bill's page asks for."""
    drawing = code_on(town.page("LUM-2026-0001"))
    return "" if drawing is None else scanned(drawing)


def test_a_part_that_was_paid_is_told_and_the_code_asks_the_rest(town: Town) -> None:
    bank(town, BankEntry("50.00", "LUM-2026-0001", "R1", PAID))
    page = town.says("LUM-2026-0001")
    assert "Déjà payé : 50,00 €. Voici le reste." in page
    assert "Paiement de 50,00 € reçu le 10 novembre 2026, selon la banque de Lumière" in page
    assert "EUR34.00" in code(town)
    assert "reste à payer" in town.listed("LUM-2026-0001")
    assert "34,00 €" in town.home()


def test_the_rest_is_paid_by_the_readers_own_word_and_back_again(town: Town) -> None:
    bank(town, BankEntry("50.00", "LUM-2026-0001", "R1", PAID))
    town.clock.forward(days=1)
    alice, act = town.sign_in(), f"/factures/{town.row('LUM-2026-0001').uid}/payee"
    alice.get(act.removesuffix("/payee"))
    alice.post(act, paid="1")
    page = town.says("LUM-2026-0001")
    assert "Payée, avez-vous indiqué" in page
    assert "Paiement de 50,00 € reçu le 10 novembre 2026, selon la banque de Lumière" in page
    assert "Lumière a reçu votre paiement" not in page
    alice.post(act, paid="0")
    assert "Déjà payé : 50,00 €. Voici le reste." in town.says("LUM-2026-0001")


def test_what_was_paid_asks_nothing(town: Town) -> None:
    bank(town, BankEntry("84.00", "LUM-2026-0001", "R1", PAID))
    page = town.says("LUM-2026-0001")
    assert "Lumière a reçu votre paiement" in page
    assert "Par virement" not in page
    assert "payée" in town.listed("LUM-2026-0001")


def test_a_payment_that_came_back_asks_again_and_says_why(town: Town) -> None:
    alice = town.sign_in()
    alice.get(f"/factures/{town.row('LUM-2026-0001').uid}")
    alice.post(f"/factures/{town.row('LUM-2026-0001').uid}/payee", paid="1")  # she says so first
    town.clock.forward(days=5)
    bank(town, BankEntry("84.00", "LUM-2026-0001", "R1", PAID, end_to_end="VIR-1"))
    assert "payée" in town.listed("LUM-2026-0001")
    back = BankEntry("84.00", ref="R2", on=date(2026, 11, 12), returns="VIR-1", reason="AM04")
    bank(town, back, name="M2")
    page = town.says("LUM-2026-0001")
    assert "Votre paiement n’a pas abouti : cette facture est de nouveau à payer." in page
    assert "Paiement de 84,00 € repris le 12 novembre 2026, selon la banque de Lumière (la provision manquait)" in page
    assert "EUR84.00" in code(town)
    assert "paiement rejeté" in town.listed("LUM-2026-0001")
    assert "84,00 €" in plain(alice.get("/").text)


def test_more_than_it_asks_is_said_on_page_and_list(town: Town) -> None:
    bank(town, BankEntry("96.00", "LUM-2026-0001", "R1", PAID))
    assert "Vous avez payé 12,00 € de trop. Lumière vous les rendra ou les déduira." in town.says("LUM-2026-0001")
    assert "payé 12,00 € de trop" in town.listed("LUM-2026-0001")
    english = plain(town.sign_in().post("/langue", language="en", suite="/").text)
    assert "€12.00 overpaid" in english


def test_the_corrective_of_a_paid_bill_asks_the_difference_everywhere(town: Town) -> None:
    bank(town, BankEntry("84.00", "LUM-2026-0001", "R1", PAID))
    issued = {"account": "CL-1", "issued": "2026-11-12", "due": "2026-11-30"}
    town.send(corrective("LUM-2026-0002", "80.00", "LUM-2026-0001", **issued), "rectificative")
    page = town.says("LUM-2026-0002")
    assert "Déjà payé : 84,00 €. Voici le reste." in page
    drawing = code_on(town.page("LUM-2026-0002"))
    assert drawing is not None
    assert "EUR12.00" in scanned(drawing)
    assert "reste à payer" in town.listed("LUM-2026-0002")
    assert "12,00 €" in town.home()
    before = town.says("LUM-2026-0001")
    assert "Si vous l’aviez déjà payée, ce paiement compte pour celle qui la remplace." in before


def test_two_correctives_of_a_paid_bill_are_told_as_open(town: Town) -> None:
    bank(town, BankEntry("84.00", "LUM-2026-0001", "R1", PAID))
    issued = {"account": "CL-1", "due": "2026-11-30"}
    town.send(corrective("LUM-2026-0002", "80.00", "LUM-2026-0001", issued="2026-11-12", **issued), "une")
    town.send(corrective("LUM-2026-0003", "75.00", "LUM-2026-0001", issued="2026-11-13", **issued), "autre")
    assert "Lumière dit pour laquelle ce paiement compte" in town.says("LUM-2026-0003")
    assert "Lumière dit pour laquelle de ses factures ce paiement compte" in town.says("LUM-2026-0001")

"""Account questions in a real browser: both sides fit side by side on a desk and one under the other on a phone, and
Mina decides without JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest

from config import Config
from portal.app import make_app
from store import Store
from store.accounts.account_question import count_questions
from store.accounts.consumer import Consumer, enrol
from store.bills.bill_lookup import bill_by_number
from tests.conftest import Clock
from tests.portal.browser.chromium_fixture import NEEDS_CHROMIUM, press
from tests.portal.browser.page_findings import CLIPPED, TOO_SMALL
from tests.portal.browser.page_pictures import take_pictures
from tests.portal.browser.served_portal import serving
from tests.portal.staff_office import PASSWORD, Office
from tests.sample_feeds import ubl

pytestmark = NEEDS_CHROMIUM
LONG = "Syndicat des copropriétaires de la résidence du Vieux-Moulin-de-la-Chaussée-Saint-Herblain"
NEWCOMERS = {
    "C-ALICE": ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon"),
    "C-BOB": (f"{LONG} {'W' * 120}", "Bâtiment B, 128 bis avenue du Général-de-Gaulle", "33000", "Bordeaux"),
    "C-CHARLIE": ("Zoé Petit", "9 allée des Pins", "06000", "Nice"),
}


@pytest.fixture
def site(store: Store, config: Config, clock: Clock) -> Iterator[str]:
    office = Office(store, config, clock).begin()
    with store.writing() as session:
        session.add(Consumer(email="alice@example.org", name="Alice Martin", password_hash="-", signed_up_at=clock()))
    before = [ubl(f"K-{who}", who) for who in NEWCOMERS]
    after = [ubl(f"N-{who}", who, person=person) for who, person in NEWCOMERS.items()]
    for name, bills in (("avril.xml", before), ("mai.xml", after)):
        office.pipeline.work_feed(office.drop(bills, name=name), clock())
    with store.writing() as session:
        bill = bill_by_number(session, 1, "K-C-ALICE")
        assert bill is not None
        enrol(session, 1, bill.account_id, clock())
    with serving(make_app(store, config, clock)) as address:
        yield address


def enter(page: Any, site: str) -> None:
    page.goto(f"{site}/equipe/connexion")
    page.get_by_label("Adresse").fill("mina@facteur.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")


def test_questions_fit_and_are_pictured(site: str, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="fr-FR")
    enter(page, site)
    for name, place in {"attente": "attente", "comptes": "comptes", "compte": "comptes/1", "long": "comptes/2"}.items():
        page.goto(f"{site}/equipe/{place}")
        for width in (320, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            take_pictures(page, f"{name}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.evaluate(TOO_SMALL) == [], (name, width)
            assert page.evaluate(CLIPPED) == [], (name, width)


def test_mina_decides_many_without_javascript(site: str, chromium: Any, store: Store) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="fr-FR", java_script_enabled=False)
    enter(page, site)
    page.goto(f"{site}/equipe/comptes")
    for who in ("C-ALICE", "C-CHARLIE"):
        page.get_by_label(f"Choisir le compte {who}").check()
    page.get_by_label("Pourquoi").fill("vu avec le service client")
    press(page, "Un nouveau titulaire")
    assert page.get_by_text("2 numéros passent à leurs nouveaux titulaires.").is_visible()
    with store.reading() as session:
        assert count_questions(session) == 1

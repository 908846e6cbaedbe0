"""The form of a held letter's address in a real browser: it fits a phone and a desk, and Mina mends one without
JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest

import delivery
from config import Config
from portal.app import make_app
from store import Store
from tests.conftest import Clock
from tests.portal.browser.chromium_fixture import NEEDS_CHROMIUM, follow, press
from tests.portal.browser.page_findings import CLIPPED, TOO_SMALL
from tests.portal.browser.served_portal import serving
from tests.portal.staff_office import PASSWORD, Office
from tests.sample_feeds import ubl

pytestmark = NEEDS_CHROMIUM
LONG = "Syndicat des copropriétaires de la résidence du Vieux-Moulin-de-la-Chaussée-Saint-Herblain"


@pytest.fixture
def site(store: Store, config: Config, clock: Clock) -> Iterator[str]:
    office = Office(store, config, clock).begin()
    people = {"C-ALICE": ("Alice Martin", "12 rue des Lilas", "", ""), "C-BOB": (LONG, "", "44000", "Nantes")}
    feed_id = office.drop([ubl(f"K-{who}", who, person=person) for who, person in people.items()], name="avril.xml")
    office.pipeline.work_feed(feed_id, clock())
    office.pipeline.close_batch(clock())
    with serving(make_app(store, config, clock)) as address:
        yield address


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_mina_mends_an_address(chromium: Any, site: str, store: Store, width: int, scheme: str) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False, locale="fr-FR"
    )
    page = context.new_page()
    page.goto(f"{site}/equipe/connexion")
    page.get_by_label("Adresse").fill("mina@facteur.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
    page.goto(f"{site}/equipe/attente")
    follow(page, "Corriger l’adresse")
    page.get_by_role("button", name="Corriger et imprimer").click()  # the browser keeps it: a town is required
    page.get_by_label("Ville").fill("Nantes")
    page.get_by_label("D’où vous tenez cette adresse").fill("au téléphone")
    press(page, "Corriger et imprimer")
    assert page.get_by_text("une lettre porte un code postal").is_visible()
    assert (page.evaluate(CLIPPED), page.evaluate(TOO_SMALL)) == ([], [])
    page.get_by_label("Code postal").fill("44000")
    press(page, "Corriger et imprimer")
    assert page.get_by_text("1 lettre part avec le prochain lot").is_visible()
    done, heading = page.locator("main > .notice").bounding_box(), page.locator("h1").bounding_box()
    assert heading["y"] - (done["y"] + done["height"]) >= 12, "air between what was done and the page"
    with store.reading() as session:
        assert delivery.count_held(session) == 1
    context.close()

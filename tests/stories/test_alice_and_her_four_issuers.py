"""Alice has four issuers in one space. In March she looks at a bill that rose, asks about it and is answered, finds an
older one by a word, and says of one that it is paid, which it is not yet."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import list_mails
from store import Store
from store.bills.bill import BillRow
from tests.portal.browser.chromium_fixture import DESK, NEEDS_CHROMIUM, PHONE, follow, press, running_chromium
from tests.portal.browser.page_findings import axe
from tests.portal.browser.sample_town_site import sign_in
from tests.portal.browser.served_portal import serving
from tests.stories.four_issuers import ALICE, CLAIRE, PASSWORD, FourIssuers
from tests.stories.story_pictures import picture_folder, take_pictures

pytestmark = NEEDS_CHROMIUM
FIRST, SIGNED_UP, TODAY = date(2025, 2, 1), date(2025, 4, 20), date(2026, 3, 20)
LUMIERE, WATER = "lumiere-ouest", "eaux-du-val"


@pytest.fixture
def world(store: Store, config: Config) -> Iterator[FourIssuers]:
    with FourIssuers.opened(store, config, (ALICE,), FIRST) as world:
        yield world


class Phone:
    """Alice's phone: the page she has open, and what stands on it."""

    def __init__(self, page: Any, site: str, pictures: Path) -> None:
        self.page, self.site, self._pictures = page, site, pictures

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def presses(self, name: str) -> None:
        press(self.page, name)

    def follows(self, name: str) -> None:
        follow(self.page, name)

    @property
    def words(self) -> str:
        """All that the page says, in one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def amounts(self, selector: str) -> list[Decimal]:
        """The amounts that these elements begin with, as `+1 234,50 €`."""
        return [money(each) for each in self.page.locator(selector).all_inner_texts()]

    def is_seen(self, name: str) -> None:
        """Pictures are taken, and axe finds nothing."""
        take_pictures(self.page, name, self._pictures)
        assert axe(self.page) == []


def money(text: str) -> Decimal:
    found = re.search(r"[+−-]?\d[\d\s]*,\d\d", text)
    assert found is not None, text
    return Decimal(re.sub(r"\s", "", found[0]).replace("−", "-").replace(",", "."))


def test_alice_understands_asks_finds_and_pays(world: FourIssuers, config: Config) -> None:
    world.live_until(SIGNED_UP)
    alice = world.signs_up(ALICE, paperless=True)
    world.hires(CLAIRE, LUMIERE)
    world.live_until(TODAY)
    march, february, january, *_ = world.bills(ALICE, LUMIERE)
    with serving(world.app) as site, running_chromium() as chromium:
        context = chromium.new_context(viewport={"width": PHONE, "height": 844}, locale="fr-FR")
        phone = Phone(context.new_page(), site, picture_folder())
        sign_in(phone.page, site, alice)
        _she_sees_all_at_one_glance(phone)
        _she_sees_why_her_bill_rose(phone, march, february, january)
        _she_asks_and_claire_answers(phone, chromium, world, march)
        _she_finds_by_a_word_by_an_amount_and_by_what_is_printed(phone, world)
        _she_says_that_it_is_paid_and_that_it_is_not(phone, march)
        context.close()
    assert not any(check(world.store).invariants.values())


def _she_sees_all_at_one_glance(phone: Phone) -> None:
    glance = phone.page.get_by_role("region", name="Vos émetteurs")
    rows = glance.get_by_role("listitem").all_inner_texts()
    assert [each.split("\n")[0] for each in rows] == [
        "Lumière de l’Ouest", "Mobile+", "Eaux du Val", "Banque du Port",
    ]  # fmt: skip
    assert glance.locator("img").count() == 4, "their marks, not letters"
    assert sum(money(each) for each in rows if "€" in each) == phone.amounts(".hero")[0]
    phone.is_seen("alice-home")


def _she_sees_why_her_bill_rose(phone: Phone, march: BillRow, february: BillRow, january: BillRow) -> None:
    phone.opens(f"/factures/{february.uid}")
    assert phone.amounts("#change .waterfall .value") == [february.payable - january.payable]
    assert "239 kWh de plus" in phone.words

    phone.opens(f"/factures/{march.uid}")  # prices rose, and the heating ran less
    *causes, whole = phone.amounts("#change .waterfall .value")
    assert sum(causes) == whole == march.payable - february.payable
    assert min(causes) < 0 < max(causes)
    phone.is_seen("alice-bill")
    phone.follows("un an avant")
    assert "4 mars 2025" in phone.words


def _she_asks_and_claire_answers(phone: Phone, chromium: Any, world: FourIssuers, bill: BillRow) -> None:
    phone.follows("Écrire à Lumière de l’Ouest")
    phone.page.get_by_label("Le compteur").check()
    phone.page.get_by_label("Votre question").fill("Mon compteur a-t-il été relevé, ou estimé ?")
    phone.presses("Envoyer")
    world.work()

    desk = chromium.new_context(viewport={"width": DESK, "height": 800}, locale="fr-FR").new_page()
    desk.goto(f"{phone.site}/equipe/connexion")
    desk.get_by_label("Adresse").fill(CLAIRE)
    desk.get_by_label("Mot de passe").fill(PASSWORD)
    press(desk, "Se connecter")
    follow(desk, "question")
    follow(desk, bill.number)
    desk.get_by_label("Votre réponse").fill("Il a été relevé le 31 janvier.\nVotre index est le bon.")
    desk.get_by_label("Votre nom").fill("Claire")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Répondre", exact=True).click()
    desk.context.close()

    world.work()
    mail = max(list_mails(world.config.inbox, ALICE.email), key=lambda each: each.at or world.now)
    assert "Claire" in mail.subject + mail.text
    [path] = set(re.findall(r"http://127\.0\.0\.1:8080(/questions/\S+)", mail.text))
    phone.opens(path)
    assert "Claire, Lumière de l’Ouest" in phone.words
    assert "Votre index est le bon." in phone.words
    phone.is_seen("alice-question")
    phone.presses("C’est réglé pour moi")


def _she_finds_by_a_word_by_an_amount_and_by_what_is_printed(phone: Phone, world: FourIssuers) -> None:
    phone.opens("/")
    asked = phone.page.get_by_role("searchbox")
    asked.press_sequentially("heures creuse")
    phone.page.locator("mark").first.wait_for()
    assert set(phone.page.locator(".rows .name").all_inner_texts()) == {"Lumière de l’Ouest"}
    assert asked.input_value() == "heures creuse", "found while she types"
    phone.is_seen("alice-search")

    bearing = {f"/factures/{row.uid}" for row in world.bills(ALICE, WATER) if row.payable == Decimal("112.68")}
    asked.fill("112,68 €")
    phone.presses("Chercher")
    found = [each.get_attribute("href") for each in phone.page.locator("main a.row").all()]
    assert {href.partition("?")[0] for href in found} == bearing


def _she_says_that_it_is_paid_and_that_it_is_not(phone: Phone, bill: BillRow) -> None:
    phone.opens("/")
    before = phone.amounts(".hero")[0]
    phone.opens(f"/factures/{bill.uid}")
    phone.presses("C’est payé")
    assert "Payée, avez-vous indiqué" in phone.words
    phone.opens("/")
    assert phone.amounts(".hero")[0] == before - bill.payable
    phone.opens(f"/factures/{bill.uid}")
    phone.presses("Finalement, pas encore payée")
    phone.opens("/")
    assert phone.amounts(".hero")[0] == before

"""Pages as somebody meets them who hears them, who has no mouse, who needs them large or wants nothing to move. A
selection; `make access` looks at every page."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from store.bills.bill import BillRow
from tests.portal.browser.chromium_fixture import DESK, NARROW, NEEDS_CHROMIUM, PHONE
from tests.portal.browser.page_findings import axe, focused, layout_findings
from tests.portal.browser.sample_town_site import Town, sign_in, sign_in_staff
from tests.portal.sample_town import PASSWORD

pytestmark = NEEDS_CHROMIUM
DOORS = ["/", "/inscription", "/connexion", "/mot-de-passe-oublie", "/c/7Q2KD", "/nowhere"]
ROOMS = [
    "/", "/contrats", "/profil", "/courriels", "/factures/annees", "/contrats/ajouter?issuer=lumiere",
    "/?emetteur=lumiere&cherche=chauffage", "/justificatif-de-domicile", "/questions",
]  # fmt: skip
STAFF = ["/equipe/", "/equipe/flux", "/equipe/adoption"]


@pytest.fixture(scope="module")
def alice(town: Town, chromium: Any) -> Iterator[Any]:
    """A page of Alice's, who has signed in."""
    page = chromium.new_context(locale="fr-FR").new_page()
    sign_in(page, town.address, town.alice)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def oscar(town: Town, chromium: Any) -> Iterator[Any]:
    """A page of an operator's."""
    page = chromium.new_context(locale="fr-FR").new_page()
    sign_in_staff(page, town.address, "oscar")
    yield page
    page.context.close()


def places(town: Town) -> list[str]:
    rise, credit = (f"/factures/{town.bill(number).uid}" for number in ("LO-12", "EAU-AV"))
    return [*ROOMS, rise, credit, f"{rise}/question", f"{rise}/pages"]


def test_axe_finds_nothing(town: Town, chromium: Any, alice: Any, oscar: Any) -> None:
    """Each page in one view, by turns on a phone at night and on a desk by day."""
    views = cycle([(PHONE, "dark"), (DESK, "light")])
    stranger = chromium.new_context(locale="fr-FR").new_page()
    found = {}
    for page, paths in ((stranger, DOORS), (alice, places(town)), (oscar, STAFF)):
        for path, (width, scheme) in zip(paths, views, strict=False):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{town.address}{path}")
            found[path, width, scheme] = axe(page)
    stranger.context.close()
    assert {path: each for path, each in found.items() if each} == {}


def test_an_operators_places_and_the_search_are_one_row_at_a_desk(town: Town, oscar: Any) -> None:
    oscar.set_viewport_size({"width": DESK, "height": 844})
    for language in ("fr", "en"):
        oscar.context.set_extra_http_headers({"Accept-Language": language})
        oscar.goto(f"{town.address}/equipe/")
        rows = oscar.evaluate(
            "[...document.querySelectorAll('.bar nav a, .bar .brand, .search input')]"
            ".map(it => [it.offsetTop, it.offsetTop + it.offsetHeight])"
        )
        assert len(rows) == 11
        assert max(top for top, _ in rows) < min(bottom for _, bottom in rows)


def test_what_axe_would_find_is_found(town: Town, alice: Any) -> None:
    alice.emulate_media(color_scheme="light")
    alice.goto(f"{town.address}/contrats")
    alice.evaluate("document.querySelector('h1').outerHTML = '<h3 id=x>Contrats</h3>'")
    alice.evaluate("document.querySelector('#x').style.color = '#aaa'")
    assert {each.split(":")[0] for each in axe(alice)} >= {"page-has-heading-one", "color-contrast"}


def test_nothing_is_cut_at_twice_the_size(town: Town, alice: Any) -> None:
    """320 px are a screen of 640 at 200 % (WCAG 1.4.10); and letters alone, twice as large, on a phone (1.4.4)."""
    found = {}
    for path in places(town):
        alice.goto(f"{town.address}{path}")
        for width, letters in ((NARROW, "100%"), (PHONE, "200%")):
            alice.set_viewport_size({"width": width, "height": 844})
            alice.evaluate(f"document.documentElement.style.fontSize = '{letters}'")
            found[path, letters] = layout_findings(alice)
    assert {path: each for path, each in found.items() if each} == {}


def test_what_a_reader_sets_is_kept_to(town: Town, alice: Any) -> None:
    """Nothing moves for whoever wants nothing to move; in the colours of their own, edges and bars still show."""
    alice.emulate_media(reduced_motion="reduce", forced_colors="active")
    for path in places(town):
        alice.goto(f"{town.address}{path}")
        assert alice.evaluate(MOVING) == [], path
        assert alice.evaluate(EDGELESS) == [], path
    alice.emulate_media(reduced_motion="no-preference", forced_colors="none")


def test_alice_needs_no_mouse(town: Town, chromium: Any) -> None:
    """Tab, Enter and Space alone: she signs in, looks for a bill, opens it, says that it is paid, and signs
    out. Whatever has the focus can be seen to have it."""
    page = chromium.new_context(locale="fr-FR", viewport={"width": DESK, "height": 844}).new_page()
    page.goto(f"{town.address}/connexion")
    page.keyboard.press("Tab")
    assert focused(page)["words"] == "Aller au contenu"
    page.keyboard.press("Enter")
    type_into(page, "Votre adresse", town.alice.email)
    type_into(page, "Votre mot de passe", PASSWORD)
    press(page, "Se connecter")
    type_into(page, "Chercher", "LO-11")
    page.keyboard.press("Enter")
    page.wait_for_url("**cherche=LO-11**")
    press(page, "Lumière de l’Ouest", leads_to="**/factures/*")
    uid = urlsplit(page.url).path.rpartition("/")[2]
    press(page, "C’est payé")
    with town.store.reading() as session:
        assert session.scalars(select(BillRow.said_paid_at).where(BillRow.uid == uid)).one() is not None
    press(page, "Se déconnecter")
    assert page.get_by_role("heading", name="Se connecter").is_visible()
    page.context.close()


def tab_to(page: Any, words: str) -> None:
    """Press Tab until something with these words has the focus: it comes within a page, and can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["tag"] != "body" or here["words"], "the focus is lost"
        if here["tag"] in {"a", "button", "input", "select", "summary", "textarea"}:
            assert here["outlined"], here
            assert here["visible"], here
        if here["words"].startswith(words) or (words in here["words"] and here["tag"] in {"a", "input"}):
            return
    pytest.fail(f"no way to {words}")


def type_into(page: Any, words: str, typed: str) -> None:
    tab_to(page, words)
    page.keyboard.type(typed)


def press(page: Any, words: str, leads_to: str = "") -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if leads_to:
        page.wait_for_url(leads_to)


#: What still moves, or would.
MOVING = """
[...document.querySelectorAll('*')].flatMap(each => {
  const style = getComputedStyle(each)
  const moves = style.animationName !== 'none' || style.transitionDuration.split(', ').some(one => parseFloat(one) > 0)
  return moves ? [each.outerHTML.slice(0, 80)] : []
})
"""
#: Buttons, fields and notices that show no edge.
EDGELESS = """
[...document.querySelectorAll('.button:not(.word), input:not([type=hidden]), select, .notice, .chip:not(.plain)')]
  .filter(each => each.checkVisibility() && each.offsetWidth > 1)
  .map(each => [each, getComputedStyle(each)])
  .filter(([each, style]) => parseFloat(style.borderBottomWidth) < 1 && style.appearance !== 'auto')
  .map(([each]) => each.outerHTML.slice(0, 80))
"""

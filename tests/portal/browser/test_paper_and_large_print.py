"""A bill's page on paper says what its PDF says, and no page is wider than the screen for who reads large print."""

from collections.abc import Iterable
from typing import Any

import pypdfium2

from tests.portal.browser.chromium_fixture import DESK, NARROW, NEEDS_CHROMIUM, press
from tests.portal.browser.sample_town_site import Town, sign_in
from tests.portal.consumers.one_bill.one_bill_links import token_of_letter
from tests.portal.sample_town import World, a_bill

pytestmark = NEEDS_CHROMIUM
#: A phone at 200 %, in CSS pixels.
HALF_A_PHONE = 195


def printed(page: Any) -> list[str]:
    """The text of each page that the browser prints."""
    with pypdfium2.PdfDocument(page.pdf(format="A4")) as document:
        return [" ".join(each.get_textpage().get_text_range().split()) for each in document]


def too_wide(page: Any, widths: Iterable[int], *paths: str) -> dict[tuple[str, int], int]:
    """How wide the pages are that are wider than the screen."""
    found = {}
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 844})
            found[path, width] = page.evaluate("document.documentElement.scrollWidth")
    return {(path, most): width for (path, most), width in found.items() if width > most}


def test_a_bill_is_printed_whole(town: Town, chromium: Any) -> None:
    """Days in full, with the words before them; what is folded is opened; no ways to elsewhere, no night."""
    page = chromium.new_page(viewport={"width": DESK, "height": 844}, color_scheme="dark", locale="fr-FR")
    sign_in(page, town.address, town.alice)
    page.goto(f"{town.address}/factures/{town.bill('LO-00').uid}")
    pages = printed(page)
    said = " ".join(pages)
    assert "à payer avant le 20 mars 2026" in said
    for text in (
        "FR40303265045",
        "12 rue des Lilas",
        "du 29 janvier 2026 au 27 février 2026",
        "FR76 3000 6000 0112 3456 7890 189",
    ):
        assert text in said
    for text in (
        "Télécharger",
        "Se déconnecter",
        "Vos réglages",
        "Toutes les factures",
        "C’est payé",
        "Autres formats",
    ):
        assert text not in said
    assert [f"{n} / {len(pages)}" in each for n, each in enumerate(pages, 1)] == [True] * len(pages)
    assert "Comment payer" in pages[0]
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.close()


def test_a_long_bill_repeats_the_heads_of_its_columns_and_says_its_total_once(town: Town, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": DESK, "height": 844}, locale="fr-FR")
    sign_in(page, town.address, town.alice)
    page.goto(f"{town.address}/factures/{town.bill('LO-00').uid}")
    page.evaluate("""
        () => { const body = document.querySelector('.bill-lines tbody'), row = body.querySelector('tr');
                for (let n = 0; n < 90; n++) body.append(row.cloneNode(true)) }
    """)
    said = printed(page)
    with_lines = [each for each in said if each.count("Consommation d’électricité") > 5]
    assert len(with_lines) > 2
    assert all("Désignation Quantité Prix unitaire" in each for each in with_lines)
    assert sum(each.count("Total HT") for each in said) == 1
    page.close()


def test_no_page_is_wider_than_the_screen_in_large_print(town: Town, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": DESK, "height": 844}, locale="fr-FR")
    world = World(town.store, town.clock())
    [of_nobody] = world.drop(world.issuer("ville", "Ville de Nantes"), [a_bill("V-1", "V-9", world.today)]).values()
    one_bill = f"{town.address}/f/{token_of_letter(world, of_nobody)}"
    page.goto(one_bill)
    press(page, "Voir ma facture")
    assert too_wide(page, (NARROW, HALF_A_PHONE), one_bill) == {}
    sign_in(page, town.address, town.alice)
    bill = f"/factures/{town.bill('LO-00').uid}"
    water = f"/factures/{town.bill('EAU-2').uid}"
    for large in (True, False):
        page.goto(f"{town.address}/profil")
        with page.expect_navigation():
            page.get_by_role("button", name="Gros caractères" if large else "Caractères ordinaires").click()
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert (size >= 24) is large  # 18 points
        paths = ("/", bill, water, f"{bill}/pages", "/contrats", "/profil")
        assert too_wide(page, (NARROW, HALF_A_PHONE), *(f"{town.address}{path}" for path in paths)) == {}
    page.close()

"""The list follows while somebody types: the box keeps its focus, the count is said, and back leads back."""

from typing import Any

from tests.portal.browser.chromium_fixture import NEEDS_CHROMIUM, PHONE
from tests.portal.browser.page_findings import axe
from tests.portal.browser.sample_town_site import Town, sign_in

pytestmark = NEEDS_CHROMIUM


def test_the_list_follows_while_somebody_types(town: Town, chromium: Any) -> None:
    context = chromium.new_context(viewport={"width": PHONE, "height": 844}, locale="fr-FR")
    page = context.new_page()
    sign_in(page, town.address, town.alice)
    page.goto(town.address)
    page.locator("#cherche").press_sequentially("coffre", delay=5)
    page.wait_for_url("**cherche=coffre*")
    assert page.locator("#trouvees").inner_text() == "1 facture"
    assert page.locator(".row mark").all_inner_texts() == ["coffre"]
    assert page.evaluate("document.activeElement.id") == "cherche"
    assert page.title().startswith("Factures qui disent")
    assert axe(page) == []
    page.locator("#cherche").press_sequentially("zzz", delay=5)
    page.wait_for_url("**cherche=coffrezzz*")
    assert "Rien de tel" in page.locator("[data-found=list]").inner_text()
    page.go_back()
    page.locator(".row .name").nth(10).wait_for()
    assert page.locator("#cherche").input_value() == ""
    context.close()

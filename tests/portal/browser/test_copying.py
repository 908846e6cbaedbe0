"""Paying from the page: values are copied by a button that is there with a script; a phone need not scan itself."""

from typing import Any

from tests.portal.browser.chromium_fixture import DESK, NEEDS_CHROMIUM, PHONE
from tests.portal.browser.sample_town_site import Town, sign_in

pytestmark = NEEDS_CHROMIUM


def page_of_bill(town: Town, chromium: Any, **context: Any) -> Any:
    page = chromium.new_context(locale="fr-FR", **context).new_page()
    sign_in(page, town.address, town.alice)
    page.goto(f"{town.address}/factures/{town.bill('LO-12').uid}")
    return page


def test_alice_copies_the_iban_by_keyboard_and_hears_it(town: Town, chromium: Any) -> None:
    page = page_of_bill(town, chromium, viewport={"width": DESK, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=town.address)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    button = page.get_by_role("button", name="Copier IBAN")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('copied').textContent")
    assert page.get_by_role("status").last.text_content() == "IBAN\u00a0: copié"
    assert page.get_by_role("button", name="Copié IBAN").count() == 1
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".copied").first.text_content().replace(" ", "").replace("\u00a0", "")
    page.get_by_role("button", name="Copier Montant").click()
    assert page.evaluate("navigator.clipboard.readText()") == "96,88"
    assert broken == []
    assert page.locator(".code-beside .qr").is_visible()
    assert not page.locator(".code-elsewhere").is_visible()
    page.context.close()


def test_a_phone_folds_the_code_that_it_cannot_scan(town: Town, chromium: Any) -> None:
    """Without a script too: nothing to press that does nothing."""
    page = page_of_bill(
        town,
        chromium,
        viewport={"width": PHONE, "height": 844},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=False,
    )
    assert page.get_by_role("button", name="Copier IBAN").count() == 0
    assert not page.locator(".code-beside").is_visible()
    code = page.locator(".code-elsewhere .qr")
    assert not code.is_visible()
    page.get_by_text("Afficher le code pour un autre appareil").click()
    assert code.is_visible()
    assert code.bounding_box()["width"] > 100
    page.emulate_media(media="print")
    assert page.locator(".code-beside .qr").is_visible()
    page.context.close()

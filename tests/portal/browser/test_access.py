"""Pages as somebody meets them who hears them, who has no mouse, or who needs them large: axe finds nothing."""

from typing import Any

import pytest

from tests.portal.browser.chromium_fixture import DESK, NEEDS_CHROMIUM, PHONE
from tests.portal.browser.page_findings import axe
from tests.portal.browser.sample_town_site import Town, sign_in

pytestmark = NEEDS_CHROMIUM


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing(town: Town, chromium: Any, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, locale="fr-FR")
    page = context.new_page()
    found = {}
    for path in ("/connexion",):
        page.goto(f"{town.address}{path}")
        found[path] = axe(page)
    sign_in(page, town.address, town.alice)
    for path in ("/", f"/factures/{town.bill('LO-12').uid}"):
        page.goto(f"{town.address}{path}")
        found[path] = axe(page)
    context.close()
    assert {path: each for path, each in found.items() if each} == {}

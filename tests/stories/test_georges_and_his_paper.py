"""Georges is seventy-eight and has his bills on paper, in large print. Once he scans the code on a letter with his
phone: he sees that bill without a password, large, knows whom to call, and stays on paper."""

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader, PdfWriter

from audit.run_all_checks import check
from config import Config
from store import Store
from store.accounts.consumer import Consumer
from tests.portal.browser.chromium_fixture import NARROW, NEEDS_CHROMIUM, PHONE, press, running_chromium
from tests.portal.browser.page_findings import layout_findings
from tests.portal.browser.served_portal import serving
from tests.render.sample_bills import codes_on, picture_of
from tests.stories.four_issuers import GEORGES, FourIssuers
from tests.stories.story_pictures import picture_folder, take_pictures

pytestmark = NEEDS_CHROMIUM
DECEMBER, MARCH = date(2025, 12, 1), date(2026, 3, 20)
SLUG, AMOUNT = "lumiere-ouest", "137,46 €"


@pytest.fixture
def world(store: Store, config: Config) -> Iterator[FourIssuers]:
    with FourIssuers.opened(store, config, (GEORGES,), DECEMBER) as world:
        world.live_until(date(2026, 1, 20))
        world.customers()
        yield world


def letter_of(outbox: Path, number: str) -> list[Any]:
    """The pages of this bill's letter, as they lie in the print house's files."""
    for path in outbox.glob("lot-*.json"):
        for piece in json.loads(path.read_text()).get("pieces", []):
            if piece["bill"] == number:
                first = piece["first_page"] - 1
                printed = PdfReader(outbox / f"{path.stem}-{piece['file']}.pdf")
                return printed.pages[first : first + piece["pages"]]
    raise AssertionError(f"no letter of {number}")


def alone(page: Any) -> bytes:
    """This page as a PDF of its own."""
    written, content = PdfWriter(), BytesIO()
    written.add_page(page)
    written.write(content)
    return content.getvalue()


def link_on(page: Any) -> str:
    """The path that a phone opens which scans this page."""
    [address] = [code for code in codes_on(picture_of(alone(page))) if code.startswith(b"http")]
    return urlsplit(address.decode()).path


def large_words(page: Any, least: int) -> list[str]:
    """The words on a printed page of at least this height, in points."""
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=alone(page), capture_output=True, check=True)
    words = re.findall(r'yMin="([\d.]+)".*?yMax="([\d.]+)">([^<]+)<', told.stdout.decode())
    return [word for top, bottom, word in words if float(bottom) - float(top) >= least]


def test_georges_scans_a_letter_once_and_stays_on_paper(world: FourIssuers, config: Config) -> None:
    world.live_until(MARCH)
    bill, pictures = world.bills(GEORGES, SLUG)[0], picture_folder()
    letter = letter_of(config.outbox, bill.number)
    assert "Georges Prigent" in letter[0].extract_text()
    assert large_words(letter[1], 36) == AMOUNT.split(), "before the bill itself"
    link = link_on(letter[0])

    with serving(world.app) as site, running_chromium() as chromium:
        context = chromium.new_context(
            viewport={"width": PHONE, "height": 844}, locale="fr-FR", java_script_enabled=False, has_touch=True,
            is_mobile=True,
        )  # fmt: skip
        page = context.new_page()
        page.goto(f"{site}{link}")
        assert bill.number not in page.content(), "who only looks at the address sees nothing"
        press(page, "Voir")
        assert page.locator(".hero").inner_text().split("\n")[0].replace("\xa0", " ") == AMOUNT
        assert page.get_by_text("à payer avant le 3 avril").is_visible()
        assert page.get_by_role("link", name="Payer chez Lumière de l’Ouest").is_visible()
        assert page.locator("a.call").get_attribute("href").startswith("tel:"), "he would rather ask somebody"
        assert page.locator(".code-beside").is_hidden(), "his phone cannot scan itself"
        take_pictures(page, "georges-bill", pictures)
        for width in (NARROW, PHONE // 2):  # the latter is his phone at 200 %
            page.set_viewport_size({"width": width, "height": 844})
            assert layout_findings(page) == {}
        context.close()

    world.live_until(date(2026, 4, 20))
    april = world.bills(GEORGES, SLUG)[0]
    assert april.number != bill.number
    assert letter_of(config.outbox, april.number), "nothing that he did asked for less paper"
    with world.store.reading() as session:
        assert session.query(Consumer).count() == 0
    assert not any(check(world.store).invariants.values())

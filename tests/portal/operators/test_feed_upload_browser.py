"""Mina drags files onto the page in a real browser: each is sent by itself and followed without loading the page."""

from pathlib import Path
from typing import Any

from flask import Flask

from tests.portal.browser.chromium_fixture import DESK, NEEDS_CHROMIUM, PHONE
from tests.portal.browser.page_findings import axe, layout_findings
from tests.portal.browser.page_pictures import take_picture
from tests.portal.browser.sample_town_site import sign_in_staff
from tests.portal.browser.served_portal import serving
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl

pytestmark = NEEDS_CHROMIUM

#: Drops files on the page as a pointer does, by name and content.
DRAG = """files => {
  const held = new DataTransfer();
  for (const [name, text] of files) held.items.add(new File([text], name));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: held }));
}"""


def test_files_dragged_onto_the_page_are_sent_and_followed(office: Office, app: Flask, chromium: Any) -> None:
    with serving(app) as address:
        page = chromium.new_context(locale="fr-FR").new_page()
        sign_in_staff(page, address, "mina")
        page.goto(f"{address}/equipe/flux/depot")
        page.evaluate("window.isSamePage = true")
        april = batch([ubl("A-1"), ubl("A-2")]).decode()
        page.evaluate(DRAG, [["avril.xml", april], ["rien.xml", ""]])
        page.get_by_text("Il n’y a rien dedans").first.wait_for()
        page.locator(".on-its-way").get_by_text("avril.xml").wait_for()
        assert page.locator("#envois li").count() == 1, "the feed is followed below; what was refused stays here"
        _look(page, "upload")
        office.pipeline.work_until_idle(office.clock())
        done = page.locator(".on-its-way", has_text="avril.xml").get_by_text("en route")
        done.wait_for(timeout=10_000)
        page.locator("[data-live][data-every='0']").wait_for(state="attached")  # it asked once more, and no more
        assert page.evaluate("window.isSamePage"), "nothing was loaded again"


def _look(page: Any, name: str) -> None:
    for width, scheme in ((320, "dark"), (PHONE, "light"), (DESK, "dark"), (DESK, "light")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        take_picture(page, f"{name}-{width}-{scheme}")
        assert [*axe(page), *layout_findings(page).items()] == [], (width, scheme)


def test_the_form_sends_files_without_the_script(office: Office, app: Flask, chromium: Any, tmp_path: Path) -> None:
    (tmp_path / "mai.xml").write_bytes(batch([ubl("M-1")]))
    with serving(app) as address:
        page = chromium.new_context(locale="fr-FR", java_script_enabled=False).new_page()
        sign_in_staff(page, address, "mina")
        page.goto(f"{address}/equipe/flux/depot")
        page.get_by_label("Vos fichiers").set_input_files(tmp_path / "mai.xml")
        page.get_by_role("button", name="Déposer").click()
        assert page.locator(".on-its-way").first.get_by_text("mai.xml").count() == 1

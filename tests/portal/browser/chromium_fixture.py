"""A real browser for the tests of one file. The fixture is known everywhere; a file that uses it says

pytestmark = NEEDS_CHROMIUM
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"),
]
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
]  # fmt: skip
#: Widths to look at, in CSS pixels. The least is also a screen of 640 at 200 % (WCAG 2.2, 1.4.10).
NARROW, PHONE, TABLET, DESK = 320, 390, 768, 1280
SCHEMES = ("light", "dark")


@contextmanager
def running_chromium() -> Iterator[Any]:
    """A browser: each test opens pages of its own (`new_page` has cookies of its own). Until it closes, the thread of
    the tests has a running event loop, so that no inbox can be opened or closed there."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[test]'")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for all tests of a file."""
    with running_chromium() as browser:
        yield browser


def press(page: Any, name: str) -> None:
    """Press the first button of this name, which leads to a page, and wait until that page is whole: what is read or
    counted at once would else be of a page that is still coming in."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def follow(page: Any, name: str) -> None:
    """Follow the first link of this name, and wait until the page that it leads to is whole."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()

"""What search engines keep of the portal: its doors, and nothing that a link from a letter or a mail opens."""

from collections.abc import Callable
from urllib.robotparser import RobotFileParser

import pytest

from store import Store
from tests.portal.conftest import Browser
from tests.portal.sample_town import World

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]


def test_robots_are_told_in_a_valid_file(browser: NewBrowser) -> None:
    answer = browser().get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    assert robots.can_fetch("any", "/")


def test_a_browser_that_asks_for_an_icon_gets_ours(browser: NewBrowser) -> None:
    answer = browser().get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


@pytest.mark.parametrize("path", ["/", "/inscription", "/connexion"])
def test_the_doors_are_found_and_say_what_they_are(browser: NewBrowser, path: str) -> None:
    answer = browser().get(path)
    assert "X-Robots-Tag" not in answer.headers
    assert '<meta name="description" content="Électricité, eau' in answer.text


@pytest.mark.parametrize(
    "path",
    ["/f/x", "/c/7Q2KD", "/mot-de-passe/x", "/inscription/confirmer/x", "/objection/", "/desabonnement/",
     "/equipe/connexion", "/equipe/invitation/x", "/nowhere"],
)  # fmt: skip
def test_what_a_link_opens_is_not_kept(browser: NewBrowser, path: str) -> None:
    assert browser().get(path).headers["X-Robots-Tag"].startswith("noindex")


def test_a_crawler_sees_no_bill(browser: NewBrowser, world: World, store: Store) -> None:
    """It is led to the sign-in; who has signed in gets pages that nothing keeps."""
    crawler, alice = browser(), browser()
    for path in ("/contrats", "/factures/annees", "/profil"):
        assert crawler.client.get(path).status_code == 303
    alice.sign_in(world.consumer("Alice Martin"))
    assert alice.get("/").headers["Cache-Control"] == "no-store"

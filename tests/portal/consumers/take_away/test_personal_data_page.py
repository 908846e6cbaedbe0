"""Alice reads what is kept about her, and saves it as a file; a session left open is not enough."""

import json
from collections.abc import Callable

from store.accounts.consumer import Consumer
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import World, furnish


def test_alice_reads_and_saves_what_is_kept_about_her(
    world: World, browser: Callable[[], Browser], clock: Clock
) -> None:
    numbers = furnish(world)
    alice: Consumer = world.consumer("Alice Martin", holds={numbers["lumiere"]: "C-1001"})
    mine = browser()
    mine.sign_in(alice)
    assert 'href="/mes-donnees"' in mine.get("/profil").text
    page = mine.get("/mes-donnees").text
    assert "Tout ce que nous gardons à votre sujet" in page
    assert page.count("<h2>") == 16
    assert page.count("Par quelle loi") == 15
    assert "alice@exemple.fr" in page
    assert "C-1001" in page
    assert "RGPD, art. 7.1" in page

    answer = mine.client.get("/mes-donnees.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.data)
    assert found["format"] == "facteur.personal-data"
    assert len(found["categories"]) == 15
    clock.forward(minutes=11)
    for path in ("/mes-donnees", "/mes-donnees.json"):
        assert mine.client.get(path).headers["Location"].startswith("/confirmer-identite")

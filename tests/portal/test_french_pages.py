"""Pages of French readers are set as French is, also where templates put sentences, names and amounts together."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.french_setting import badly_set
from tests.portal.conftest import Browser
from tests.portal.sample_town import World, furnish, furnish_kinds
from tests.portal.test_pseudo_locale import DOORS, Visit

pytestmark = pytest.mark.beside_any_database


def wrong_on(visit: Visit) -> dict[str, list[str]]:
    """What is wrong, by page; sheets have plain blanks alone (`export.saved_files.csv_table`)."""
    pages = {path: text for path, text in visit.seen.items() if ".csv" not in path}
    return {path: found for path, text in pages.items() if (found := badly_set(text))}


def test_a_consumers_pages(app: Flask, world: World, browser: Callable[[], Browser]) -> None:
    numbers = furnish(world)
    gaz = furnish_kinds(world)
    holds = dict(zip(numbers.values(), ("C-1001", "R-1187", "0612345678", "00412"), strict=True)) | {gaz: "G-7"}
    alice = world.consumer("Alice Martin", holds=holds)
    stranger, mine = Visit(app, browser(), "fr"), Visit(app, browser(), "fr")
    stranger.through(*DOORS)
    mine.mine.sign_in(alice)
    mine.through("/", "/contrats", "/profil", "/contrats/ajouter?issuer=lumiere", "/?q=rien")
    assert len(mine.seen) > 20
    assert wrong_on(stranger) | wrong_on(mine) == {}


def test_the_staffs_pages(app: Flask, staff: Callable[[str], Browser]) -> None:
    oscar = Visit(app, staff("oscar"), "fr")
    oscar.through("/equipe/", "/equipe/conflits", "/equipe/comptes", "/equipe/litiges", "/equipe/attente")
    assert len(oscar.seen) > 20
    assert wrong_on(oscar) == {}

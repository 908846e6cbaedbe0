"""How pages are built. Every page of the portal is looked at where `test_pseudo_locale` visits it; here each fault is
shown to be found, and error pages are looked at, in the reader's language."""

from collections.abc import Callable

import pytest
from flask import Flask, abort

from portal.access.route_policy import POLICY, RoutePolicy
from portal.error_pages import WORDS
from tests.portal.conftest import Browser
from tests.portal.page_structure import structure_faults

pytestmark = pytest.mark.beside_any_database

GOOD = """<!doctype html><html lang="fr"><head><title>Vos factures · Facteur</title>
<meta name="description" content="Toutes vos factures"></head><body>
<header><nav aria-label="Votre espace"><a href="/">Factures</a></nav></header>
<main><h1>Vos factures</h1><h2>Février</h2>
<form><label for="email">Adresse</label><input id="email" type="email" autocomplete="email"></form>
<table><caption>Montants</caption><tr><td></td><th>Date</th></tr></table>
<p><a href="/pdf"><img src="x" alt="Le PDF"></a><svg aria-hidden="true"></svg></p>
</main><footer><p>Facteur</p></footer></body></html>"""


def test_a_good_page_has_no_fault() -> None:
    assert structure_faults(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('<html lang="fr">', "<html>", "no language"),
        ("Vos factures · Facteur", " · Facteur", "no title"),
        ('content="Toutes vos factures"', 'content=""', "no description"),
        ("<h1>Vos factures</h1>", "<p>Vos factures</p>", "0 main headings"),
        ("<h2>Février</h2>", "<h1>Février</h1>", "2 main headings"),
        ("<h2>Février</h2>", "<h3>Février</h3>", "a heading of level 3 after one of level 1"),
        ("<h1>Vos factures</h1><h2>Février</h2>", "<h2>Février</h2><h1>Vos</h1>", "the main heading is not the first"),
        ("<h2>Février</h2>", "<h2> </h2>", "an empty heading"),
        ("<footer><p>Facteur</p></footer>", "", "0 of footer"),
        ("<main>", '<main><nav aria-label="Votre espace"></nav>', "several of nav"),
        ('<label for="email">', "<label>", "a field without a label"),
        ('<label for="email">', '<label for="mail">', "for of what is not there"),
        (' autocomplete="email"', "", "a field that no browser fills in"),
        ("<td></td>", "<th></th>", "an empty head"),
        ("<caption>Montants</caption>", "", "a table without a name"),
        (' alt="Le PDF"', "", "a picture without words"),
        (' alt="Le PDF"', ' alt=""', "nothing to press by"),
        ('<svg aria-hidden="true">', "<svg>", "a drawing without words"),
        ("<p><a", '<p id="email"><a', "an id twice"),
        ("<p><a", '<p tabindex="2"><a', "an order of the tab key"),
        ("<a href", "<a name", "a dead end"),
    ],
)
def test_each_fault_is_found(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    page = GOOD.replace(good, bad)
    page = page.replace("<form>", "<div>").replace("</form>", "</div>") if fault == "a dead end" else page
    assert any(each.startswith(fault) for each in structure_faults(page)), structure_faults(page)


@pytest.mark.parametrize(("reads", "home"), [("fr", "Aller à l’accueil"), ("en", "Go to the start page")])
def test_an_error_says_what_to_do_and_leads_on(
    app: Flask, browser: Callable[[], Browser], monkeypatch: pytest.MonkeyPatch, reads: str, home: str
) -> None:
    app.add_url_rule("/fails/<int:code>", "health.fail", lambda code: abort(code))
    app.testing = False
    monkeypatch.setitem(POLICY, ("health.fail", "GET"), RoutePolicy("public"))
    somebody = browser()
    for code in WORDS:
        answer = somebody.get(f"/fails/{code}", headers={"Accept-Language": reads})
        assert answer.status_code == code
        assert structure_faults(answer.text) == []
        assert home in answer.text
        assert f'<html lang="{reads}">' in answer.text

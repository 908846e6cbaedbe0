"""Georges reads large print: one press makes every page larger, for good and on each of his devices."""

import re

import pytest
from flask import Flask

from store import Store
from store.accounts.consumer import Consumer
from tests.portal.consumers.bills.test_bills import NewBrowser
from tests.portal.sample_town import World

pytestmark = pytest.mark.beside_any_database

LARGE = '<html lang="fr" class="large-print">'


def test_larger_type_before_and_after_signing_in(browser: NewBrowser, world: World, store: Store) -> None:
    tablet = browser()
    assert LARGE not in tablet.get("/connexion").text
    assert LARGE in tablet.post("/caracteres", large="on", suite="/connexion").text
    assert "Caractères ordinaires" in tablet.get("/connexion").text
    assert LARGE in tablet.post("/caracteres", large="yes", suite="/connexion").text

    georges = world.consumer("Georges Petit")
    tablet.sign_in(georges)
    assert LARGE not in tablet.get("/").text
    assert LARGE in tablet.post("/caracteres", large="on", suite="/profil").text
    with store.reading() as session:
        assert session.get_one(Consumer, georges.id).large_print

    phone = browser()
    phone.sign_in(georges)
    assert LARGE in phone.get("/").text
    assert LARGE not in phone.post("/caracteres", large="off", suite="/").text
    assert LARGE not in tablet.get("/").text


def test_the_choice_leads_back_and_nowhere_else(browser: NewBrowser, app: Flask) -> None:
    tablet = browser()
    page = tablet.get("/connexion?suite=/profil").text
    assert re.search(r'name="suite" value="/connexion\?suite=/profil"', page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"large": "on", "suite": "https://elsewhere.example", "csrf_token": token[1]}
    assert tablet.client.post("/caracteres", data=form).headers["Location"] == "/"

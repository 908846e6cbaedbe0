"""What is sensitive asks who the visitor is, if that was proved more than ten minutes ago, and leads back."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.access.route_policy import POLICY
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import PASSWORD, World

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]
SignedIn = Callable[[str], Browser]
OTHER = "une tout autre phrase"


@pytest.fixture
def alice(browser: NewBrowser, world: World) -> Browser:
    mine = browser()
    mine.sign_in(world.consumer("Alice Martin"))
    return mine


def change_password(alice: Browser) -> None:
    alice.get("/profil")
    alice.post("/profil/mot-de-passe", old=PASSWORD, password=OTHER)


def test_who_has_just_signed_in_is_not_asked(alice: Browser, clock: Clock) -> None:
    clock.forward(minutes=9, seconds=59)
    change_password(alice)
    assert "Votre nouveau mot de passe est enregistré" in alice.page.text


def test_a_form_is_not_sent_and_the_visitor_is_told_so(alice: Browser, clock: Clock) -> None:
    clock.forward(minutes=10)
    change_password(alice)
    assert (alice.page.request.path, "Rien n’a encore été envoyé" in alice.page.text) == ("/confirmer-identite", True)
    wrong = alice.post("/confirmer-identite/mot-de-passe", password="au hasard", suite="/profil", formulaire="1")
    assert (wrong.status_code, "Ce n’est pas votre mot de passe." in wrong.text) == (422, True)
    assert 'name="suite" value="/profil"' in wrong.text
    alice.post("/confirmer-identite/mot-de-passe", password=PASSWORD, suite="/profil", formulaire="1")
    assert alice.page.request.path == "/profil"
    assert "validez de nouveau" in alice.page.text
    change_password(alice)
    assert "Votre nouveau mot de passe est enregistré" in alice.page.text


def test_a_page_is_led_back_to_with_its_question(staff: SignedIn, clock: Clock) -> None:
    oscar = staff("oscar")
    clock.forward(minutes=11)
    oscar.get("/equipe/membres")
    path = oscar.page.text.split('/retirer"')[0].rpartition('"')[2] + "/retirer"
    oscar.get(f"{path}?x=1")
    assert oscar.page.request.path == "/equipe/confirmer-identite"
    assert f'name="suite" value="{path}?x=1"' in oscar.page.text
    oscar.post("/equipe/confirmer-identite/mot-de-passe", password=PASSWORD, suite=f"{path}?x=1")
    assert (oscar.page.request.path, "Rien n’a encore été envoyé" in oscar.page.text) == (path, False)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/x\n//y", ""])
def test_nobody_is_led_elsewhere(elsewhere: str, alice: Browser) -> None:
    alice.get("/confirmer-identite", query_string={"suite": elsewhere})
    assert '<input type="hidden" name="suite" value="">' in alice.page.text
    alice.post("/confirmer-identite/mot-de-passe", password=PASSWORD, suite=elsewhere)
    assert (alice.page.request.host, alice.page.request.path) == ("localhost", "/")


def test_a_proof_is_of_its_session(alice: Browser, browser: NewBrowser, world: World, clock: Clock) -> None:
    """Neither a copy of an old cookie nor another's proof is fresh."""
    cookie = alice.client.get_cookie("facteur")
    assert cookie is not None
    clock.forward(minutes=11)
    alice.get("/confirmer-identite")
    alice.post("/confirmer-identite/mot-de-passe", password=PASSWORD, suite="/profil")
    thief = browser()
    thief.client.set_cookie("facteur", cookie.value)
    change_password(thief)
    assert thief.page.request.path == "/confirmer-identite"


def test_who_guesses_at_the_proof_is_slowed_down(alice: Browser) -> None:
    alice.get("/confirmer-identite")
    tries = [alice.post("/confirmer-identite/mot-de-passe", password=f"essai {n}").status_code for n in range(21)]
    assert tries[-2:] == [422, 429]


def test_each_form_that_needs_a_proof_has_a_page_to_lead_back_to(app: Flask) -> None:
    """Of each sensitive POST: a GET at its own address, or the endpoint named as its form, whose places it has."""
    rules = {each.endpoint: each for each in app.url_map.iter_rules()}
    pages = {(each.rule, "GET" in (each.methods or ())) for each in rules.values()}
    for (endpoint, method), line in POLICY.items():
        if line.fresh and method != "GET":
            form = rules[line.form or endpoint]
            assert (form.rule, True) in pages, endpoint
            assert form.arguments <= rules[endpoint].arguments, endpoint
            assert not line.form or POLICY[line.form, "GET"].who in {line.who, "staff"}, endpoint

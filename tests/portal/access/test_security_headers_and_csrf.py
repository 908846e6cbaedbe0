"""Headers, cookies, forged forms, sizes, and the pages that say no."""

from collections.abc import Callable

import msgspec
import pytest
from flask import Flask

from config import Config
from portal.app import make_app
from portal.error_pages import WORDS
from store import Store
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import PASSWORD, World
from tests.word_catalogues import said

pytestmark = pytest.mark.beside_any_database


def test_every_answer_is_guarded(app: Flask) -> None:
    client = app.test_client()
    for path in ("/", "/connexion", "/nowhere", "/static/facteur.css", "/v1/feeds", "/sante"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/facteur.css").headers["Cache-Control"]


def test_pages_hold_no_script_and_no_style_of_their_own(browser: Callable[[], Browser], world: World) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    for path in ("/", "/contrats", "/contrats/ajouter", "/profil", "/courrier"):
        page = alice.get(path).text
        assert "<script" not in page
        assert " style=" not in page
        assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_cookie_is_ours_alone(store: Store, config: Config, clock: Clock) -> None:
    plain = make_app(store, config, clock).test_client().get("/connexion").headers["Set-Cookie"]
    assert plain.startswith("facteur=")
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    public = msgspec.structs.replace(config, public_url="https://factures.exemple.fr")
    answer = make_app(store, public, clock).test_client().get("/connexion", base_url="https://factures.exemple.fr")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-facteur=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]


def test_another_secret_opens_no_session(store: Store, config: Config, clock: Clock, world: World) -> None:
    alice = Browser(make_app(store, config, clock).test_client())
    alice.sign_in(world.consumer("Alice Martin"))
    cookie = alice.client.get_cookie("facteur")
    assert cookie is not None
    keys = KeyRing(b"another secret, as long as it needs be")
    elsewhere = Store(store.engine, store.blobs, keys, store.wake_up, store.incoming)
    other = make_app(elsewhere, config, clock)
    thief = other.test_client()
    thief.set_cookie("facteur", cookie.value)
    assert thief.get("/contrats").status_code == 303


@pytest.mark.parametrize("path", ["/connexion", "/inscription", "/langue", "/profil", "/deconnexion"])
def test_a_forged_form_is_refused(path: str, browser: Callable[[], Browser], world: World) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    for token in ({}, {"csrf_token": "invented"}):
        answer = alice.client.post(path, data={"email": "alice@exemple.fr", "password": PASSWORD} | token)
        assert answer.status_code == 400
        assert "Cette page a trop attendu" in answer.text
    assert alice.get("/contrats").request.path == "/contrats"


def test_too_large_a_form_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/connexion", data={"email": "x" * 70_000})
    assert answer.status_code == 413
    assert "C’est trop lourd" in answer.text


def test_what_broke_is_not_told(app: Flask, world: World) -> None:
    app.add_url_rule("/sante2", "health.broken", lambda: 1 // 0)
    from portal.access.route_policy import POLICY, RoutePolicy

    POLICY["health.broken", "GET"] = RoutePolicy("public")
    try:
        answer = app.test_client().get("/sante2")
    finally:
        del POLICY["health.broken", "GET"]
    assert answer.status_code == 500
    assert "C’est notre faute" in answer.text
    assert "ZeroDivision" not in answer.text


def test_no_page_says_what_is_there(browser: Callable[[], Browser], world: World) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    pages = [alice.get(path) for path in ("/nowhere", "/factures/x", "/contrats/1/quitter", "/emetteurs/x/logo")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.data for page in pages}) == 1


def test_every_refusal_is_in_both_languages(app: Flask) -> None:
    for words in WORDS.values():
        assert set(words) <= said("sentences").keys()

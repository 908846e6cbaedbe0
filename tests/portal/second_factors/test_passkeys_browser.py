"""A passkey in a real browser, by Chromium's virtual authenticator; without a script the other ways in stay."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from config import Config
from portal.app import make_app
from store import Store
from tests.conftest import Clock
from tests.portal.browser.chromium_fixture import NEEDS_CHROMIUM, PHONE, press
from tests.portal.browser.served_portal import serving
from tests.portal.sample_town import PASSWORD, World

pytestmark = NEEDS_CHROMIUM

#: A phone's own authenticator, whose user holds a finger on it (W3C WebAuthn 3, 11.3).
PLATFORM = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def address(store: Store, config: Config, clock: Clock) -> Iterator[str]:
    """A portal that is served under a name, which passkeys need."""
    app = make_app(store, config, clock)
    with serving(app) as numbered:
        named = numbered.replace("127.0.0.1", "localhost")
        here = app.extensions["facteur"]
        app.extensions["facteur"] = here._replace(config=msgspec.structs.replace(config, public_url=named))
        yield named


def test_a_passkey_is_made_and_opens_the_space(chromium: Any, address: str, world: World, store: Store) -> None:
    email = world.consumer("Alice Martin").email
    page = chromium.new_context(locale="fr-FR", viewport={"width": PHONE, "height": 844}).new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM})["authenticatorId"]
    page.goto(f"{address}/connexion?suite=/securite/cles/ajouter")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    press(page, "Se connecter")
    page.fill("#name", "Mon téléphone")
    press(page, "Faire la clé d’accès")
    assert page.locator(".recovery-codes li").count() == 10
    made = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [(each["rpId"], each["isResidentCredential"]) for each in made] == [("localhost", True)]
    page.get_by_role("link", name="Je les ai notés").click()
    page.goto(f"{address}/securite/cles/ajouter")
    page.get_by_role("button", name="Faire la clé d’accès").click()
    page.locator("[data-passkey-failed]").wait_for()  # this device has one already
    page.goto(f"{address}/profil")
    press(page, "Se déconnecter")
    press(page, "Se connecter avec une clé d’accès")
    assert page.get_by_role("button", name="Se déconnecter").count() == 1
    assert broken == []
    page.context.close()


def test_without_a_script_there_is_no_button_that_does_nothing(chromium: Any, address: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/connexion")
    assert not page.locator("form[data-passkey]").is_visible()
    assert page.locator("#password").is_visible()
    page.context.close()

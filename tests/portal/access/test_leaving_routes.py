"""Who gets what at the routes by which a space is closed and its address changes, written here apart from the policy:
nobody, a consumer, staff; and whoever has a link of a mail."""

from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consumers.email_address.change_email import ask_change, confirm_change
from portal.access.password_hash import hash_password
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import email_back_link, email_change_link
from store.leaving.email_change import pending_change
from store.leaving.space_closing import closing_of
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.access.test_access_grant_routes import outcome, signed_in
from tests.portal.sample_town import PASSWORD, World

#: Pages of a person's own: everybody who is signed in as a consumer has theirs, nobody else gets in. The form that
#: closes a space chooses nothing here.
OWN: Final = {
    ("GET", "/profil/fermer"): 200, ("POST", "/profil/fermer"): 422, ("GET", "/profil/adresse-de-courriel"): 200,
    ("POST", "/profil/adresse-de-courriel"): 422, ("POST", "/profil/adresse-de-courriel/renoncer"): 303,
}  # fmt: skip
#: What is sensitive: it needs a proof of identity of the last ten minutes.
FRESH: Final = (("/profil/fermer", {"when": "now"}), ("/profil/adresse-de-courriel", {"email": "new@exemple.fr"}))


@pytest.fixture
def alice(app: Flask, world: World) -> Consumer:
    app.config["WTF_CSRF_ENABLED"] = False
    return world.consumer("Alice Martin")


@pytest.fixture
def visitors(app: Flask, world: World, alice: Consumer) -> dict[str, FlaskClient]:
    lumiere = world.issuer("lumiere", "Lumière")
    with world.store.writing() as session:
        for name, issuer_id in (("operator", None), ("member", lumiere)):
            hashed = hash_password(PASSWORD)
            session.add(
                Staff(email=f"{name}@facteur.example", issuer_id=issuer_id, added_at=world.now, password_hash=hashed)
            )
    found = {"nobody": app.test_client(), "Alice": signed_in(app, "/connexion", alice.email)}
    for name in ("operator", "member"):
        found[name] = signed_in(app, "/equipe/connexion", f"{name}@facteur.example")
    return found


def test_pages_of_ones_own(visitors: dict[str, FlaskClient]) -> None:
    for (method, path), answer in OWN.items():
        for name, client in visitors.items():
            expected = answer if name == "Alice" else "door"
            assert outcome(client.open(path, method=method)) == expected, (name, method, path)


def test_what_stays_is_told_to_everybody(visitors: dict[str, FlaskClient]) -> None:
    assert {outcome(client.get("/vos-donnees")) for client in visitors.values()} == {200}


def test_nobody_closes_a_space_or_asks_for_an_address_with_an_old_proof(
    visitors: dict[str, FlaskClient], world: World, alice: Consumer, clock: Clock
) -> None:
    clock.forward(minutes=11)
    for path, form in FRESH:
        assert "/confirmer-identite" in visitors["Alice"].post(path, data=form).headers["Location"]
    with world.store.reading() as session:
        assert closing_of(session, alice.id) is None
        assert pending_change(session, alice.id) is None


def test_a_link_serves_whoever_has_the_mailbox_for_what_it_says_alone(
    app: Flask, world: World, alice: Consumer
) -> None:
    keys, guest = world.store.keys, app.test_client()
    with world.store.writing() as session:
        ask_change(session, alice.id, "new@exemple.fr", world.now)
        change = pending_change(session, alice.id)
        assert change is not None
    there, back = email_change_link(keys, change.id), email_back_link(keys, change.id)
    for path in (f"/adresse/confirmer/{back}", f"/adresse/annuler/{there}"):
        assert (guest.get(path).status_code, guest.post(path).status_code) == (404, 404)
    assert guest.get(f"/adresse/confirmer/{email_change_link(keys, 4711)}").status_code == 410
    assert guest.post(f"/adresse/annuler/{back}x").status_code == 404
    with world.store.writing() as session:
        assert confirm_change(session, change.id, world.now) is not None
    assert guest.get(f"/adresse/confirmer/{there}").status_code == 410
    assert guest.get(f"/adresse/annuler/{back}").status_code == 200

"""Who gets what at the routes of calendars, forwarding and mails with bills, written here apart from the policy:
nobody, the owner, another consumer, staff; and whoever has a link of a mail."""

from typing import Final, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.access.password_hash import hash_password
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import (
    forward_confirmation_link,
    forward_stop_link,
    mail_stop_link,
    objection_link,
)
from store.bill_forwarding.forward_address import ForwardAddress
from store.secret_addresses.secret_address import renew_address, secret_of
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.access.test_access_grant_routes import outcome, signed_in
from tests.portal.sample_town import PASSWORD, World

#: Pages of a person's own: everybody who is signed in as a consumer has theirs, nobody else gets in.
OWN: Final = {
    ("GET", "/calendrier"): 200, ("POST", "/calendrier"): 303, ("POST", "/calendrier/fin"): 303,
    ("GET", "/transfert"): 200, ("POST", "/transfert"): 422, ("GET", "/factures-par-courriel"): 200,
    ("POST", "/factures-par-courriel"): 303, ("POST", "/factures-par-courriel/expediteurs"): 303,
    ("POST", "/factures-par-courriel/fin"): 303,
}  # fmt: skip
#: What is sensitive: it needs a proof of identity of the last ten minutes.
FRESH: Final = {("POST", "/calendrier"), ("POST", "/transfert"), ("POST", "/factures-par-courriel")}


class Town(NamedTuple):
    world: World
    alice: Consumer
    forward_id: int
    secret: str
    visitors: dict[str, FlaskClient]


@pytest.fixture
def town(app: Flask, world: World) -> Town:
    app.config["WTF_CSRF_ENABLED"] = False
    lumiere = world.issuer("lumiere", "Lumière")
    alice, bob = world.consumer("Alice Martin"), world.consumer("Bob Leroy")
    with world.store.writing() as session:
        forward = ForwardAddress(consumer_id=alice.id, email="charlie@comptable.example", asked_at=world.now)
        session.add(forward)
        for name, issuer_id in (("operator", None), ("member", lumiere)):
            hashed = hash_password(PASSWORD)
            session.add(
                Staff(email=f"{name}@facteur.example", issuer_id=issuer_id, added_at=world.now, password_hash=hashed)
            )
        secret = secret_of(world.store.keys, renew_address(session, world.store.keys, alice.id, "calendar", world.now))
    visitors = {"nobody": app.test_client()}
    visitors |= {each.name.split()[0]: signed_in(app, "/connexion", each.email) for each in (alice, bob)}
    for name in ("operator", "member"):
        visitors[name] = signed_in(app, "/equipe/connexion", f"{name}@facteur.example")
    return Town(world, alice, forward.id, secret or "", visitors)


@pytest.mark.parametrize(("method", "path"), OWN)
def test_pages_of_ones_own(town: Town, method: str, path: str) -> None:
    for name, client in town.visitors.items():
        expected = OWN[method, path] if name in {"Alice", "Bob"} else "door"
        assert outcome(client.open(path, method=method)) == expected, name


def test_only_its_owner_ends_forwarding(town: Town) -> None:
    name = town.world.store.public_ids.of("forward", town.forward_id)
    expected = {"nobody": "door", "Bob": 404, "operator": "door", "member": "door", "Alice": 303}
    for who, outcome_of in expected.items():
        assert outcome(town.visitors[who].post(f"/transfert/{name}/fin")) == outcome_of, who


def test_the_calendar_opens_by_its_secret_alone(town: Town) -> None:
    other = town.secret[:-1] + ("b" if town.secret.endswith("a") else "a")
    for client in town.visitors.values():
        assert client.get(f"/calendrier/{town.secret}.ics").status_code == 200
        assert client.get(f"/calendrier/{other}.ics").status_code == 404
        assert client.post(f"/calendrier/{town.secret}.ics").status_code in {404, 405}


def test_a_link_does_what_it_was_made_for_and_no_more(town: Town) -> None:
    keys = town.world.store.keys
    accept, stop = forward_confirmation_link(keys, town.forward_id), forward_stop_link(keys, town.forward_id)
    others = (objection_link(keys, 1, town.alice.id), mail_stop_link(keys, town.alice.id, "suitability_check"))
    client = town.visitors["nobody"]
    for act, good, wrong in (("accepter", accept, stop), ("arreter", stop, accept)):
        assert client.get(f"/transfert/{act}/{good}").status_code == 200
        for link in (wrong, *others, good[:-2], forward_stop_link(keys, 4711)):
            assert client.post(f"/transfert/{act}/{link}").status_code == 404


def test_what_is_sensitive_asks_who_it_is(town: Town, clock: Clock) -> None:
    clock.forward(minutes=11)
    alice = town.visitors["Alice"]
    for method, path in OWN:
        answer = alice.open(path, method=method)
        is_asked = answer.status_code in {302, 303} and answer.headers["Location"].split("?")[0] not in {
            "/calendrier", "/transfert", "/factures-par-courriel"
        }  # fmt: skip
        assert is_asked == ((method, path) in FRESH), path

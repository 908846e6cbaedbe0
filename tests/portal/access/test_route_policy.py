"""Who may enter where: every route has its line, and every kind of visitor is met as the line says."""

from collections.abc import Callable

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Config
from portal.access.password_hash import hash_password
from portal.access.route_policy import POLICY, RoutePolicy, Who
from portal.app import make_app
from store import Store
from store.issuer import Issuer
from store.issuer_keys.issuer_key import new_key
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import PASSWORD, World

pytestmark = pytest.mark.beside_any_database

VISITORS = ("stranger", "consumer", "operator", "member", "key")
#: Whom a line of the policy lets in.
WELCOME: dict[Who, set[str]] = {
    "public": set(VISITORS),
    "dev": set(VISITORS),
    "monitor": set(VISITORS),
    "consumer": {"consumer"},
    "operator": {"operator"},
    "member": {"member"},
    "staff": {"operator", "member"},
    "key": {"key"},
}
#: Places in paths, filled with what nobody has: who is let in finds nothing there (404), never a door.
NOTHING = {
    "uid": "nowhere", "account_id": 4711, "feed_id": 4711, "batch_id": 4711, "bill_id": 4711, "n": 1,
    "delivery_id": 4711, "errand_id": 4711, "side": "today", "conflict_id": 4711, "staff_id": 4711,
    "question_id": 4711, "endpoint_id": 4711, "person_id": 4711, "notice_id": 4711, "dispute_id": 4711,
    "payment_id": 4711, "plan_id": 4711, "enquiry_id": 4711, "consumer_id": 4711,
    "passkey_id": 4711, "heir_id": 4711, "order_id": 4711, "subscription_id": 4711, "session_id": 4711,
    "grant_id": 4711, "forward_id": 4711, "issuer_id": 4711, "key_id": 4711, "event_id": 4711, "campaign_id": 4711,
    "sample_id": 4711, "number": 4711, "message_id": 4711, "answer_id": 4711, "version": "v1",
}  # fmt: skip


def routes(app: Flask) -> set[tuple[str, str]]:
    rules = app.url_map.iter_rules()
    return {(rule.endpoint, method) for rule in rules for method in rule.methods or () if method != "HEAD"}


def test_every_route_has_a_line_and_every_line_a_route(app: Flask) -> None:
    assert routes(app) == set(POLICY)


def test_a_route_without_a_line_lets_nobody_in(app: Flask) -> None:
    app.add_url_rule("/oubli", "forgotten_line", lambda: "secret")
    assert app.test_client().get("/oubli").status_code == 404


@pytest.fixture
def open_doors(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The portal without CSRF and limits, so that only the policy is met."""
    app.config["WTF_CSRF_ENABLED"] = False
    for key, line in POLICY.items():
        monkeypatch.setitem(POLICY, key, RoutePolicy(line.who, scope=line.scope, role=line.role))
    return app


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_at_a_room_of_each_kind(
    visitor: str, open_doors: Flask, world: World, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in WELCOME:
        open_doors.add_url_rule(f"/{who}", who, lambda: "inside")
        monkeypatch.setitem(POLICY, (who, "GET"), RoutePolicy(who))
    client, headers = _visit(visitor, open_doors, world, store, clock)
    inside = {who for who in WELCOME if client.get(f"/{who}", headers=headers).text == "inside"}
    assert inside == {who for who, welcome in WELCOME.items() if visitor in welcome}


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_at_each_route(visitor: str, open_doors: Flask, world: World, store: Store, clock: Clock) -> None:
    client, headers = _visit(visitor, open_doors, world, store, clock)
    for endpoint, method in sorted(routes(open_doors)):
        if endpoint in {"sign_in.leave", "staff_sign_in.leave"}:
            continue  # would end the visit; they have their own tests
        line = POLICY[endpoint, method]
        path = _path(open_doors, endpoint)
        answer = client.open(path, method=method, headers=headers, buffered=True)
        audience: Who = "staff" if line.who in {"operator", "member"} else line.who
        is_welcome = visitor in WELCOME[audience]
        assert _is_turned_away(answer, line.who) == (not is_welcome), (method, path, answer.status)
        assert answer.status_code < 500, (method, path)


def _visit(visitor: str, app: Flask, world: World, store: Store, clock: Clock) -> tuple[FlaskClient, dict[str, str]]:
    client = app.test_client()
    if visitor == "consumer":
        client.post("/connexion", data={"email": world.consumer("Alice Martin").email, "password": PASSWORD})
    if visitor in {"operator", "member", "key"}:
        issuer_id = world.issuer("lumiere", "Lumière")
        with store.writing() as session:
            owner = None if visitor == "operator" else issuer_id
            session.add(
                Staff(email="bob@exemple.fr", issuer_id=owner, password_hash=hash_password(PASSWORD), added_at=clock())
            )
            key = new_key(session, session.get_one(Issuer, issuer_id), clock())
        if visitor == "key":
            return client, {"Authorization": f"Bearer {key}"}
        client.post("/equipe/connexion", data={"email": "bob@exemple.fr", "password": PASSWORD})
    return client, {}


def _path(app: Flask, endpoint: str) -> str:
    rule = next(each for each in app.url_map.iter_rules() if each.endpoint == endpoint)
    values = {name: NOTHING.get(name, "nothing") for name in rule.arguments}
    with app.app_context():
        return str(app.url_map.bind("localhost").build(endpoint, values))


def _is_turned_away(answer: TestResponse, who: Who) -> bool:
    """Shown a door, or asked for a key."""
    door = answer.headers.get("Location", "").split("?")[0]
    return answer.status_code == 401 or (who != "public" and door in {"/connexion", "/equipe/connexion"})


def test_a_stranger_is_led_to_the_door_and_then_to_the_bill(browser: Callable[[], Browser], world: World) -> None:
    alice = browser()
    alice.get("/contrats?x=1")
    assert 'name="suite" value="/contrats?x=1"' in alice.page.text
    alice.post("/connexion", email=world.consumer("Alice Martin").email, password=PASSWORD, suite="/contrats?x=1")
    assert alice.page.request.path == "/contrats"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/x\n//y"])
def test_nobody_is_led_elsewhere(elsewhere: str, open_doors: Flask, world: World) -> None:
    data = {"email": world.consumer("Alice Martin").email, "password": PASSWORD, "suite": elsewhere}
    answer = open_doors.test_client().post("/connexion", data=data)
    assert answer.headers["Location"] == "/"


def test_the_dev_inbox_is_closed_where_others_could_look(store: Store, config: Config, clock: Clock) -> None:
    public = msgspec.structs.replace(config, public_url="https://factures.exemple.fr")
    real = msgspec.structs.replace(config, smtp_url="smtp://mail.exemple.fr")
    for closed in (public, real):
        client = make_app(store, closed, clock).test_client()
        assert client.get("/courrier").status_code == 404
        assert "/courrier" not in client.get("/").text
    here = make_app(store, config, clock).test_client()
    assert here.get("/courrier").status_code == 200
    rebound = {"Host": "evil.example:8080"}  # a stranger's name that was made to lead to this machine
    assert here.get("/courrier", headers=rebound).status_code == 404


def test_who_tries_too_often_waits(app: Flask, browser: Callable[[], Browser], world: World) -> None:
    charlie, email = browser(), world.consumer("Alice Martin").email
    charlie.get("/connexion")
    answers = [charlie.post("/connexion", email=email, password=f"essai numéro {n}") for n in range(21)]
    assert [each.status_code for each in answers[-2:]] == [422, 429]
    assert answers[-1].headers["Retry-After"]
    assert "Trop d’essais" in answers[-1].text

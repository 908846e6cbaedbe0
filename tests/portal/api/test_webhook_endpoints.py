"""An issuer's program registers endpoints and reads events; nobody else's are there."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from config import Config
from issuers.registry import add_issuer
from portal.app import make_app
from store import Store
from store.issuer_keys.issuer_key import new_key
from store.outbox.number_events import number_events
from store.outbox.outbox_event import record_outbox_events
from tests.conftest import Clock
from untrusted.endpoints.endpoint_url import EndpointRules
from untrusted.endpoints.post_to_endpoint import EndpointAnswer
from webhooks.webhook_sender import WebhookSender
from webhooks.webhooks_document import webhooks_section

BILL = {"account": 7, "account_number": "ALICE-1", "bill_number": "F-1"}
URL = "https://eau.example/in"


@pytest.fixture
def client(store: Store, config: Config, clock: Clock) -> FlaskClient:
    app: Flask = make_app(store, config, clock)
    app.testing = True
    return app.test_client()


def _key(store: Store, clock: Clock, slug: str) -> dict[str, str]:
    with store.writing() as session:
        return {"Authorization": f"Bearer {new_key(session, add_issuer(session, slug, slug, clock()), clock())}"}


@pytest.fixture
def key(store: Store, clock: Clock) -> dict[str, str]:
    return _key(store, clock, "eau")


def _fits(client: FlaskClient, name: str, said: dict[str, Any]) -> None:
    components = client.get("/v1/openapi.json").get_json()["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    Draft202012Validator(schema).validate(said)


def _happens(store: Store, clock: Clock, number: int) -> None:
    with store.writing() as session:
        record_outbox_events(session, 1, "bill.reported_paid", [BILL] * number, clock())
    with store.writing() as session:
        number_events(session)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_document_has_the_webhooks(client: FlaskClient, version: str) -> None:
    document = client.get(f"/{version}/openapi.json").get_json()
    validate(document)
    assert document["webhooks"] == webhooks_section()


def test_events_after_a_sequence(client: FlaskClient, store: Store, clock: Clock, key: dict[str, str]) -> None:
    _happens(store, clock, 5)
    page = client.get("/v1/events?limit=3", headers=key).get_json()
    _fits(client, "EventsPage", page)
    assert [each["sequence"] for each in page["events"]] == [1, 2, 3]
    rest = client.get(page["next"], headers=key).get_json()
    assert [each["sequence"] for each in rest["events"]] == [4, 5]
    last = client.get(rest["next"], headers=key).get_json()
    assert last == {"events": [], "next": rest["next"]}
    assert client.get("/v2/events?after=0", headers=key).get_json()["events"][:3] == page["events"]
    assert client.get("/v1/events", headers=_key(store, clock, "gaz")).get_json()["events"] == []
    for wrong in ("after=x", "after=-1", "limit=0", "limit=501", f"after={2**63}", "type=bill.lost"):
        assert client.get(f"/v1/events?{wrong}", headers=key).status_code == 400


def test_events_of_one_type(client: FlaskClient, store: Store, clock: Clock, key: dict[str, str]) -> None:
    _happens(store, clock, 2)
    with store.writing() as session:
        record_outbox_events(session, 1, "bills.paid", [{"bills": []}], clock())
    _happens(store, clock, 2)
    paid = client.get("/v1/events?type=bills.paid&limit=1", headers=key).get_json()
    assert [each["sequence"] for each in paid["events"]] == [3]
    rest = client.get(paid["next"], headers=key).get_json()
    assert (rest["events"], rest["next"]) == ([], "/v1/events?type=bills.paid&limit=1&after=5")
    both = client.get("/v1/events?type=bill.reported_paid&limit=3", headers=key).get_json()
    assert ([each["sequence"] for each in both["events"]], both["next"][-7:]) == ([1, 2, 4], "after=4")


def test_the_life_of_an_endpoint(client: FlaskClient, store: Store, clock: Clock, key: dict[str, str]) -> None:
    _happens(store, clock, 3)
    added = client.post("/v2/webhook-endpoints", json={"url": URL, "types": ["bill.reported_paid"]}, headers=key)
    assert added.status_code == 201
    said = added.get_json()
    assert said.pop("secret").startswith("whsec_")
    assert len(said["endpoint"]) == 26
    where = added.headers["Location"]
    assert client.get(where, headers=key).get_json() == said
    [listed] = client.get("/v1/webhook-endpoints", headers=key).get_json()["endpoints"]
    _fits(client, "EndpointReport", listed)
    assert listed | {"endpoint": said["endpoint"]} == said

    new = client.post(f"{where}/secret", headers=key).get_json()["secret"]
    assert new.startswith("whsec_")
    assert client.post(f"{where}/test", headers=key).status_code == 202
    assert client.post(f"{where}/replay", json={"after": 0, "until": 2}, headers=key).get_json() == {"events": 2}
    event = client.get("/v1/events", headers=key).get_json()["events"][2]["id"]
    assert client.post(f"{where}/replay", json={"event": event}, headers=key).get_json() == {"events": 1}

    sent: list[str] = []
    sender = WebhookSender(store, EndpointRules(), lambda each: sent.append(each.message_id) or EndpointAnswer(204))
    while sender.turn(clock()) or sender._under_way.number:
        pass
    assert len(sent) == 4
    deliveries = client.get(f"{where}/deliveries", headers=key).get_json()
    _fits(client, "DeliveriesPage", deliveries)
    assert {each["state"] for each in deliveries["deliveries"]} == {"delivered"}
    assert client.get(f"{where}/deliveries?state=failed", headers=key).get_json() == {"deliveries": []}
    assert client.post(f"{where}/replay", json={"failed": True}, headers=key).get_json() == {"events": 0}

    disabled = client.patch(where, json={"state": "disabled"}, headers=key).get_json()
    assert (disabled["state"], disabled["reason"]) == ("disabled", "by API eau")
    assert client.post(f"{where}/test", headers=key).status_code == 409
    changed = client.patch(where, json={"state": "enabled", "url": URL + "2", "types": []}, headers=key).get_json()
    assert (changed["state"], changed["url"], changed["types"], changed["reason"]) == ("enabled", URL + "2", [], None)


def test_what_cannot_be_is_refused(client: FlaskClient, key: dict[str, str]) -> None:
    for wrong in (
        {}, [], {"url": 5}, {"url": "http://eau.example"}, {"url": "https://127.0.0.1"}, {"url": URL, "types": "all"},
        {"url": URL, "types": ["bill.eaten"]}, {"url": URL, "types": [5]}, {"url": "https://eau.example/\r\nX: y"},
    ):  # fmt: skip
        assert client.post("/v1/webhook-endpoints", json=wrong, headers=key).status_code == 422, wrong
    where = client.post("/v1/webhook-endpoints", json={"url": URL}, headers=key).headers["Location"]
    for wrong in ({"state": "dead"}, {"state": []}, {"url": "ftp://eau.example"}, {"url": 5}, {"types": ["x"]}):
        assert client.patch(where, json=wrong, headers=key).status_code == 422
    for wrong in (
        {}, {"after": "1"}, {"after": -1}, {"after": 2**63}, {"after": True}, {"after": 1, "until": "2"},
        {"after": 1, "until": True}, {"failed": False},
    ):  # fmt: skip
        assert client.post(f"{where}/replay", json=wrong, headers=key).status_code == 422
    assert client.post(f"{where}/replay", json={"after": 340.5}, headers=key).status_code == 422
    assert client.post(f"{where}/replay", json={"after": 340.0}, headers=key).get_json() == {"events": 0}
    assert client.post(f"{where}/replay", json={"event": "msg_" + "a" * 26}, headers=key).status_code == 404
    assert client.get(f"{where}/deliveries?state=dead", headers=key).status_code == 400


def test_another_s_endpoint_is_not_there(client: FlaskClient, store: Store, clock: Clock, key: dict[str, str]) -> None:
    _happens(store, clock, 1)
    where = client.post("/v1/webhook-endpoints", json={"url": URL}, headers=key).headers["Location"]
    event = client.get("/v1/events", headers=key).get_json()["events"][0]["id"]
    bob = _key(store, clock, "gaz")
    nowhere = "/v1/webhook-endpoints/4711"
    for method, path, body in (
        ("get", "", None), ("patch", "", {"state": "disabled"}), ("post", "/secret", None), ("post", "/test", None),
        ("post", "/replay", {"after": 0}), ("get", "/deliveries", None),
    ):  # fmt: skip
        ask = getattr(client, method)
        his, none = ask(where + path, json=body, headers=bob), ask(nowhere + path, json=body, headers=bob)
        assert (his.status_code, his.get_json()) == (none.status_code, none.get_json()) == (404, none.get_json())
    mine = client.post("/v1/webhook-endpoints", json={"url": URL}, headers=bob).headers["Location"]
    assert client.post(f"{mine}/replay", json={"event": event}, headers=bob).status_code == 404
    assert client.get("/v1/webhook-endpoints").status_code == 401


def test_nobody_changes_an_endpoint_that_they_have_not_seen(client: FlaskClient, key: dict[str, str]) -> None:
    where = client.post("/v1/webhook-endpoints", json={"url": URL}, headers=key).headers["Location"]
    seen = client.get(where, headers=key).headers["ETag"]
    changed = client.patch(where, json={"state": "disabled"}, headers={**key, "If-Match": seen})
    assert (changed.status_code, changed.headers["ETag"]) == (200, client.get(where, headers=key).headers["ETag"])
    late = client.patch(where, json={"types": ["feed.held"]}, headers={**key, "If-Match": seen})
    assert (late.status_code, late.get_json()["type"]) == (412, "/v1/problems/precondition-failed")
    assert client.get(where, headers=key).get_json()["types"] == []
    assert client.patch(where, json={"types": ["feed.held"]}, headers={**key, "If-Match": "*"}).status_code == 200

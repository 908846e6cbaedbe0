"""POST and GET /v1/payments: told once, by the payment's id and by Idempotency-Key."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import Store
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

PAYMENT = {
    "id": "P-1", "kind": "received", "amount": "84.00", "currency": "EUR", "date": "2026-03-20",
    "references": ["LUM-1001"],
}  # fmt: skip


@pytest.fixture
def client(app: Flask, office: Office) -> FlaskClient:
    feed_id = office.drop([ubl("LUM-1001"), ubl("LUM-1002", "C-BOB")], name="deux.xml")
    office.pipeline.work_feed(feed_id, office.clock())
    return app.test_client()


def tell(client: FlaskClient, office: Office, payment: Any, key: str = "", version: int = 1) -> Any:
    headers = office.keys["lumiere"] | ({"Idempotency-Key": key} if key else {})
    return client.post(f"/v{version}/payments", headers=headers, json=payment)


def test_a_payment_is_told_once_and_matched(client: FlaskClient, office: Office, store: Store) -> None:
    first, again = tell(client, office, PAYMENT), tell(client, office, PAYMENT)
    assert (first.status_code, again.status_code) == (201, 200)
    [told] = first.get_json()["payments"]
    assert (told["outcome"], told["why"], told["bills"][0]["number"]) == ("matched", "reference", "LUM-1001")
    assert again.get_json() == first.get_json()
    schema = client.get("/v1/openapi.json").get_json()["components"]["schemas"]["MatchedPayment"]
    assert set(told) == set(schema["properties"]) == set(schema["required"])
    listed = client.get("/v1/payments?outcome=matched", headers=office.keys["lumiere"]).get_json()
    assert listed == {"payments": [told], "next": None}
    assert client.get("/v1/payments", headers=office.keys["eaux"]).get_json()["payments"] == []


def test_other_content_under_a_known_id_or_key_is_refused(client: FlaskClient, office: Office) -> None:
    assert tell(client, office, PAYMENT, "K-1").status_code == 201
    assert tell(client, office, PAYMENT, "K-1").status_code == 200
    assert tell(client, office, PAYMENT | {"id": "P-2"}, "K-1").status_code == 422
    assert tell(client, office, PAYMENT | {"amount": "83.00"}).status_code == 422
    assert tell(client, office, [PAYMENT | {"id": "P-3"}, PAYMENT | {"id": "P-3", "amount": "1.00"}]).status_code == 422
    listed = client.get("/v1/payments", headers=office.keys["lumiere"]).get_json()
    assert [each["id"] for each in listed["payments"]] == ["P-1"]


@pytest.mark.parametrize(
    "body", [{}, [], "x", PAYMENT | {"amount": "-1"}, PAYMENT | {"colour": "red"}, [PAYMENT] * 501]
)
def test_what_is_no_payment_is_refused(client: FlaskClient, office: Office, body: Any) -> None:
    assert tell(client, office, body).status_code == 422


def test_version_2_calls_a_payment_by_its_public_id(client: FlaskClient, office: Office) -> None:
    [told] = tell(client, office, PAYMENT, version=2).get_json()["payments"]
    assert isinstance(told["payment"], str)
    assert client.post("/v1/payments", json=PAYMENT).status_code == 401


def test_what_was_paid_too_much_is_listed(client: FlaskClient, office: Office) -> None:
    tell(client, office, [PAYMENT | {"amount": "96.00"}, PAYMENT | {"id": "P-2", "references": ["LUM-1002"]}])
    keys = office.keys["lumiere"]
    [told] = client.get("/v1/payments?too_much=true", headers=keys).get_json()["payments"]
    assert (told["id"], told["too_much"], told["too_much_of"]) == ("P-1", "12.00", "LUM-1001")
    assert client.get("/v1/payments?too_much=maybe", headers=keys).status_code == 400


@pytest.mark.parametrize("day", ["2062-03-20", "1926-03-20"])
def test_a_day_that_cannot_be_is_refused_at_its_place(client: FlaskClient, office: Office, day: str) -> None:
    answer = tell(client, office, [PAYMENT, PAYMENT | {"id": "P-2", "date": day}])
    assert answer.status_code == 422
    assert "$[1]" in answer.text
    assert day in answer.text

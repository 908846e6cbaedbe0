"""POST /v1/feeds/{feed}/cancel: an issuer's program withdraws a feed before its release."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

WHY = {"reason": "last month’s file", "by": "mina@facteur.example"}


def cancel(client: FlaskClient, office: Office, feed_id: int, slug: str = "lumiere", body: Any = WHY) -> Any:
    return client.post(f"/v1/feeds/{feed_id}/cancel", headers=office.keys[slug], json=body)


def test_a_held_feed_is_cancelled_once(app: Flask, office: Office) -> None:
    client = app.test_client()
    for _ in range(2):
        answer = cancel(client, office, office.held)
        assert (answer.status_code, answer.get_json()["state"]) == (200, "rejected")
        assert answer.get_json()["counts"]["bill"] == 0
    assert office.feed(office.held).decided_by == "mina@facteur.example"


def test_a_released_feed_is_not(app: Flask, office: Office) -> None:
    feed_id = office.drop([ubl("L-1")], name="une.xml")
    answer = cancel(app.test_client(), office, feed_id)
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert "recall its bills" in answer.get_json()["detail"]


@pytest.mark.parametrize(("slug", "body", "status"), [
    ("eaux", WHY, 404), ("lumiere", {}, 422), ("lumiere", WHY | {"by": " "}, 422), ("lumiere", WHY | {"x": 1}, 422),
])  # fmt: skip
def test_by_its_own_issuer_with_a_reason(app: Flask, office: Office, slug: str, body: Any, status: int) -> None:
    assert cancel(app.test_client(), office, office.held, slug, body).status_code == status
    assert office.feed(office.held).state == "held"

"""A key asks as often as it may, is told what is left, and waits for more."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from issuers.registry import add_issuer
from portal.access import key_allowance
from portal.app import make_app
from store import Store
from store.issuer_keys.issuer_key import new_key
from store.rate_limit import Rate
from tests.conftest import Clock


@pytest.fixture
def app(store: Store, config: Config, clock: Clock) -> Flask:
    app = make_app(store, config, clock)
    app.testing = True
    return app


@pytest.fixture
def keys(store: Store, clock: Clock) -> list[dict[str, str]]:
    with store.writing() as session:
        issuer = add_issuer(session, "eau", "Eaux", clock())
        return [{"Authorization": f"Bearer {new_key(session, issuer, clock())}"} for _ in range(2)]


def test_a_program_is_told_what_is_left(app: Flask, keys: list[dict[str, str]], clock: Clock) -> None:
    """Sixty a minute: after the sixtieth it waits a second, and another key of the issuer's does not."""
    key_allowance.install(app, Rate(60, 60))
    client: FlaskClient = app.test_client()
    answers = [client.get("/v1/feeds", headers=keys[0]) for _ in range(61)]
    assert [each.status_code for each in answers] == [200] * 60 + [429]
    assert {each.headers["RateLimit-Policy"] for each in answers} == {'"key";q=60;w=60'}
    assert answers[0].headers["RateLimit"] == '"key";r=59;t=1'
    assert answers[59].headers["RateLimit"] == '"key";r=0;t=60'
    problem = answers[60].get_json()
    assert (problem["type"], answers[60].headers["Retry-After"]) == ("/v1/problems/too-many-requests", "1")
    assert answers[60].headers["RateLimit"] == '"key";r=0;t=1'
    assert client.get("/v1/feeds", headers=keys[1]).status_code == 200
    clock.forward(seconds=1)
    assert client.get("/v1/feeds", headers=keys[0]).status_code == 200


def test_all_processes_have_one_count(store: Store, config: Config, clock: Clock, keys: list[dict[str, str]]) -> None:
    """Two processes take their shares of the same sixty."""
    apps = [make_app(store, config, clock) for _ in range(2)]
    for each in apps:
        key_allowance.install(each, Rate(60, 60))
    answered = [each.test_client().get("/v1/feeds", headers=keys[0]).status_code for each in apps * 31]
    assert answered.count(200) == 60
    assert answered.count(429) == 2

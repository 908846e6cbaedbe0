"""Another reader of the API's document tries everything that it promises: as its issuer, as another one, with a key
that only reads, and as nobody. `make api-fuzz` tries longer."""

import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings

from config import Config
from portal.access import key_allowance
from portal.app import make_app
from store import Store
from store.issuer_keys.issuer_key import new_key
from store.rate_limit import Rate
from tests.conftest import Clock
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

#: Requests of each operation, for each of those who ask.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
#: As much as nobody asks.
OFTEN = Rate(60_000, 60)
WHO = ("lumiere", "eaux", "reader", "nobody")


@pytest.fixture
def office(store: Store, config: Config, clock: Clock) -> Office:
    office = Office(store, config, clock)
    office.pipeline.work_feed(office.drop([ubl("LUM-1001"), ubl("LUM-1002", "C-BOB")], name="deux.xml"), clock())
    with store.writing() as session:
        key = new_key(session, office.lumiere, clock(), name="reads", scopes=["read"])
    office.keys |= {"reader": {"Authorization": f"Bearer {key}"}, "nobody": {}}
    return office


@pytest.fixture
def app(office: Office, config: Config) -> Flask:
    app = make_app(office.store, config, office.clock)
    key_allowance.install(app, OFTEN)
    return app


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_nothing_is_found(app: Flask, office: Office, version: str, who: str) -> None:
    schema = schemathesis.openapi.from_wsgi(f"/{version}/openapi.json", app)
    found: list[str] = []
    for each in schema.get_all_operations():
        operation = each.ok()
        try:
            _try(operation, office.keys[who])
        except Exception as failure:  # all of them are told at once
            found.append(f"{operation.label}: {failure}")
    assert not found, "\n\n".join(found)


def _try(operation: Any, headers: dict[str, str]) -> None:
    @seed(1)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers)

    ask()

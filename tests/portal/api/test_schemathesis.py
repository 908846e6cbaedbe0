"""Another reader of the API's document tries everything that it promises: as its issuer, as another one, with a key
that only reads, and as nobody; and goes where answers lead. `make api-fuzz` tries longer."""

import os
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FlakyStrategyDefinition
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi.checks import RejectedPositiveData

from config import Config
from portal.access import key_allowance
from portal.app import make_app
from store import Store
from store.issuer_keys.issuer_key import new_key
from store.rate_limit import Rate
from tests.conftest import Clock
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

#: Requests of each operation, for each of those who ask; and chains of requests.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
#: As much as nobody asks.
OFTEN = Rate(60_000, 60)
#: Rules that no schema can say: whether bytes have a digest, a bill a number, an address a machine.
BEYOND_SCHEMAS = {
    "checksum", "empty", "other-content", "record-refused", "endpoint-refused", "precondition-failed",
    "unreadable-body",
}  # fmt: skip
BRIEFLY: dict[str, Any] = {
    "deadline": None, "database": None, "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}  # fmt: skip


@pytest.fixture
def office(store: Store, config: Config, clock: Clock) -> Office:
    office = Office(store, config, clock).begin()
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


@pytest.mark.parametrize(
    ("version", "who"), [("v1", "lumiere"), ("v2", "lumiere"), ("v2", "eaux"), ("v1", "reader"), ("v1", "nobody")]
)
def test_nothing_is_found(app: Flask, office: Office, version: str, who: str) -> None:
    found: list[str] = []
    for each in schemathesis.openapi.from_wsgi(f"/{version}/openapi.json", app).get_all_operations():
        operation = each.ok()

        @seed(1)
        @settings(max_examples=EXAMPLES, **BRIEFLY)
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            found.extend(faults(case, case.call(headers=office.keys[who]), office.keys[who]))

        ask()
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_nothing_is_found_where_answers_lead(app: Flask, office: Office, version: str) -> None:
    """A feed is dropped, and its report asked for by what was answered; an endpoint registered, tried and changed."""
    schema = schemathesis.openapi.from_wsgi(f"/{version}/openapi.json", app)
    found: list[str] = []

    class Program(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
            return {"headers": office.keys["lumiere"]}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            found.extend(faults(case, response, office.keys["lumiere"]))

    chains = settings(max_examples=2, stateful_step_count=6, **BRIEFLY)
    for n in range(max(1, EXAMPLES // 2)):
        with suppress(FlakyStrategyDefinition):  # a chain goes on from ids, and those are others at each run
            run_state_machine_as_test(seed(n)(Program), settings=chains)
    assert not found, "\n\n".join(found)


def faults(case: Any, response: Any, headers: dict[str, str]) -> list[str]:
    """What is wrong with an answer, by all checks there are."""
    try:
        case.validate_response(response, headers=headers, transport_kwargs={"headers": headers})
    except FailureGroup as group:
        return [
            f"{case.as_curl_command()}\n  {response.status_code} {response.text[:300]}\n  {each}"
            for each in group.exceptions
            if not is_beyond_schemas(each, response)
        ]
    return []


def is_beyond_schemas(failure: Any, response: Any) -> bool:
    """Whether a request fits the document and is refused all the same, by a rule that no schema can say."""
    if not isinstance(failure, RejectedPositiveData):
        return False
    problem = response.json()
    if " is after " in problem["detail"]:  # a span of days that ends before it begins
        return True
    is_no_such_value = problem["detail"].endswith(("expected the id of a row", "of our days", "of the same list has"))
    return is_no_such_value or problem["type"].rpartition("/")[2] in BEYOND_SCHEMAS

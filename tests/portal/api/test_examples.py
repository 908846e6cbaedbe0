"""The examples of the API's documents are what is answered: Lumière's program asks for everything once, in order and in
each version, and gets what was recorded. `make api-examples` records anew."""

import os
import re
from typing import Any

import msgspec
import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from adoption.monthly_facts import measure
from config import Config
from portal.api.document.examples import FILES, Example, examples
from portal.app import make_app
from store import Store
from tests.conftest import Clock
from tests.lived_beginnings import Living
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl

pytestmark = pytest.mark.beside_any_database

RECORDS = "RECORD_API_EXAMPLES" in os.environ
#: What is new in each store: public ids, secrets, moments of the machine's own clock (business time has no fractions).
NEW = re.compile(r"(?<![a-z2-7])[a-z2-7]{26}(?![a-z2-7])|whsec_[\w+/=]+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00")
BILL = "LUM-1001"
#: What stands for a secret in the document: nobody's.
SECRET = b"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
ALICE = {
    "names": ["Alice Martin"], "postal_address": {"line1": "3 rue des Lices", "postcode": "44000", "city": "Nantes",
    "country": "FR"}, "email": "alice@example.org", "language": "fr", "as_of": "2026-03-01T08:00:00+01:00",
}  # fmt: skip
PAYMENT = {
    "id": "P-1", "kind": "received", "amount": "84.20", "currency": "EUR", "date": "2026-03-02", "references": [BILL],
}  # fmt: skip
URL = {"url": "https://lumiere.example/facteur", "types": ["bill.reported_paid", "feed.released"]}
#: What is asked, in order: the operation's name, method, path and body.
ASKED: tuple[tuple[str, str, str, Any], ...] = (
    ("list_feeds", "GET", "/v1/feeds?limit=2", None),
    ("show_feed", "GET", "/v1/feeds/{feed}", None),
    ("list_items", "GET", "/v1/feeds/{feed}/items?limit=1", None),
    ("put_account", "PUT", "/v1/accounts/C-4711", ALICE),
    ("show_account", "GET", "/v1/accounts/C-4711", None),
    ("list_accounts", "GET", "/v1/accounts?limit=1", None),
    ("list_account_questions", "GET", "/v1/account-questions", None),
    ("tell_payments", "POST", "/v1/payments", PAYMENT),
    ("list_payments", "GET", "/v1/payments?limit=1", None),
    ("list_mandates", "GET", "/v1/mandates", None),
    ("list_bills", "GET", "/v1/bills?limit=1", None),
    ("show_bill", "GET", f"/v1/bills/{BILL}", None),
    ("show_adoption", "GET", "/v1/adoption?from=2026-03-01&to=2026-03-31&measure=bills", None),
    ("add_webhook_endpoint", "POST", "/v1/webhook-endpoints", URL),
    ("list_webhook_endpoints", "GET", "/v1/webhook-endpoints", None),
    ("show_webhook_endpoint", "GET", "/v1/webhook-endpoints/{endpoint}", None),
    ("change_webhook_endpoint", "PATCH", "/v1/webhook-endpoints/{endpoint}", {"types": []}),
    ("test_webhook_endpoint", "POST", "/v1/webhook-endpoints/{endpoint}/test", None),
    ("rotate_webhook_secret", "POST", "/v1/webhook-endpoints/{endpoint}/secret", None),
    ("replay_webhooks", "POST", "/v1/webhook-endpoints/{endpoint}/replay", {"failed": True}),
    ("list_webhook_deliveries", "GET", "/v1/webhook-endpoints/{endpoint}/deliveries?limit=1", None),
    ("list_events", "GET", "/v1/events?limit=2", None),
)


@pytest.fixture
def office(store: Store, config: Config, clock: Clock, lived: Living) -> Office:
    return lived(Office.begin, Office(store, config, clock))


@pytest.fixture(params=sorted(FILES))
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def asked(office: Office, config: Config, version: str) -> dict[str, Example]:
    """What is answered today, by the name of the operation."""
    client = make_app(office.store, config, office.clock).test_client()
    file = batch([ubl(BILL), ubl("LUM-1002", "C-BOB")])
    key = office.keys["lumiere"]
    path = f"/v{version}/feeds?name=mars.xml"
    dropped = client.post(path, data=file, headers=key, content_type="application/xml")
    told = {"drop_feed": Example(path=path, status=dropped.status_code, answer=dropped.get_json())}
    feed = str(dropped.get_json()["feed"])
    office.pipeline.work_feed(row_of(office, feed), office.clock())
    endpoint = ""
    measure(office.store, office.clock())
    for name, method, template, body in ASKED:
        path = template.replace("/v1/", f"/v{version}/").replace("{feed}", feed).replace("{endpoint}", endpoint)
        answer = client.open(path, method=method, json=body, headers=key)
        if name == "add_webhook_endpoint":
            endpoint = str(answer.get_json()["endpoint"])
        told[name] = Example(path=path, status=answer.status_code, body=body, answer=answer.get_json())
    return told


def test_every_example_is_what_is_answered(asked: dict[str, Example], version: str) -> None:
    assert {each.status for each in asked.values()} <= {200, 201, 202}, asked
    if RECORDS:
        said = msgspec.json.format(msgspec.json.encode(asked), indent=1) + b"\n"
        FILES[version].write_bytes(re.sub(rb"whsec_[\w+/=]+", SECRET, said))
        examples.cache_clear()
    assert plain(examples(version)) == plain(asked)


def test_every_example_fits_its_types(office: Office, config: Config, version: str) -> None:
    """As another reader of JSON Schema sees it, formats of days and moments as well."""
    app: Flask = make_app(office.store, config, office.clock)
    document = app.test_client().get(f"/v{version}/openapi.json").get_json()
    given = 0
    for verbs in document["paths"].values():
        for operation in verbs.values():
            for content in contents(operation):
                if "example" in content:
                    schema = {**content["schema"], "components": document["components"]}
                    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
                        content["example"]
                    )
                    given += 1
    assert given >= len(ASKED)


def row_of(office: Office, feed: str) -> int:
    """The number of a feed that a program knows by its id."""
    return int(feed) if feed.isdecimal() else office.store.public_ids.number("feed", feed) or 0


def contents(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """All bodies of an operation, asked and answered."""
    parts = [operation.get("requestBody", {}), *operation["responses"].values()]
    return [content for part in parts for content in part.get("content", {}).values()]


def plain(said: dict[str, Example]) -> Any:
    """Examples without what is new in each store."""
    return msgspec.json.decode(NEW.sub("…", msgspec.json.encode(said).decode()))

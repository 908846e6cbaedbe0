"""Who may do what with the API, written down from docs/issuers.md ("Keys and team"), apart from the route policy: each
route with each scope alone, and with keys that are another issuer's, of the test side, rotated, expired, revoked."""

from datetime import timedelta
from typing import Final

import pytest
from flask import Flask

from issuers.test_side import open_test_side
from store.issuer_keys.issuer_key import keys_of, new_key, revoke_key, rotate_key
from store.issuer_keys.key_scope import Scope
from tests.portal.staff_office import Office

SCOPES: Final[tuple[Scope, ...]] = ("read", "feeds", "payments", "accounts", "webhooks")
#: Scopes that may do it, by method and path; `1` is what another issuer has, and nobody else.
MAY: Final = {
    "GET /feeds": "read feeds",
    "GET /feeds/1": "read feeds",
    "GET /feeds/1/items": "read feeds",
    "GET /feeds/mars.xml": "read feeds",
    "POST /feeds": "feeds",
    "PUT /feeds": "feeds",
    "PUT /feeds/mars.xml": "feeds",
    "POST /feeds/1/cancel": "feeds",
    "GET /bills": "read",
    "GET /bills/L-1": "read",
    "GET /bills/L-1/pdf": "read",
    "GET /bills/L-1/xml": "read",
    "POST /bills/L-1/recall": "feeds",
    "POST /bills/L-1/send-again": "feeds",
    "GET /adoption": "read",
    "GET /accounts": "read accounts",
    "GET /accounts/C-ALICE": "read accounts",
    "PUT /accounts/C-ALICE": "accounts",
    "GET /account-questions": "read accounts",
    "POST /account-questions/1/decision": "accounts",
    "GET /enquiries": "read accounts",
    "GET /enquiries/1": "read accounts",
    "POST /enquiries/1/answers": "accounts",
    "POST /enquiries/1/close": "accounts",
    "GET /payments": "read payments",
    "POST /payments": "payments",
    "GET /mandates": "read payments",
    "GET /events": "read webhooks",
    "GET /webhook-endpoints": "read webhooks",
    "POST /webhook-endpoints": "webhooks",
    "GET /webhook-endpoints/1": "read webhooks",
    "PATCH /webhook-endpoints/1": "webhooks",
    "POST /webhook-endpoints/1/secret": "webhooks",
    "POST /webhook-endpoints/1/test": "webhooks",
    "POST /webhook-endpoints/1/replay": "webhooks",
    "GET /webhook-endpoints/1/deliveries": "read webhooks",
    "GET /test/reset": "read feeds",
    "POST /test/reset": "feeds",
}
#: What each change says.
BODIES: Final[dict[str, dict[str, object]]] = {
    "/cancel": {"reason": "vu", "by": "Claire"},
    "/recall": {"reason": "vu", "by": "Claire"},
    "/send-again": {"way": "email", "reason": "vu", "by": "Claire"},
    "/decision": {"decision": "same", "reason": "vu"},
    "/answers": {"words": "Bonjour", "name": "Claire", "by": "Claire", "entries": 1},
    "/close": {"by": "Claire"},
    "/webhook-endpoints/1": {"state": "disabled"},
    "/replay": {"failed": True},
}


@pytest.fixture
def asked(app: Flask, office: Office) -> "Asked":
    return Asked(app, office)


class Asked:
    """Whoever asks for what Lumière has."""

    def __init__(self, app: Flask, office: Office) -> None:
        self.client, self.office = app.test_client(), office

    def key(self, *scopes: Scope) -> str:
        with self.office.store.writing() as session:
            return new_key(session, self.office.lumiere, self.office.clock(), scopes=scopes or SCOPES)

    def __call__(self, what: str, key: str, version: str = "v1") -> tuple[int, str]:
        """The status, and the problem's name."""
        method, _, path = what.partition(" ")
        body = next((said for end, said in BODIES.items() if path.endswith(end)), {})
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        sent = {} if method == "GET" else {"json": body}
        answer = self.client.open(f"/{version}{path}", method=method, headers=headers, **sent)
        problem = answer.get_json()["type"].rpartition("/")[2] if answer.status_code >= 400 else ""
        return answer.status_code, problem


def test_every_route_is_expected(app: Flask) -> None:
    rules = [each for each in app.url_map.iter_rules() if each.endpoint.startswith("api.")]
    said = {(method, path.count("/")) for method, _, path in (each.partition(" ") for each in MAY)}
    kinds = {(method, each.rule.count("/") - 1) for each in rules for method in (each.methods or set())}
    assert {each for each in kinds if each[0] not in {"HEAD", "OPTIONS"}} == said
    count = sum(len((each.methods or set()) - {"HEAD", "OPTIONS"}) for each in rules)
    assert count - 1 == len(MAY), "a route is missing in MAY: all but the document"


def test_each_scope_does_what_is_written_and_no_more(asked: Asked) -> None:
    wrong = []
    for scope in SCOPES:
        key = asked.key(scope)
        for what, scopes in MAY.items():
            status, name = asked(what, key)
            if (scope in scopes.split()) == (name == "insufficient-scope") or status in {401, 500}:
                wrong.append((scope, what, status, name))
    assert not wrong


def test_without_a_key_that_counts_nothing_is_answered(asked: Asked) -> None:
    clock, lumiere = asked.office.clock, asked.office.lumiere
    revoked, rotated = asked.key(), asked.key()
    with asked.office.store.writing() as session:
        ids = [each.id for each in keys_of(session, lumiere.id)[:2]]
        assert revoke_key(session, lumiere.id, ids[1], clock(), "Claire")
        anew = rotate_key(session, lumiere, ids[0], clock(), "Claire", overlap=timedelta(hours=1))
    assert anew is not None
    assert asked("GET /feeds", rotated)[0] == asked("GET /feeds", anew)[0] == 200
    clock.forward(seconds=3601)
    assert asked("GET /feeds", anew)[0] == 200
    for key in ("", "fct_wrong", f"{anew}x", revoked, rotated):
        assert {what: asked(what, key) for what in MAY} == dict.fromkeys(MAY, (401, "unauthorized"))


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_lumiere_has_is_not_there_for_others(asked: Asked, version: str) -> None:
    with asked.office.store.writing() as session:
        side = open_test_side(session, asked.office.lumiere, "Claire", asked.office.clock())
        tests = new_key(session, side, asked.office.clock())
    eaux = asked.office.keys["eaux"]["Authorization"].removeprefix("Bearer ")
    named = [each for each in MAY if any(part in each for part in ("/1", "/L-1", "GET /accounts/C-"))]
    for key in (eaux, tests):
        assert {what: asked(what, key, version) for what in named} == dict.fromkeys(named, (404, "not-found"))
    assert asked("GET /bills/L-1", asked.key(), version)[0] in {200, 404}
    assert asked("GET /feeds/1", asked.key(), version)[0] == 200
    assert asked("POST /test/reset", eaux, version) == (403, "test-key-asked")
    assert asked("POST /test/reset", tests, version)[0] == 202

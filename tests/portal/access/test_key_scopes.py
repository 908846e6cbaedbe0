"""A key does what its scopes say, and is told what it lacks; its use is kept."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.access.route_policy import POLICY
from store.issuer_keys.issuer_key import key_in_use, new_key
from store.issuer_keys.key_scope import Scope
from tests.portal.staff_office import Office


@pytest.mark.parametrize(
    ("scopes", "method", "path", "needs"),
    [
        (["read"], "GET", "/v1/feeds", ""),
        (["read"], "GET", "/v2/payments", ""),
        (["feeds"], "GET", "/v1/feeds", ""),  # who sends feeds reads how they went
        (["feeds"], "GET", "/v1/payments", "payments read"),
        (["feeds"], "GET", "/v2/accounts", "accounts read"),
        (["read"], "POST", "/v1/feeds", "feeds"),
        (["read", "feeds", "payments", "webhooks"], "PUT", "/v2/accounts/C-1", "accounts"),
        (["read", "accounts"], "POST", "/v1/webhook-endpoints", "webhooks"),
        (["read", "accounts"], "POST", "/v1/payments", "payments"),
    ],
)
def test_a_key_does_what_its_scopes_say(
    scopes: list[Scope], method: str, path: str, needs: str, office: Office, app: Flask
) -> None:
    with office.store.writing() as session:
        key = new_key(session, office.lumiere, office.clock(), scopes=scopes)
    answer = app.test_client().open(path, method=method, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code == 403) == bool(needs)
    if needs:
        assert answer.mimetype == "application/problem+json"
        told = answer.www_authenticate
        assert (told.type, told.get("error"), told.get("scope")) == ("bearer", "insufficient_scope", needs)


def test_what_changes_something_names_its_scope() -> None:
    """A line that is forgotten opens to no key."""
    lines = {key: line.scopes_for(key[1]) for key, line in POLICY.items() if line.who == "key"}
    assert {key for key, scopes in lines.items() if not scopes} == set()
    assert {key for key, scopes in lines.items() if key[1] != "GET" and "read" in scopes} == set()


def test_the_use_of_a_key_is_kept_but_not_that_of_none(office: Office, app: Flask) -> None:
    with office.store.writing() as session:
        key = new_key(session, office.lumiere, office.clock(), scopes=["read"])
    client, headers = app.test_client(), {"Authorization": f"bEARER {key}"}  # any case will do: RFC 9110 §11.1
    began = office.clock()
    for seconds, noted in ((0, 0), (30, 0), (90, 90)):
        office.clock.now = began + timedelta(seconds=seconds)
        assert client.get("/v1/feeds", headers=headers, buffered=True).status_code == 200
        with office.store.reading() as session:
            found = key_in_use(session, key, office.clock())
            assert found is not None
            assert found.row.last_used_at == began + timedelta(seconds=noted)
    answer = client.get("/v1/feeds", headers={"Authorization": f"Bearer {key}x"})
    assert (answer.status_code, answer.www_authenticate.get("error")) == (401, "invalid_token")
    answer = client.get("/v1/feeds")
    assert (answer.status_code, answer.www_authenticate.get("error")) == (401, None)

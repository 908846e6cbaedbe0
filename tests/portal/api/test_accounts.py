"""Issuers' programs say what they know of a customer, and read what people changed here."""

import threading
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bill import PostalAddress
from config import Config
from issuers.registry import add_issuer
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.issuer import issuer_by_slug
from store.issuer_keys.issuer_key import new_key
from store.outbox.email_confirmed import tell_email_confirmed
from store.outbox.outbox_event import record_outbox_event
from tests.conftest import Clock
from webhooks.delete_old_events import delete_old_events

NANTES = {"line1": "3 rue du Port", "postcode": "44000", "city": "Nantes", "country": "FR"}
BREST = {"line1": "8 rue de Siam", "postcode": "29200", "city": "Brest", "country": "FR"}
ALICE = {"names": ["Alice Martin"], "postal_address": NANTES}


@pytest.fixture
def app(store: Store, config: Config, clock: Clock) -> Flask:
    app = make_app(store, config, clock)
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def make_key(store: Store, clock: Clock, slug: str) -> dict[str, str]:
    with store.writing() as session:
        return {"Authorization": f"Bearer {new_key(session, add_issuer(session, slug, slug, clock()), clock())}"}


@pytest.fixture
def key(store: Store, clock: Clock) -> dict[str, str]:
    return make_key(store, clock, "lumiere")


class Crm:
    """A program of the issuer's."""

    def __init__(self, client: FlaskClient, key: dict[str, str], version: int = 1) -> None:
        self._client, self._key, self._version = client, key, version

    def put(self, number: str, said: Any, **headers: str) -> TestResponse:
        sent = {each.replace("_", "-"): value for each, value in headers.items()}
        return self._client.put(f"/v{self._version}/accounts/{number}", json=said, headers=self._key | sent)

    def get(self, path: str = "", **headers: str) -> TestResponse:
        sent = {each.replace("_", "-"): value for each, value in headers.items()}
        return self._client.get(f"/v{self._version}/accounts{path}", headers=self._key | sent)

    def changes(self, since: int) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"?changed_since={since}").get_json()
        return answer


@pytest.fixture
def crm(client: FlaskClient, key: dict[str, str]) -> Crm:
    return Crm(client, key)


def test_an_account_is_opened_changed_and_read(crm: Crm) -> None:
    opened = crm.put("CL/1001", ALICE)
    assert (opened.status_code, opened.get_json()["outcome"]) == (201, "created")
    changed = crm.put("cl 1001", {"email": "alice@example.org", "phone": None})
    assert (changed.status_code, changed.get_json()["outcome"]) == (200, "changed")
    shown = crm.get("/CL-1001")
    account = shown.get_json()
    assert (account["number"], account["holder"], account["address"]) == ("CL/1001", "Alice Martin", NANTES)
    assert account["stated"] == {
        "names": ["Alice Martin"], "postal_address": [NANTES], "email": "alice@example.org", "phone": None,
    }  # fmt: skip
    assert account["holders"] == []
    assert shown.headers["ETag"] == changed.headers["ETag"]
    assert crm.get("/CL-1001", If_None_Match=shown.headers["ETag"]).status_code == 304
    assert crm.put("CL-1001", {"email": "alice@example.org"}).get_json()["outcome"] == "unchanged"


def test_nobody_overwrites_what_they_have_not_seen(crm: Crm, clock: Clock) -> None:
    assert crm.put("CL-1", ALICE, If_Match="*").status_code == 412
    assert crm.put("CL-1", ALICE, If_None_Match="*").status_code == 201
    assert crm.put("CL-1", ALICE, If_None_Match="*").status_code == 412
    seen = crm.get("/CL-1").headers["ETag"]
    clock.forward(minutes=1)
    assert crm.put("CL-1", {"postal_address": BREST}, If_Match=seen).status_code == 200
    assert crm.put("CL-1", {"postal_address": NANTES}, If_Match=seen).status_code == 412
    assert crm.get("/CL-1").get_json()["address"] == BREST


def test_only_the_account_of_the_record_s_own_term_must_be_unseen(crm: Crm) -> None:
    crm.put("CL-1", ALICE)
    other = ALICE | {"term": "BT-12"}
    assert crm.put("CL-1", other, If_None_Match="*").status_code == 201
    assert crm.put("CL-1", other, If_None_Match="*").status_code == 412
    seen = crm.get("/CL-1?term=BT-12").headers["ETag"]
    assert crm.put("CL-1", other | {"email": "alice@example.org"}, If_Match=seen).status_code == 200


def test_an_older_record_changes_nothing(crm: Crm, clock: Clock) -> None:
    crm.put("CL-1", ALICE | {"as_of": clock().isoformat()})
    before = (clock() - timedelta(days=1)).isoformat()
    answer = crm.put("CL-1", {"names": ["A. Martin"], "as_of": before}).get_json()
    assert (answer["outcome"], [each["rule"] for each in answer["findings"]]) == ("older", ["CUSTOMER-OLDER"])
    assert answer["account"]["holder"] == "Alice Martin"


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"died_on": "soon"}, "CUSTOMER-DATE"),
        ({"as_of": "2031-01-01T00:00:00Z"}, "CUSTOMER-CLOCK-AHEAD"),
        ({"names": "Alice"}, None),
        ([], None),
    ],
)
def test_what_cannot_be_trusted_is_refused(crm: Crm, said: Any, rule: str | None) -> None:
    answer = crm.put("CL-1", said)
    if isinstance(said, dict) and rule:
        assert (answer.status_code, answer.get_json()["outcome"]) == (422, "rejected")
        assert [each["rule"] for each in answer.get_json()["findings"]] == [rule]
        assert crm.get("/CL-1").status_code == 404
    else:
        assert answer.status_code in {200, 201, 422}


def test_accounts_of_others_are_not_there(crm: Crm, client: FlaskClient, store: Store, clock: Clock) -> None:
    crm.put("CL-1", ALICE)
    other = Crm(client, make_key(store, clock, "eaux"))
    assert other.get("/CL-1").status_code == crm.get("/CL-2").status_code == 404
    assert other.get().get_json()["accounts"] == []
    assert other.put("CL-1", {"names": ["Bruno Leroy"]}).status_code == 201
    assert crm.get("/CL-1").get_json()["holder"] == "Alice Martin"
    assert client.put("/v1/accounts/CL-1", json=ALICE).status_code == 401


def test_version_2_names_accounts_by_public_ids(client: FlaskClient, key: dict[str, str], crm: Crm) -> None:
    number = crm.put("CL-1", ALICE).get_json()["account"]["account"]
    account = Crm(client, key, version=2).get("/CL-1").get_json()["account"]
    assert isinstance(number, int)
    assert len(account) == 26


def follow(store: Store, number: str, clock: Clock) -> int:
    """Alice follows the account, and has confirmed her address."""
    with store.writing() as session:
        alice = Consumer(
            email=f"{number.lower()}@example.org",
            name="Alice",
            password_hash="-",
            signed_up_at=clock(),
            confirmed_at=clock(),
        )
        session.add(alice)
        session.flush()
        enrol(session, alice.id, _account(store, number), clock())
        tell_email_confirmed(session, alice.id, clock())
        return alice.id


def _account(store: Store, number: str) -> int:
    with store.reading() as session:
        return session.query(CustomerAccount).filter_by(value=number).one().id


def mend(store: Store, number: str, clock: Clock) -> None:
    address = PostalAddress(**BREST)
    with store.writing() as session:
        account = session.get_one(CustomerAccount, _account(store, number))
        account.mended_address, account.mended_at = msgspec.msgpack.encode(address), clock()
        data = {"account": account.id, "account_number": number, "actor": "operator", "address": BREST}
        record_outbox_event(session, account.issuer_id, "account.address_mended", data, clock())


def test_what_people_changed_comes_back_once(crm: Crm, store: Store, clock: Clock) -> None:
    for number in ("CL-1", "CL-2", "CL-3"):
        crm.put(number, ALICE)
    start = crm.get().get_json()
    assert ([each["number"] for each in start["accounts"]], start["cursor"]) == (["CL-1", "CL-2", "CL-3"], 0)
    assert crm.changes(start["cursor"]) == {"accounts": [], "cursor": 0, "next": None}
    follow(store, "CL-2", clock)
    mend(store, "CL-1", clock)
    answer = crm.changes(0)
    assert [(each["number"], [c["what"] for c in each["changes"]]) for each in answer["accounts"]] == [
        ("CL-2", ["account.email_confirmed"]), ("CL-1", ["account.address_mended"]),
    ]  # fmt: skip
    followed, mended = answer["accounts"]
    [alice] = followed["holders"]
    assert (alice["email"], alice["email_confirmed_at"]) == (None, clock().isoformat())
    crm.put("CL-2", {"email": "cl-2@Example.org"})
    assert crm.get("/CL-2").get_json()["holders"][0]["email"] == "cl-2@example.org"
    assert (mended["address"], mended["address_mended_at"]) == (BREST, clock().isoformat())
    assert mended["changes"][0]["address"] == BREST
    assert [each["changes"][0]["actor"] for each in answer["accounts"]] == ["holder", "operator"]
    assert crm.changes(answer["cursor"])["accounts"] == []


def test_changes_and_accounts_come_by_pages(
    crm: Crm, client: FlaskClient, store: Store, clock: Clock, key: Any
) -> None:
    numbers = [f"CL-{n}" for n in range(5)]
    for number in numbers:
        crm.put(number, ALICE)
        mend(store, number, clock)
    for first in ("/v1/accounts?limit=2", "/v1/accounts?changed_since=0&limit=2", "/v2/accounts?limit=2"):
        seen, path, cursor = [], first, None
        while path:
            page = client.get(path, headers=key).get_json()
            seen += [each["number"] for each in page["accounts"]]
            path, cursor = page["next"], page["cursor"]
        assert (seen, cursor) == (numbers, 5)
    assert client.get("/v1/accounts?changed_since=x", headers=key).status_code == 400


def test_a_change_that_is_committed_late_is_not_missed(crm: Crm, store: Store, clock: Clock) -> None:
    """A transaction that began first ends last: its event has the lower id and still comes after the cursor."""
    if store.is_sqlite:
        pytest.skip("one writer at a time")
    for number in ("CL-1", "CL-2"):
        crm.put(number, ALICE)
    ids = {number: _account(store, number) for number in ("CL-1", "CL-2")}
    with store.reading() as session:
        issuer = issuer_by_slug(session, "lumiere")
        assert issuer is not None
    with store.writing() as late:
        data = {"account": ids["CL-1"], "account_number": "CL-1", "actor": "holder"}
        record_outbox_event(late, issuer.id, "account.email_confirmed", data, clock())
        late.flush()
        mend(store, "CL-2", clock)
        first = crm.changes(0)
        assert [each["number"] for each in first["accounts"]] == ["CL-2"]
    second = crm.changes(first["cursor"])
    assert [each["number"] for each in second["accounts"]] == ["CL-1"]


def test_a_cursor_that_is_older_than_what_is_kept_is_gone(
    crm: Crm, client: FlaskClient, store: Store, clock: Clock, key: Any
) -> None:
    """Three changes, of which two are kept no longer: who asks from before them is told, and where to go on."""
    for number in ("CL-1", "CL-2", "CL-3"):
        crm.put(number, ALICE)
    for number, days in (("CL-1", 0), ("CL-2", 1), ("CL-3", 20)):
        clock.forward(days=days)
        mend(store, number, clock)
    crm.changes(0)  # numbers them
    clock.forward(days=20)
    with store.writing() as session:
        assert delete_old_events(session, 30, clock()) == 2
    for version, path in (("v1", "events?after="), ("v2", "events?after="), ("v1", "accounts?changed_since=")):
        gone = client.get(f"/{version}/{path}1", headers=key)
        assert (gone.status_code, gone.mimetype) == (410, "application/problem+json")
        problem = gone.get_json()
        assert (problem["status"], problem["oldest"], problem["lost"]) == (410, 2, 1)
        assert problem["type"] == "/v1/problems/events-gone"
        assert client.get(problem["next"], headers=key).status_code == 200
        assert client.get(f"/{version}/{path}2", headers=key).status_code == 200
    assert [each["sequence"] for each in client.get("/v1/events", headers=key).get_json()["events"]] == [3]
    clock.forward(days=40)
    with store.writing() as session:
        delete_old_events(session, 30, clock())
    assert client.get("/v1/events?after=2", headers=key).get_json()["oldest"] == 3
    assert client.get("/v1/accounts?changed_since=3", headers=key).get_json()["accounts"] == []


def test_asking_again_undoes_nothing_that_was_said_meanwhile(crm: Crm, clock: Clock) -> None:
    """The answer to the first is lost; another program says more before it is asked again."""
    first = {"names": ["Alice Martin"], "phone": "0240000001"}
    assert crm.put("CL-1", first, Idempotency_Key="a").status_code == 201
    clock.forward(minutes=1)
    crm.put("CL-1", {"phone": "0240000002"})
    clock.forward(minutes=1)
    again = crm.put("CL-1", first, Idempotency_Key="a")
    assert (again.status_code, again.get_json()["outcome"]) == (200, "older")
    assert crm.get("/CL-1").get_json()["stated"]["phone"] == "0240000002"
    for number, said in (("CL-1", {"phone": "1"}), ("CL-2", first)):
        assert crm.put(number, said, Idempotency_Key="a").status_code == 422
    assert crm.put("CL-1", first, Idempotency_Key="k" * 256).status_code == 400


def test_what_was_refused_under_a_key_is_refused_again(crm: Crm) -> None:
    for _ in range(2):
        assert (
            crm.put("CL-1", {"died_on": "2999-01-01", "large_print": "perhaps"}, Idempotency_Key="a").status_code == 422
        )
    assert crm.get("/CL-1").status_code == 404


def test_two_at_once_under_one_key_open_one_account(app: Flask, key: dict[str, str]) -> None:
    start, codes = threading.Barrier(2), []

    def put() -> None:
        start.wait()
        codes.append(Crm(app.test_client(), key).put("CL-1", ALICE, Idempotency_Key="a").status_code)

    threads = [threading.Thread(target=put) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(codes) == [200, 201]
    assert len(Crm(app.test_client(), key).get().get_json()["accounts"]) == 1


def test_a_retry_is_answered_though_what_it_had_seen_has_changed(
    client: FlaskClient, key: dict[str, str], clock: Clock
) -> None:
    """The answer was lost on its way: the request's own change is what it would stumble over."""
    crm = Crm(client, key)
    first = crm.put("CL-1", ALICE, If_None_Match="*", Idempotency_Key="new-1")
    again = crm.put("CL-1", ALICE, If_None_Match="*", Idempotency_Key="new-1")
    assert (first.status_code, again.status_code) == (201, 200)
    clock.forward(seconds=1)
    moved, seen = {"postal_address": BREST}, first.headers["ETag"]
    first = crm.put("CL-1", moved, If_Match=seen, Idempotency_Key="moved-1")
    again = crm.put("CL-1", moved, If_Match=seen, Idempotency_Key="moved-1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert crm.put("CL-1", moved, If_Match=seen, Idempotency_Key="moved-2").status_code == 412


def test_a_term_said_twice_is_refused(client: FlaskClient, key: dict[str, str]) -> None:
    twice = b'{"names": ["Alice Martin"], "names": ["Mallory"]}'
    answer = client.put("/v1/accounts/CL-1", data=twice, content_type="application/json", headers=key)
    assert answer.status_code == 422
    assert answer.get_json()["detail"] == "the key 'names' is there twice"
    for body, why in ((b"{no}", "JSON is malformed"), (b'{"phone": "\xff"}', "this is no UTF-8")):
        answer = client.put("/v1/accounts/CL-1", data=body, content_type="application/json", headers=key)
        assert answer.get_json()["detail"].startswith(why)

"""Lumière's program does by its client all that the API's document offers, and says only what the document takes."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from consumers.enquiries.ask_about_bill import ask_about_bill
from facteur.client import CustomerStatement, FacteurClient, ProblemError, ToldPayment
from issuers.test_side import open_test_side
from portal.api.document.api_document import document_of
from store.accounts.consumer import Consumer, enrol
from store.bills.bill_lookup import bill_by_number
from store.issuer_keys.issuer_key import new_key
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl

MINA = "mina@facteur.example"
#: What a program needs no client for: the document itself, and two other ways to drop a feed.
NOT_CALLED = {"show_openapi", "put_feed", "put_named_feed"}


class Listening(httpx.WSGITransport):
    """Passes requests on to the portal, and keeps them."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app=app)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return super().handle_request(request)


@pytest.fixture
def listening(app: Flask) -> Listening:
    return Listening(app)


@pytest.fixture
def client(office: Office, listening: Listening) -> FacteurClient:
    """While the program waits, the pipeline works."""
    client = client_of(office.keys["lumiere"]["Authorization"].removeprefix("Bearer "), listening)
    client.connection.sleep = lambda _: office.pipeline.work_until_idle(office.clock())
    return client


def client_of(key: str, transport: httpx.BaseTransport) -> FacteurClient:
    return FacteurClient("http://127.0.0.1:8080", key, transport=transport)


def drop(client: FacteurClient, *invoices: str) -> str:
    """Returns the feed, once it is read."""
    dropped = client.feeds.put(batch(invoices), "mars.xml", count=len(invoices))
    assert dropped.feed is not None
    assert client.feeds.wait(dropped.feed).state == "released"
    return dropped.feed


def alice_asks(office: Office, number: str) -> None:
    with office.store.writing() as session:
        alice = Consumer(email="alice@example.org", name="Alice", password_hash="-", signed_up_at=office.clock(),
                         confirmed_at=office.clock())  # fmt: skip
        session.add(alice)
        bill = bill_by_number(session, office.lumiere.id, number)
        assert bill is not None
        session.flush()
        enrol(session, alice.id, bill.account_id, office.clock())
        ask_about_bill(session, bill, alice.id, "amount", "Pourquoi si cher ?", "a", office.clock())


def test_a_feed_is_dropped_and_its_bills_are_followed(client: FacteurClient) -> None:
    feed = drop(client, ubl("N-1"), ubl("N-2", "C-BOB"))
    assert client.feeds.put(batch([ubl("N-1"), ubl("N-2", "C-BOB")]), "encore.xml").feed == feed
    assert [each.number for each in client.feeds.items(feed, outcome="bill")] == ["N-1", "N-2"]
    found = list(client.bills.list(feed=feed, state="chosen", issued_from=dt.date(2026, 1, 1), amount=Decimal(84)))
    assert {each.number: (each.payable, each.account_number) for each in found} == {
        "N-1": (Decimal("84.00"), "C-ALICE"), "N-2": (Decimal("84.00"), "C-BOB"),
    }  # fmt: skip
    fate = client.bills.fate("N-1")
    assert fate.steps[0].code == "feed.received"
    assert fate.due_now.left == Decimal("84.00")
    assert client.bills.pdf("N-1").startswith(b"%PDF-1.7")
    assert b"CrossIndustryInvoice" in client.bills.xml("N-1")
    assert b"<Invoice" in client.bills.xml("N-1", "ubl")
    assert client.bills.recall("N-2", by="Claire", reason="wrong tariff").state == "recalled"
    assert client.bills.recall("N-2", by="Claire", reason="wrong tariff").state == "recalled"
    [*_, last] = client.bills.pages(changed_since=fate.changed_at or dt.datetime.now(dt.UTC))
    assert last.cursor.tzinfo is not None
    client.connection.sleep(1)  # events are numbered by the worker
    assert "bill.recalled" in [each.type for each in client.events.after(0)]


def test_lists_are_read_to_their_end(client: FacteurClient, listening: Listening, monkeypatch: Any) -> None:
    feed = drop(client, *(ubl(f"N-{n}") for n in range(5)))
    whole = client.connection.ask
    monkeypatch.setattr(client.connection, "ask", lambda *each, query=None, **rest: whole(
        *each, query=None if query is None else query | {"limit": 2}, **rest))  # fmt: skip
    listening.asked.clear()
    assert [each.number for each in client.feeds.items(feed)] == [f"N-{n}" for n in range(5)]
    assert len(listening.asked) == 3


def test_customers_and_what_they_ask(client: FacteurClient, office: Office) -> None:
    drop(client, ubl("N-1"))
    alice_asks(office, "N-1")
    [line] = client.enquiries.list(subject="amount")
    seen = client.enquiries.get(line.enquiry)
    answered = client.enquiries.answer(seen, "Le relevé était estimé.", by=MINA, name="Mina R.", idempotency_key="a")
    assert answered.state == "answered"
    with pytest.raises(ProblemError) as raised:
        client.enquiries.answer(seen, "Autre chose.", by=MINA, name="Mina R.")
    assert raised.value.name == "conflict"
    assert client.enquiries.close(line.enquiry, by=MINA).state == "closed"
    account, etag = client.accounts.get_with_etag("C-ALICE")
    assert account.holders[0].name == "Alice"
    statement = CustomerStatement(names=["Alice Martin"], as_of=office.clock(), email="alice@example.org")
    assert client.accounts.put("C-ALICE", statement, if_match=etag).outcome in {"created", "changed"}
    with pytest.raises(ProblemError) as raised:
        client.accounts.put("C-ALICE", statement, if_match=etag)
    assert raised.value.name == "precondition-failed"


def test_payments_are_told_once(client: FacteurClient) -> None:
    drop(client, ubl("N-1"))
    paid = ToldPayment(
        id="P-1", kind="received", amount=Decimal("84.00"), currency="EUR", date=dt.date(2026, 3, 2), references="N-1"
    )
    [taken] = client.payments.tell([paid], idempotency_key="run-1")
    assert (taken.outcome, taken.bills[0].number, taken.amount) == ("matched", "N-1", Decimal("84.00"))
    assert [each.payment for each in client.payments.tell([paid])] == [taken.payment]
    assert [each.payment for each in client.payments.list("matched")] == [taken.payment]
    assert list(client.payments.list(too_much=True)) == []


def test_everything_is_called_as_the_document_says(
    app: Flask, client: FacteurClient, listening: Listening, office: Office
) -> None:
    with app.app_context():
        document = document_of(app, "api_2")
    feed = drop(client, ubl("N-1"))
    alice_asks(office, "N-1")
    line = next(client.enquiries.list())
    client.enquiries.answer(client.enquiries.get(line.enquiry), "Oui.", by=MINA, name="Mina R.")
    client.enquiries.close(line.enquiry, by=MINA)
    client.accounts.put("C-ALICE", CustomerStatement(names=["Alice Martin"], closed_on=None))
    paid = ToldPayment(id="P", kind="received", amount=Decimal(1), currency="EUR", date=dt.date(2026, 3, 2))
    client.payments.tell([paid])
    for each in (
        client.feeds.list(), client.feeds.items(feed), client.bills.list(), client.accounts.list(),
        client.accounts.questions(), client.payments.list(), client.payments.mandates(), client.events.after(),
    ):  # fmt: skip
        list(each)
    client.accounts.get("C-ALICE")
    asked = client.adoption.measures(dt.date(2026, 3, 1), dt.date(2026, 3, 31), measure="bills")
    assert (asked.from_, [each.measure for each in asked.measures]) == (dt.date(2026, 3, 1), ["bills"])
    client.bills.fate("N-1")
    client.bills.pdf("N-1")
    client.bills.xml("N-1")
    with pytest.raises(ProblemError, match="reached its customer"):
        client.bills.recall("N-1", by="Claire", reason="too late")
    client.bills.send_again("N-1", by="Claire", reason="cannot find it")
    with pytest.raises(ProblemError, match="not possible any more"):
        client.feeds.cancel(feed, by="Claire", reason="too late")
    with pytest.raises(ProblemError, match="There is no such thing"):
        client.accounts.decide("a" * 26, "same", reason="she moved")
    endpoints_are_kept(client)
    the_test_side_is_emptied(office, listening)
    called = {operation_of(document, each) for each in listening.asked}
    known = {said["operationId"] for verbs in document["paths"].values() for said in verbs.values()}
    assert called == known - NOT_CALLED


def endpoints_are_kept(client: FacteurClient) -> None:
    endpoint = client.webhook_endpoints.add("https://lumiere.example/facteur", ["feed.released"]).endpoint
    assert client.webhook_endpoints.change(endpoint, types=[]).types == []
    assert client.webhook_endpoints.test(endpoint).startswith("msg_")
    assert [each.endpoint for each in client.webhook_endpoints.list()] == [endpoint]
    assert client.webhook_endpoints.rotate_secret(endpoint).startswith("whsec_")
    assert len(client.webhook_endpoints.deliveries(endpoint)) == 1
    assert client.webhook_endpoints.replay(endpoint) == 0
    assert client.webhook_endpoints.replay(endpoint, after=0, until=1) == 1
    assert client.webhook_endpoints.change(endpoint, enabled=False).state == "disabled"
    assert client.webhook_endpoints.get(endpoint).state == "disabled"


def the_test_side_is_emptied(office: Office, listening: Listening) -> None:
    with office.store.writing() as session:
        twin = open_test_side(session, office.lumiere, "Claire", office.clock())
        key = new_key(session, twin, office.clock())
    client = client_of(key, listening)
    assert client.test_side.reset().state == "under way"
    assert client.test_side.reset_report().state == "under way"


def operation_of(document: dict[str, Any], request: httpx.Request) -> str:
    """Returns the operation that a request calls; its query and its body must be of the document."""
    path = request.url.raw_path.decode().partition("?")[0]
    [verbs] = [
        verbs for template, verbs in document["paths"].items()
        if request.method.lower() in verbs and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]  # fmt: skip
    said = verbs[request.method.lower()]
    parameters = {each["name"] for each in said.get("parameters", []) if each["in"] == "query"}
    assert {name for name, _ in request.url.params.multi_items()} <= parameters
    body = said.get("requestBody", {}).get("content", {})
    if body.keys() == {"application/json"}:
        schema = {**body["application/json"]["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(msgspec.json.decode(request.content))
        assert request.headers["Content-Type"] == "application/json"
    return str(said["operationId"])

"""GET /v1/bills, a bill with its fate, its documents, and its recall."""

from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bill import Reason
from delivery.feedback.views_bounces_returns import bill_viewed
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill_lookup import bill_by_number
from store.delivery import Attempt, create_deliveries, deliveries_of
from store.outbox.outbox_event import OutboxEvent
from tests.lived_beginnings import lived_once
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl


@lived_once
def three_bills(office: Office) -> None:
    feed_id = office.drop([ubl("L-1"), ubl("L-2", "C-BOB"), ubl("2026/L 3", "C-CHARLIE")], name="trois.xml")
    office.pipeline.work_feed(feed_id, office.clock())


@pytest.fixture
def client(app: Flask, three_bills: None) -> FlaskClient:
    return app.test_client()


def ask(client: FlaskClient, office: Office, path: str, **more: Any) -> Any:
    return client.get(path, headers=office.keys["lumiere"] | more.pop("headers", {}), **more)


def recall(client: FlaskClient, office: Office, number: str, body: Any = None) -> Any:
    said = {"reason": "wrong tariff", "by": "claire@lumiere.example"} if body is None else body
    return client.post(f"/v1/bills/{number}/recall", headers=office.keys["lumiere"], json=said)


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["number"] for each in answer.get_json()["bills"]]


#: The latest issued first, of one day the last received; and the first due or changed first.
LATEST, FIRST = ["L-2", "L-1", "2026/L 3"], ["2026/L 3", "L-1", "L-2"]


@pytest.mark.parametrize(("query", "found"), [
    ("", LATEST), ("?number=L-2", ["L-2"]), ("?number=L-9", []), ("?account=c bob", ["L-2"]),
    ("?account=C-9", []), ("?state=chosen&limit=1", ["L-2"]), ("?state=failed", []),
    ("?channel=paper&account=C-BOB", ["L-2"]), ("?channel=portal", []), ("?issued_from=2026-01-01&amount=84.00",
    LATEST), ("?issued_to=2025-12-31", []), ("?due_from=2026-01-01", FIRST),
    ("?due_to=2025-12-31", []), ("?amount=83", []), ("?changed_since=2026-03-01T00:00:00Z",
    FIRST), ("?changed_since=9999-12-31T23:59:59-14:00", []),
    ("?changed_since=0001-01-01T00:00:00%2B14:00", FIRST), ("?feed=999", []),
])  # fmt: skip
def test_bills_are_listed_by_what_is_asked(client: FlaskClient, office: Office, query: str, found: list[str]) -> None:
    assert numbers(ask(client, office, f"/v1/bills{query}")) == found
    assert numbers(client.get(f"/v1/bills{query}", headers=office.keys["eaux"])) == []


@pytest.mark.parametrize(
    "query", ["limit=1", "limit=1&due_from=2026-01-01", "limit=2&changed_since=2026-03-01T00:00:00Z"]
)
@pytest.mark.parametrize("version", [1, 2])
def test_pages_lead_on_by_link_and_next(client: FlaskClient, office: Office, query: str, version: int) -> None:
    found: list[str] = []
    at: str | None = f"/v{version}/bills?{query}"
    while at is not None:
        answer = ask(client, office, at)
        found += numbers(answer)
        at = answer.get_json()["next"]
        assert (at in answer.headers.get("Link", "")) if at else "Link" not in answer.headers
    assert sorted(found) == ["2026/L 3", "L-1", "L-2"]


@pytest.mark.parametrize("query", [
    "after=x", "after=2026-03-01~x", "after=~aaaaaaaaaaaaa", "limit=0", "amount=1e9", "state=lost",
    "changed_since=2026-03-01", "changed_since=2026-03-01T00:00:00", "issued_from=2026-02-30",
])  # fmt: skip
def test_what_cannot_be_read_is_a_problem(client: FlaskClient, office: Office, query: str) -> None:
    answer = ask(client, office, f"/v1/bills?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"


def test_who_follows_changes_misses_none(client: FlaskClient, office: Office) -> None:
    cursor = ask(client, office, "/v1/bills").get_json()["cursor"]
    assert recall(client, office, "L-2").status_code == 200
    changed = ask(client, office, "/v1/bills", query_string={"changed_since": cursor})
    assert numbers(changed)[-1] == "L-2"  # bills of the last minute come again
    assert changed.get_json()["cursor"] <= changed.get_json()["bills"][-1]["changed_at"]


def test_a_bill_tells_its_fate(client: FlaskClient, office: Office, store: Store) -> None:
    office.pipeline.work_until_idle(office.clock())
    answer = ask(client, office, "/v1/bills/L-2")
    told = answer.get_json()
    codes = [each["code"] for each in told["steps"]]
    assert codes == [
        "feed.received", "feed.read", "feed.released", "bill.released", "bill.rendered", "bill.chosen",
        "letter.planned",
    ]  # fmt: skip
    assert told["steps"][-1]["reason"]["code"] == "account_unclaimed"
    assert (told["expected"]["code"], told["expected"]["channel"]) == ("letter.posted", "paper")
    assert (told["account_number"], told["payable"], told["due_now"]["left"]) == ("C-BOB", "84.00", "84.00")
    assert told["reached"] is None
    again = ask(client, office, "/v1/bills/L-2", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    office.pipeline.close_batch(office.clock.forward(days=1))
    told = ask(client, office, "/v1/bills/L-2").get_json()
    assert [each["code"] for each in told["steps"]][-2:] == ["letter.batched", "letter.posted"]
    assert (told["expected"], told["reached"]["how"]) == (None, "posted")
    assert ask(client, office, "/v1/bills/L-9").status_code == 404
    assert client.get("/v1/bills/L-2", headers=office.keys["eaux"]).status_code == 404


def test_a_fate_names_no_customer_and_no_address(client: FlaskClient, office: Office, store: Store) -> None:
    """Bob opens his space by e-mail: what his mail server answers repeats his address."""
    with store.writing() as session:
        bob = Consumer(email="bob@example.org", name="Bob", password_hash="-", signed_up_at=office.clock(),
                       confirmed_at=office.clock())  # fmt: skip
        session.add(bob)
        session.flush()
        bill = bill_by_number(session, office.lumiere.id, "L-2")
        assert bill is not None
        enrol(session, bob.id, bill.account_id, office.clock())
        row = {"bill_id": bill.id, "issuer_id": bill.issuer_id, "person_id": bob.id, "channel": "email",
               "purpose": "notify", "state": "failed", "due_at": office.clock(), "made_at": office.clock(),
               "reason": Reason.of("email_bounced", answer="550 <bob@example.org> unknown")}  # fmt: skip
        create_deliveries(session, [row])
        mail = deliveries_of(session, bill.id)[-1]
        session.add(Attempt(delivery_id=mail.id, n=1, started_at=office.clock(), ended_at=office.clock(),
                            outcome="refused", answer="550 5.1.1 bob@example.org: unknown"))  # fmt: skip
        bill_viewed(session, bill, bob.id, office.clock())
    told = ask(client, office, "/v1/bills/L-2").get_json()
    assert {"email.planned", "email.refused", "bill.viewed"} <= {each["code"] for each in told["steps"]}
    assert "bob@" not in str(told)
    assert told["reached"]["how"] == "seen"


def test_the_archived_pdf_is_given_bit_for_bit(client: FlaskClient, office: Office) -> None:
    told = ask(client, office, "/v1/bills/2026%2FL%203").get_json()
    answer = ask(client, office, "/v1/bills/2026%2FL%203/pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert sha256(answer.data).hexdigest() == told["pdf_sha256"] == answer.headers["ETag"].strip('"')
    assert len(answer.data) == told["pdf_size"]
    again = ask(client, office, "/v1/bills/2026%2FL%203/pdf", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for path in ("pdf", "xml"):
        assert client.get(f"/v1/bills/L-1/{path}", headers=office.keys["eaux"]).status_code == 404


def test_a_bill_is_given_as_cii_and_as_ubl(client: FlaskClient, office: Office) -> None:
    cii, ubl_ = ask(client, office, "/v1/bills/L-1/xml"), ask(client, office, "/v1/bills/L-1/xml?syntax=ubl")
    assert b"CrossIndustryInvoice" in cii.data
    assert b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" in ubl_.data
    assert {cii.mimetype, ubl_.mimetype} == {"application/xml"}
    assert ask(client, office, "/v1/bills/L-1/xml?syntax=edifact").status_code == 400


def test_a_bill_is_recalled_once_and_told_as_it_is(client: FlaskClient, office: Office, store: Store) -> None:
    told = recall(client, office, "L-1").get_json()
    assert (told["state"], told["expected"], told["due_now"]["left"]) == ("recalled", None, "0.00")
    last = [each for each in told["steps"] if each["code"] == "bill.recalled"]
    assert [(each["by"], each["reason"]["text"]) for each in last] == [("claire@lumiere.example", "wrong tariff")]
    again = recall(client, office, "L-1")
    assert (again.status_code, again.get_json()["state"]) == (200, "recalled")
    assert numbers(ask(client, office, "/v1/bills?state=recalled")) == ["L-1"]
    with store.reading() as session:
        told = select(func.count()).where(OutboxEvent.type == "bill.recalled")
        assert session.scalar(told) == 1


def test_what_has_reached_its_customer_is_answered_with_what_to_send(client: FlaskClient, office: Office) -> None:
    office.pipeline.work_until_idle(office.clock())
    office.pipeline.close_batch(office.clock.forward(days=1))
    answer = recall(client, office, "L-1")
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.get_json()["type"].endswith("/already-reached")
    assert "credit note" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "body", [{}, {"reason": "x"}, {"reason": " ", "by": "c"}, {"reason": "x", "by": "c", "z": 1}, []]
)
def test_a_recall_says_who_and_why(client: FlaskClient, office: Office, body: Any) -> None:
    assert recall(client, office, "L-1", body).status_code == 422
    assert recall(client, office, "L-9").status_code == 404
    headers = office.keys["eaux"]
    said = {"reason": "x", "by": "eva@facteur.example"}
    assert client.post("/v1/bills/L-1/recall", headers=headers, json=said).status_code == 404
    assert client.post("/v1/bills/L-1/recall", json=said).status_code == 401


def test_a_program_sends_a_bill_again_and_twice_is_once(client: FlaskClient, office: Office, store: Store) -> None:
    office.pipeline.work_until_idle(office.clock())
    said = {"reason": "asked on the phone", "by": "claire@lumiere.example", "way": "letter"}

    def again(**more: Any) -> Any:
        return client.post("/v1/bills/L-1/send-again", headers=office.keys["lumiere"], json=said | more)

    refused = again()
    assert (refused.status_code, refused.get_json()["detail"]) == (
        409, "its letter leaves with the next batch, or is being printed"
    )  # fmt: skip
    assert refused.get_json()["type"].endswith("/cannot-go-again")
    office.pipeline.close_batch(office.clock.forward(days=1))
    told = [again().get_json() for _ in range(2)]
    assert [[each["code"] for each in answer["steps"]].count("letter.planned") for answer in told] == [2, 2]
    (asked,) = (each for each in told[0]["steps"] if each["code"] == "bill.sent_again")
    assert (asked["text"], asked["by"]) == ("Somebody had it sent again.", "claire@lumiere.example")
    planned = told[0]["steps"][-1]
    assert planned["reason"]["code"] == "sent_again"
    assert planned["reason"]["text"].endswith("asked on the phone"), "what they said, no word of an e-mail's id"
    assert "nobody" in again(way="email").get_json()["detail"]
    assert again(way="pigeon").status_code == 422
    theirs = client.post("/v1/bills/L-1/send-again", headers=office.keys["eaux"], json=said)
    assert theirs.status_code == 404

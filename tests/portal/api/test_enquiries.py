"""/v1/enquiries: Alice asks about her bill, and Lumière's CRM reads and answers, in the name of Mina of its team."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consumers.enquiries.ask_about_bill import ask_about_bill, write_again
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill_lookup import bill_by_number
from store.job import Job
from store.outbox.outbox_event import OutboxEvent
from store.staff_member import staff_by_email
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

MINA = "mina@facteur.example"
ANSWER = {"words": "Votre relevé était estimé.", "by": MINA, "name": "Mina R.", "entries": 1}


@pytest.fixture
def client(app: Flask, office: Office) -> FlaskClient:
    """Alice has asked two things about one bill."""
    feed_id = office.drop([ubl("L-1")], name="une.xml")
    office.pipeline.work_feed(feed_id, office.clock())
    with office.store.writing() as session:
        alice = Consumer(email="alice@example.org", name="Alice Martin", password_hash="-", signed_up_at=office.clock(),
                         confirmed_at=office.clock())  # fmt: skip
        session.add(alice)
        session.flush()
        bill = bill_by_number(session, office.lumiere.id, "L-1")
        assert bill is not None
        enrol(session, alice.id, bill.account_id, office.clock())
        ask_about_bill(session, bill, alice.id, "amount", "Pourquoi si cher ?", "a", office.clock(), disputes=True)
        ask_about_bill(session, bill, alice.id, "meter", "Mon compteur ?", "b", office.clock.forward(minutes=1))
    return app.test_client()


def ask(client: FlaskClient, office: Office, path: str = "", slug: str = "lumiere") -> Any:
    return client.get(f"/v1/enquiries{path}", headers=office.keys[slug])


def first(client: FlaskClient, office: Office) -> Any:
    return ask(client, office).get_json()["enquiries"][0]


def answer(client: FlaskClient, office: Office, body: Any = ANSWER, key: str = "", slug: str = "lumiere") -> Any:
    headers = office.keys[slug] | ({"Idempotency-Key": key} if key else {})
    path = f"/v1/enquiries/{first(client, office)['enquiry']}/answers"
    return client.post(path, headers=headers, json=body)


def test_questions_are_listed_and_read(client: FlaskClient, office: Office) -> None:
    page = ask(client, office, "?limit=1").get_json()
    [told] = page["enquiries"]
    assert (told["bill_number"], told["asker"], told["subject"], told["state"]) == (
        "L-1", "Alice Martin", "amount", "open",
    )  # fmt: skip
    assert (told["disputed"], told["entries"]) == (True, 1)
    [other] = client.get(page["next"], headers=office.keys["lumiere"]).get_json()["enquiries"]
    assert other["subject"] == "meter"
    assert [each["subject"] for each in ask(client, office, "?subject=meter").get_json()["enquiries"]] == ["meter"]
    whole = ask(client, office, f"/{told['enquiry']}").get_json()
    assert [(each["by"], each["name"], each["words"]) for each in whole["words"]] == [
        ("customer", None, "Pourquoi si cher ?")
    ]
    assert "alice@" not in str(whole)
    assert ask(client, office, slug="eaux").get_json() == {"enquiries": [], "next": None}
    assert ask(client, office, f"/{told['enquiry']}", slug="eaux").status_code == 404
    assert ask(client, office, "?after=4711").status_code == 404


def test_an_answer_is_written_once_and_told(client: FlaskClient, office: Office, store: Store) -> None:
    told = answer(client, office, key="K-1")
    assert told.status_code == 201, told.text
    words = told.get_json()["words"]
    assert [(each["by"], each["name"], each["words"]) for each in words][1:] == [
        ("issuer", "Mina R.", "Votre relevé était estimé.")
    ]
    number = told.get_json()["enquiry"]
    path, headers = f"/v1/enquiries/{number}/answers", office.keys["lumiere"] | {"Idempotency-Key": "K-1"}
    again = client.post(path, headers=headers, json=ANSWER)
    assert (again.status_code, again.get_json()["words"]) == (201, words)
    assert client.post(path, headers=headers, json=ANSWER | {"words": "Autre chose"}).status_code == 422
    with store.reading() as session:
        assert len(session.scalars(select(Job).where(Job.kind == "question_answered")).all()) == 1
        assert session.scalars(select(OutboxEvent.type)).all().count("bill.question_answered") == 1
    answered = ask(client, office, "?state=answered").get_json()["enquiries"]
    assert [each["enquiry"] for each in answered] == [number]


def test_who_has_not_read_the_last_word_answers_nothing(client: FlaskClient, office: Office, store: Store) -> None:
    number = first(client, office)["enquiry"]
    with store.writing() as session:
        write_again(session, number, "Et vite", "c", office.clock())
    assert answer(client, office).status_code == 409
    assert answer(client, office, ANSWER | {"entries": 2}).status_code == 201


@pytest.mark.parametrize("body", [
    {}, ANSWER | {"words": " "}, ANSWER | {"by": "eva@facteur.example"}, ANSWER | {"by": "oscar@facteur.example"},
    ANSWER | {"by": "nobody@example.org"}, ANSWER | {"words": "x" * 4001}, ANSWER | {"entries": 0},
    {name: value for name, value in ANSWER.items() if name != "name"},
])  # fmt: skip
def test_a_named_member_of_the_team_answers(client: FlaskClient, office: Office, body: Any) -> None:
    """Not another issuer's, not an operator, and not without a name that the person reads."""
    assert answer(client, office, body).status_code == 422
    assert answer(client, office, ANSWER, slug="eaux").status_code == 404


def test_a_reader_of_the_team_answers_nothing(client: FlaskClient, office: Office, store: Store) -> None:
    with store.writing() as session:
        mina = staff_by_email(session, MINA)
        assert mina is not None
        mina.role = "reader"
    assert answer(client, office).status_code == 422


def test_a_question_is_closed_once(client: FlaskClient, office: Office, store: Store) -> None:
    path = f"/v1/enquiries/{first(client, office)['enquiry']}/close"
    for _ in range(2):
        closed = client.post(path, headers=office.keys["lumiere"], json={"by": MINA})
        assert (closed.status_code, closed.get_json()["state"]) == (200, "closed")
    with store.reading() as session:
        assert session.scalars(select(OutboxEvent.type)).all().count("bill.question_closed") == 1
    assert client.post(path, headers=office.keys["eaux"], json={"by": "eva@facteur.example"}).status_code == 404

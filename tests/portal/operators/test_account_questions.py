"""Account questions, on staff's pages and by the API: Mina of Lumière sees whose bill came under whose number and says
whose it is; Eva of Eaux sees nothing of it."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from audit.run_all_checks import check
from doors.feed_drop import drop_feed
from portal.operators.presenters.text_diff import marked_differences
from store.accounts.account_question import AccountQuestion, waiting_questions
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill_lookup import bill_by_number
from store.feeds.feed import OUT, Feed
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

Staffed = Callable[[str], Browser]
BRUNO = ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon")
ZOE = ("Zoé Petit", "9 allée des Pins", "33000", "Bordeaux")


@lived_once
def reused(office: Office) -> list[int]:
    """Alice and Bob have bills; then Bruno's comes under her number, and Zoé's under his."""
    with office.store.writing() as session:
        session.add(
            Consumer(email="alice@example.org", name="Alice Martin", password_hash="-", signed_up_at=office.clock())
        )
    for name, bills in (
        ("avril.xml", [ubl("K-1"), ubl("K-2", "C-BOB")]),
        ("mai.xml", [ubl("K-3", person=BRUNO), ubl("K-4", "C-BOB", person=ZOE)]),
    ):
        feed_id = office.drop(bills, name=name)
        office.pipeline.work_feed(feed_id, office.clock())
    with office.store.writing() as session:
        bill = bill_by_number(session, 1, "K-1")
        assert bill is not None
        enrol(session, 1, bill.account_id, office.clock())
    with office.store.reading() as session:
        return [question.id for question in waiting_questions(session)]


def states(office: Office) -> list[str]:
    with office.store.reading() as session:
        return list(session.scalars(select(AccountQuestion.state).order_by(AccountQuestion.id)))


def accounts(office: Office, *numbers: str) -> list[int]:
    with office.store.reading() as session:
        bills = [bill_by_number(session, 1, number) for number in numbers]
        return [bill.account_id for bill in bills if bill is not None]


def test_both_sides_stand_side_by_side(office: Office, reused: list[int], staff: Staffed) -> None:
    mina = staff("mina")
    assert "2 comptes à vérifier" in mina.get("/equipe/").text.replace("\u00a0", " ")
    address = f"/equipe/comptes/{office.store.public_ids.of('question', reused[0])}"
    assert address in mina.get("/equipe/attente").text
    listed = mina.get("/equipe/comptes").text
    assert "<mark>Bruno Leroy</mark>" in listed
    assert listed.count('type="checkbox"') == 2
    page = mina.get(address).text
    name = page[page.index('<th scope="row">Nom</th>') :].split("</tr>")[0]
    assert name.index("Alice Martin") < name.index("Bruno Leroy")
    address = page[page.index('<th scope="row">Adresse</th>') :].split("</tr>")[0]
    assert "<mark>69002 Lyon</mark>" in address
    bills = page[page.index('<th scope="row">Factures</th>') :].split("</tr>")[0]
    assert bills.index("K-1") < bills.index("K-3")
    holders = page[page.index('<th scope="row">Qui y a accès</th>') :].split("</tr>")[0]
    assert holders.index("Alice Martin") < holders.index("personne")
    assert "alice@example.org" not in page, "an address is nobody's to see (decision 0028)"
    mina.post("/langue", language="en", suite="/equipe/")
    assert "Whose is account C-ALICE" in mina.get(f"/equipe/comptes/{reused[0]}").text


def test_a_bill_leads_to_the_question_about_its_account(office: Office, reused: list[int], staff: Staffed) -> None:
    mina, address = staff("mina"), f"/equipe/comptes/{office.store.public_ids.of('question', reused[0])}"
    assert address in mina.get("/equipe/factures?numero=K-3").text
    assert address in mina.get("/equipe/factures?numero=K-1").text
    mina.post("/equipe/comptes/decision", question=str(reused[0]), decision="autre", reason="vu")
    assert address not in mina.get("/equipe/factures?numero=K-3").text


def test_a_bill_shows_what_the_issuer_says_of_its_customer(office: Office, reused: list[int], staff: Staffed) -> None:
    said = {"number": "C-BOB", "names": ["Bob Le Goff"], "paper_by_right": "guardian", "died_on": "2026-02-01"}
    said["language"] = "nl"
    content = BytesIO(json.dumps({"customers": [said]}).encode())
    feed_id = drop_feed(office.store, office.lumiere, content, "clients.json", "api", office.clock()).feed_id
    office.pipeline.work_feed(feed_id, office.clock())
    page = staff("mina").get("/equipe/factures?numero=K-2").text
    shown = page[page.index("Le client, selon l’émetteur") :].replace("\u00a0", " ").replace("\u202f", " ")
    assert "oui : sous tutelle ou curatelle" in shown
    assert "1er février 2026" in shown
    assert "néerlandais" in shown
    assert "Le client, selon" not in staff("mina").get("/equipe/factures?numero=K-1").text


def test_a_number_is_found_however_it_is_written(reused: list[int], staff: Staffed) -> None:
    mina = staff("mina")
    assert mina.get("/equipe/comptes?numero=c bob").text.count('type="checkbox"') == 1
    assert "Rien n’attend sous ce numéro" in mina.get("/equipe/comptes?numero=nobody").text


def test_one_is_decided_with_a_reason(office: Office, reused: list[int], staff: Staffed) -> None:
    mina = staff("mina")
    page = f"/equipe/comptes/{reused[0]}"
    mina.get(page)
    answer = mina.post("/equipe/comptes/decision", question=str(reused[0]), decision="meme", reason=" ")
    assert "Choisissez des comptes" in answer.text
    assert states(office) == ["open", "open"]
    answer = mina.post("/equipe/comptes/decision", question=str(reused[0]), decision="meme", reason="mariage")
    assert "1 compte est réuni à l’autre." in answer.text.replace("\u00a0", " ")
    assert "mina@facteur.example" in mina.get(page).text
    assert states(office) == ["same", "open"]
    first, second = accounts(office, "K-1", "K-3")
    assert first == second
    answer = mina.post("/equipe/comptes/decision", question=str(reused[0]), decision="autre", reason="non")
    assert "quelqu’un a décidé autrement avant vous" in answer.text
    assert not any(check(office.store).invariants.values())


def test_many_are_decided_together(office: Office, reused: list[int], staff: Staffed) -> None:
    oscar = staff("oscar")
    oscar.get("/equipe/comptes")
    token = oscar.page.text.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {
        "csrf_token": token,
        "question": [str(each) for each in reused],
        "decision": "nouveau",
        "reason": "relève",
    }
    answer = oscar.client.post("/equipe/comptes/decision", data=fields, follow_redirects=True)
    assert "2 numéros passent à leurs nouveaux titulaires." in answer.text.replace("\u00a0", " ")
    assert states(office) == ["new_holder", "new_holder"]
    assert "Aucun compte à vérifier" in oscar.get("/equipe/comptes").text
    with office.store.reading() as session:
        standings = [session.get_one(CustomerAccount, each).standing for each in accounts(office, "K-1", "K-3")]
    assert standings == ["former", "own"]
    assert not any(check(office.store).invariants.values())


def test_another_issuers_question_is_not_there(office: Office, reused: list[int], staff: Staffed) -> None:
    eva = staff("eva")
    assert "Bruno" not in eva.get("/equipe/comptes").text
    assert eva.get(f"/equipe/comptes/{reused[0]}").status_code == 404
    eva.get("/equipe/attente")
    answer = eva.post("/equipe/comptes/decision", question=str(reused[0]), decision="meme", reason="curieuse")
    assert answer.status_code == 404
    assert states(office) == ["open", "open"]


def test_what_differs_is_marked() -> None:
    assert marked_differences("4 rue des Lilas", "4 RUE DES LILAS") == "4 rue des Lilas"
    assert marked_differences("Zoé <b>", "zoe") == "Zoé &lt;<mark>b</mark>&gt;"
    assert marked_differences("", "x") == ""


# -- the API -----------------------------------------------------------------------------------------------------


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def shape(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """The answer has what the document says, and nothing else."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "array":
        for each in value:
            shape(each, schema["items"], schemas)
    elif "properties" in schema and isinstance(value, dict):
        assert value.keys() == set(schema["required"])
        for name, each in value.items():
            shape(each, schema["properties"][name], schemas)


def test_a_program_reads_and_decides(office: Office, reused: list[int], client: FlaskClient) -> None:
    key = office.keys["lumiere"]
    answer = client.get("/v1/account-questions?limit=1", headers=key)
    [question] = answer.json["questions"]
    schemas = client.get("/v1/openapi.json").json["components"]["schemas"]
    shape(answer.json, schemas["AccountQuestionsPage"], schemas)
    assert question["question"] == reused[0]
    assert (question["held"]["holder"], question["other"]["holder"]) == ("Alice Martin", "Bruno Leroy")
    assert question["other"]["address"]["city"] == "Lyon"
    assert [bill["number"] for bill in question["other"]["bills"]] == ["K-3"]
    assert question["held"]["held_by"][0]["name"] == "Alice Martin"
    following = client.get(answer.json["next"], headers=key)
    assert [each["question"] for each in following.json["questions"]] == reused[1:]
    assert following.json["next"] is None

    path, word = f"/v1/account-questions/{reused[0]}/decision", {"decision": "other", "reason": "deux clients"}
    for _ in range(2):
        answer = client.post(path, json=word, headers=key)
        assert (answer.status_code, answer.json["state"], answer.json["decided_by"]) == (200, "other", "API lumiere")
    assert client.post(path, json={**word, "decision": "same"}, headers=key).status_code == 409
    assert states(office) == ["other", "open"]


def test_version_2_calls_them_by_public_ids(office: Office, reused: list[int], client: FlaskClient) -> None:
    key, ids = office.keys["lumiere"], office.store.public_ids
    answer = client.get("/v2/account-questions?limit=1", headers=key)
    [question] = answer.json["questions"]
    schemas = client.get("/v2/openapi.json").json["components"]["schemas"]
    shape(answer.json, schemas["AccountQuestionsPage"], schemas)
    assert question["question"] == ids.of("question", reused[0])
    assert ids.number("feed", question["feed"])
    assert ids.number("account", question["held"]["account"])
    following = client.get(answer.json["next"], headers=key)
    assert [each["question"] for each in following.json["questions"]] == [ids.of("question", reused[1])]
    path = f"/v2/account-questions/{question['question']}/decision"
    decided = client.post(path, json={"decision": "other", "reason": "deux clients"}, headers=key)
    assert (decided.status_code, decided.json["state"]) == (200, "other")


def test_a_program_says_something_else(office: Office, reused: list[int], client: FlaskClient) -> None:
    key, path = office.keys["lumiere"], f"/v1/account-questions/{reused[0]}/decision"
    for wrong in ([], {}, {"decision": "same"}, {"decision": "same", "reason": " "}, {"decision": [], "reason": "x"}):
        assert client.post(path, json=wrong, headers=key).status_code == 422
    assert client.post(path, data=b"\xff", headers=key).status_code == 415
    assert client.post(path, data=b"\xff", headers=key, content_type="application/json").status_code == 422
    word = {"decision": "same", "reason": "x"}
    assert client.post("/v1/account-questions/4711/decision", json=word, headers=key).status_code == 404
    assert client.post(path, json=word, headers=office.keys["eaux"]).status_code == 404
    assert client.get("/v1/account-questions", headers=office.keys["eaux"]).json["questions"] == []
    assert client.post(path, json=word).status_code == 401
    assert states(office) == ["open", "open"]


def test_what_a_program_says_is_kept_as_one_line(office: Office, reused: list[int], client: FlaskClient) -> None:
    """No NUL, no half of a character: PostgreSQL keeps neither, and nobody reads them."""
    key, path = office.keys["lumiere"], f"/v1/account-questions/{reused[0]}/decision"
    for refused in ("deux\0clients", "deux\ud800clients"):
        assert client.post(path, json={"decision": "other", "reason": refused}, headers=key).status_code == 422
    word = {"decision": "other", "reason": "deux\tclients\n\u202e", "by": "Lé\u200ea" + "x" * 300}
    answer = client.post(path, json=word, headers=key)
    assert (answer.status_code, answer.json["reason"]) == (200, "deux clients")
    assert answer.json["decided_by"] == ("Lé a" + "x" * 300)[:200]


def test_a_question_of_a_feed_that_is_not_out_is_not_there(
    office: Office, reused: list[int], client: FlaskClient, staff: Staffed
) -> None:
    with office.store.writing() as session:
        session.execute(update(Feed).where(Feed.state.in_(OUT)).values(state="reading"))
    word = {"decision": "other", "reason": "deux clients"}
    path = f"/v1/account-questions/{reused[0]}/decision"
    assert client.post(path, json=word, headers=office.keys["lumiere"]).status_code == 404
    assert staff("mina").get(f"/equipe/comptes/{reused[0]}").status_code == 404
    assert states(office) == ["open", "open"]

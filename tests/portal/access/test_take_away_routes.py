"""Who gets what where people take away what is theirs, written here apart from the policy: nobody, staff, a stranger,
the owner, another holder, a reader by grant."""

import json
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.feed_pipeline import Pipeline
from portal.access.password_hash import hash_password
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.consumers.shared_bills.sylvies_grants import SylvieAndHerReaders
from tests.portal.sample_town import PASSWORD, World

#: Method, path, and what each gets before anybody has an archive: `door` leads to signing in.
ROUTES: Final = {
    ("GET", "/emporter"): 200, ("POST", "/emporter"): 303, ("POST", "/emporter/effacer"): 303,
    ("GET", "/emporter/factures.zip"): 404, ("GET", "/mes-donnees"): 200, ("GET", "/mes-donnees.json"): 200,
}  # fmt: skip
#: Whose bills an archive of everything has.
TAKES: Final[dict[str, set[str]]] = {
    "owner": {"LO-1", "LO-AV", "LO-R", "EAU-1"}, "holder": {"LO-1", "LO-AV", "LO-R"}, "reader": set(),
    "stranger": set(),
}  # fmt: skip


@pytest.fixture
def visitors(app: Flask, world: World, store: Store) -> dict[str, FlaskClient]:
    app.config["WTF_CSRF_ENABLED"] = False
    house = SylvieAndHerReaders(world)
    reader, _ = house.reader("Rose Un")
    holder = world.consumer("Bob Martin")
    house.also_holds(holder, house.electricity)
    people = {"owner": house.sylvie, "holder": holder, "reader": reader, "stranger": world.consumer("Zoé Sept")}
    with store.writing() as session:
        for name, issuer_id in (("operator", None), ("member", house.lumiere)):
            email, kept = f"{name}@facteur.example", hash_password(PASSWORD)
            session.add(Staff(email=email, issuer_id=issuer_id, added_at=world.now, password_hash=kept))
    found = {name: signed_in(app, "/connexion", each.email) for name, each in people.items()}
    staff = {name: signed_in(app, "/equipe/connexion", f"{name}@facteur.example") for name in ("operator", "member")}
    return {**found, **staff, "nobody": app.test_client()}


def signed_in(app: Flask, door: str, email: str) -> FlaskClient:
    client = app.test_client()
    assert client.post(door, data={"email": email, "password": PASSWORD}).status_code == 303
    return client


def outcome(answer: TestResponse) -> int | str:
    return "door" if answer.headers.get("Location", "").split("?")[0].endswith("/connexion") else answer.status_code


def test_each_visitor_at_each_route(visitors: dict[str, FlaskClient]) -> None:
    for name, client in visitors.items():
        for (method, path), expected in ROUTES.items():
            got = outcome(client.open(path, method=method))
            assert got == (expected if name in TAKES else "door"), (name, method, path)


def test_nobody_takes_more_than_they_hold(
    visitors: dict[str, FlaskClient], store: Store, config: Config, clock: Clock
) -> None:
    pipeline = Pipeline(store, config, SmtpClient("smtp://localhost:9", config.sender))
    with store.reading() as session:
        water = session.scalars(select(CustomerAccount.id).where(CustomerAccount.value == "R-1")).one()
    theirs = store.public_ids.of("account", water)
    for name in ("holder", "reader", "stranger"):
        assert visitors[name].post("/emporter", data={"quoi": theirs}).status_code == 404
    for name in TAKES:
        visitors[name].post("/emporter", data={"quoi": "tout"})
    while pipeline.run_job(clock()):
        pass
    for name, bills in TAKES.items():
        answer = visitors[name].get("/emporter/factures.zip")
        assert answer.status_code == (200 if bills else 404), name
        if bills:
            with ZipFile(BytesIO(answer.data)) as archive:
                documents = json.loads(archive.read("index.json"))["documents"]
            assert {each["number"] for each in documents} == bills, name


def test_own_data_names_nobody_else(visitors: dict[str, FlaskClient]) -> None:
    for name in TAKES:
        said = visitors[name].get("/mes-donnees.json").get_data(as_text=True)
        for foreign in ("Sylvie", "Rose Un", "Bob Martin", "Zoé"):
            own = {"owner": "Sylvie", "holder": "Bob Martin", "reader": "Rose Un", "stranger": "Zoé"}[name]
            assert foreign == own or foreign not in said, (name, foreign)

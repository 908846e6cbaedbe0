"""What the life of a feed leaves in the log: lines with ids, from the request to the job, and nothing of any bill."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bill import Bill
from logs.log_lines import JsonLines
from render.compiled_template import Template
from store.job import Job
from tests.conftest import Clock
from tests.portal.staff_office import Office
from tests.sample_feeds import PEOPLE, batch, ubl

#: Of the bills, of whom they are for, and of who signs in.
THEIRS = (
    *(word for person in PEOPLE.values() for word in person[:2]), "84.00", "70.00", "123.60", "FR76", "0011234567890",
    "électricité", "@facteur.example", "alice@exemple.fr",
)  # fmt: skip


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Everything that is logged meanwhile, as JSON."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(JsonLines("test"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in told.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def test_the_life_of_a_feed_in_the_log(
    office: Office, app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch,
    lines: Callable[[], list[dict[str, Any]]],
) -> None:  # fmt: skip
    drawn = Template.parts

    def parts(self: Template, bill: Bill, *rest: Any) -> Any:
        if bill.number == "N-2":
            raise ValueError(f"{bill.buyer.name} owes {bill.totals.payable} by {bill.due_date}")
        return drawn(self, bill, *rest)

    monkeypatch.setattr(Template, "parts", parts)
    client = app.test_client()
    content = batch([ubl("N-1"), ubl("N-2", "C-BOB"), ubl("N-3", "C-CHARLIE", gross="123.60")])  # type: ignore[arg-type]
    sent = client.post("/v1/feeds?name=avril.xml", data=content, headers=office.keys["lumiere"])
    feed_id = sent.get_json()["feed"]
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/equipe/mot-de-passe-oublie", data={"email": "mina@facteur.example"})
    client.get("/equipe/invitation/a-secret-of-a-link")
    with office.store.reading() as session:
        (job,) = session.scalars(select(Job)).all()
    office.pipeline.work_until_idle(clock())

    told = lines()
    text = json.dumps(told, ensure_ascii=False)
    for word in (*THEIRS, "a-secret-of-a-link"):
        assert word not in text, [line for line in told if word in json.dumps(line, ensure_ascii=False)]
    came = next(line for line in told if line["event"] == "feed %s of %s came by %s")
    assert came["message"].endswith("of lumiere came by api")
    (request,) = [line for line in told if line.get("request") == came["request"] and "route" in line]
    assert (request["route"], request["method"], request["status"]) == ("api.drop_feed", "POST", 202)
    asked = next(line for line in told if line.get("route") == "staff_forgotten.send")
    assert job.request_id == asked["request"] != came["request"]
    assert {line["request"] for line in told if line.get("job") == job.id} == {job.request_id}
    failed = next(line for line in told if line["event"] == "bill %s of %s cannot be rendered")
    assert failed["error"]["kinds"] == ["ValueError"]
    assert failed["message"] == "bill N-2 of lumiere cannot be rendered"
    assert failed["feed"] == came["feed"]
    assert {"chunk", "logger", "level", "at"} <= set(failed)
    assert feed_id

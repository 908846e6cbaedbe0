"""Programs that watch the service are told how it is, and nothing of anybody: no name, no number, no amount."""

import re
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest
import yaml  # type: ignore[import-untyped]
from flask import Flask
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from config import Config
from portal.app import make_app
from store import Store
from store.db.heartbeat import beat
from store.db.work_tally import ATTEMPTS, Tallies, tallied
from tests.conftest import Clock
from tests.portal.operators.test_outages_seen import gone
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy" / "prometheus" / "facteur.rules.yml"


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(found: dict[str, Metric], name: str, **labels: str) -> float:
    """The value of the one sample of this name with these labels."""
    family = found[name.removesuffix("_total")]
    (only,) = [each.value for each in family.samples if each.name == name and each.labels == labels]
    return float(only)


def test_the_service_is_told_and_nobody_in_it(office: Office, app: Flask, clock: Clock) -> None:
    office.drop([ubl("N-1"), ubl("N-2", "C-BOB")], name="avril.xml")
    office.pipeline.work_until_idle(clock())
    tallies = Tallies()
    tallies.count(ATTEMPTS, "pigeon", "sent", 3)
    tallies.write(office.store)
    with office.store.writing() as session:
        beat(session)
    watch = app.test_client()
    assert watch.get("/connexion").status_code == 200
    answer = watch.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=")
    found = families(answer.text)
    assert value(found, "facteur_database_up") == 1
    assert value(found, "facteur_feeds", state="held") == 1
    assert value(found, "facteur_feed_oldest_received_timestamp_seconds", state="held") == clock().timestamp()
    assert value(found, "facteur_bills") == 2
    assert value(found, "facteur_decisions_waiting", kind="feeds") == 1
    assert value(found, "facteur_deliveries_open", channel="paper", state="ready") == 2
    assert value(found, "facteur_print_batches", state="open") == 1
    assert value(found, "facteur_delivery_attempts_total", channel="pigeon", outcome="sent") == 3
    assert value(found, "facteur_workers", state="serving") == 1
    assert value(found, "facteur_periodic_task_failing", task="settle") == 0
    assert value(found, "facteur_silent_bills") == 0
    assert value(found, "facteur_http_requests_total", audience="public", method="GET", status="200") == 1
    assert 0 < value(found, "facteur_home_free_bytes") < value(found, "facteur_home_size_bytes")
    told = answer.text.casefold()
    for secret in ("lumière", "lumiere", "eaux", "n-1", "l-1", "c-bob", "avril.xml", "martin", "@"):
        assert secret not in told, secret
    _are_well_named(found)
    _are_alerted_by(found)


def _are_well_named(found: dict[str, Metric]) -> None:
    """As https://prometheus.io/docs/practices/naming has it."""
    for name, family in found.items():
        assert re.fullmatch("[a-z][a-z0-9_]*", name), name
        assert family.documentation, name
        assert not re.search("_(ms|milliseconds|minutes|kilobytes|percent)$", name), name
        assert name.startswith(("facteur_", "process_", "python_")), name
        assert family.type in {"counter", "gauge", "histogram"}, name


def _are_alerted_by(found: dict[str, Metric]) -> None:
    """Every alert asks for metrics that there are, says what is wrong, and has a line in the operators' runbook."""
    known = {sample.name for family in found.values() for sample in family.samples} | set(found) | {"up"}
    known |= {"facteur_outage_waiting", "facteur_message_oldest_due_timestamp_seconds"}  # while something waits
    runbook = (ROOT / "docs" / "operators.md").read_text()
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    assert len(rules) > 10
    for rule in rules:
        asked = set(re.findall(r"\b(?:up|facteur_[a-z_]+)\b", rule["expr"]))
        assert asked, rule["alert"]
        assert asked <= known, (rule["alert"], asked - known)
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
        assert f"| `{rule['alert']}` |" in runbook, rule["alert"]
    assert len({rule["alert"] for rule in rules}) == len(rules)


def test_only_who_may_watch_is_told(store: Store, config: Config, clock: Clock) -> None:
    token = "a token for whoever watches, long enough"
    given = msgspec.structs.replace(config, metrics_token=token.encode())
    elsewhere = msgspec.structs.replace(config, public_url="https://factures.example")
    for settings, headers, status in (
        (config, {}, 200),  # this machine alone is served
        (config, {"Host": "127.0.0.1:8080"}, 200),
        (config, {"Host": "[::1]:8080"}, 200),
        (config, {"Host": "evil.example:8080"}, 404),  # a stranger's name that was made to lead here
        (config, {"Host": "[::1"}, 404),
        (elsewhere, {}, 404),  # whoever comes by a proxy seems to be on this machine
        (given, {}, 404),
        (given, {"Authorization": "Bearer another"}, 404),
        (given, {"Authorization": f"Bearer {token}"}, 200),
        (given, {"Authorization": f"bearer  {token}", "Host": "facteur.example"}, 200),  # RFC 9110 §11.1
    ):
        client = make_app(store, settings, clock).test_client()
        for path in ("/metrics", "/sante/detail"):
            assert client.get(path, headers=headers).status_code == status, (path, settings.public_url, headers)
    stranger = make_app(store, config, clock).test_client().get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert stranger.status_code == 404


def test_each_part_is_told(app: Flask, store: Store, request: pytest.FixtureRequest) -> None:
    watch = app.test_client()
    told = watch.get("/sante/detail").json
    assert told is not None
    assert told["state"] == "warning", "nobody has started a queue: workers sweep"
    assert {name: part["state"] for name, part in told["parts"].items()} == {
        "database": "ok", "queue": "warning", "blobs": "ok", "disk": "ok", "work": "ok",
    }  # fmt: skip
    assert told["parts"]["work"]["figures"] == {"serving": 0, "silent": 0, "oldest": {}}
    with gone(store, request):
        answer = watch.get("/sante/detail")
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["parts"]["database"] == {
            "state": "down", "said": "the database does not answer", "figures": {},
        }  # fmt: skip
        metrics = watch.get("/metrics")
        assert metrics.status_code == 200
        assert value(families(metrics.text), "facteur_database_up") == 0


def test_tallies_of_workers_are_one_sum(store: Store) -> None:
    """What could not be written stays counted, and nothing is counted twice."""
    first, second = Tallies(), Tallies()
    for each in (first, second):
        each.count(ATTEMPTS, "email", "sent", 2)
        each.count(ATTEMPTS, "sms", "later")
    with pytest.raises(RuntimeError):
        first.write(_Broken())
    for each in (first, second, first):
        each.write(store)
    with store.reading() as session:
        assert tallied(session, ATTEMPTS) == {("email", "sent"): 4, ("sms", "later"): 2}


class _Broken:
    def writing(self) -> AbstractContextManager[Session]:
        raise RuntimeError("the database is down")

"""`facteur payment list|match|ignore`."""

import json
from datetime import UTC, datetime

import pytest

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.feed_pipeline import Pipeline
from store import Store
from tests.sample_feeds import batch, ubl
from tests.sample_payments import BankEntry, camt
from tests.stories.test_credited_bill import facteur
from tests.stories.test_payments import due_of, send

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    send(pipeline, batch([ubl("LUM-2026-001001"), ubl("LUM-2026-002001", "C-BOB")]), "factures.xml")
    send(pipeline, camt([BankEntry("84.00", "merci", "R1", name="Alice Martin")]))
    return pipeline


@pytest.mark.usefixtures("pipeline")
def test_a_payment_that_waits_is_listed_matched_and_given_back(store: Store, config: Config) -> None:
    waiting = json.loads(facteur(config, "payment", "list", "--outcome", "waiting", "--json").stdout)
    assert (waiting["why"], waiting["amount"], waiting["bills"]) == ("no_reference", "84.00", [])
    who = ("--by", "oscar@facteur.example", "--reason", "appel")
    number = str(waiting["payment"])
    assert facteur(config, "payment", "match", number, "LUM-9", *who).exit_code == 1
    for amount in ("40.005", "1e30"):
        assert facteur(config, "payment", "match", number, f"LUM-2026-001001={amount}", *who).exit_code == 1
    halves = ("LUM-2026-001001=40.00", "LUM-2026-001001=44.00")
    assert facteur(config, "payment", "match", number, *halves, *who).exit_code == 0
    assert due_of(store, "LUM-2026-001001").kind == "paid"
    assert facteur(config, "payment", "match", number, "--undo", *who).exit_code == 0
    assert due_of(store, "LUM-2026-001001").kind == "asks"
    assert facteur(config, "payment", "ignore", number, *who).exit_code == 0
    listed = json.loads(facteur(config, "payment", "list", "--json").stdout)
    assert (listed["outcome"], listed["decided_by"]) == ("ignored", "oscar@facteur.example")
    assert not any(check(store).invariants.values())

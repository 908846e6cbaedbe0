"""`facteur bill why` of a disputed bill: until when reminders wait, by the issuer's policy and by another."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import Config
from consumers.enquiries.ask_about_bill import ask_about_bill
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill_lookup import bill_by_number
from store.issuer import Issuer
from tests.sample_feeds import batch, ubl
from tests.stories.test_credited_bill import facteur
from tests.stories.test_payments import send

NUMBER = "LUM-2026-001001"


def test_a_dispute_is_explained_by_any_policy(store: Store, config: Config, tmp_path: Path) -> None:
    """By any that could be saved: a figure that was taken before there was its bound may stay."""
    now = datetime.now(UTC)
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    send(pipeline, batch([ubl(NUMBER, due="2099-01-31")]), "factures.xml", now)
    with store.writing() as session:
        alice = Consumer(email="alice@exemple.fr", name="Alice", password_hash="-", signed_up_at=now, confirmed_at=now)
        session.add(alice)
        session.flush()
        row = bill_by_number(session, 1, NUMBER)
        assert row is not None
        enrol(session, alice.id, row.account_id, now)
        ask_about_bill(session, row, alice.id, "amount", "Trop cher", "once", now, disputes=True)
        session.get_one(Issuer, 1).profile = "[policy]\ndispute_days = 400\n"
    (tmp_path / "other.toml").write_text("[policy]\ndispute_days = 400\ndispute_stops_reminders = false\n")
    told = facteur(config, "bill", "why", "lumiere", NUMBER, "--policy", str(tmp_path / "other.toml"), "--json")
    line = json.loads(told.stdout.splitlines()[-1])
    waits = datetime.fromisoformat(line["reminders_wait_until"])
    assert waits - datetime.fromisoformat(line["disputed_since"]) == timedelta(days=400)
    assert line["with_policy"] == {"reminders_wait_until": None}
    said = facteur(config, "bill", "why", "lumiere", NUMBER).stdout
    assert "contesté" in said or "disputed" in said

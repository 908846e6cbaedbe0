"""A bill that was paid elsewhere is not reminded of, as a story: Alice has not opened it, and paid at her bank."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.delivery import deliveries_of
from tests.sample_payments import BankEntry, camt
from tests.spelled_reasons import french
from tests.stories.test_credited_bill import (
    NOVEMBER,
    SAMPLES,
    alice_goes_paperless,
    live,
    mails,
    row_of,
    said,
    send,
    states,
)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def bank_tells(pipeline: Pipeline, *entries: BankEntry, days: int, name: str = "M1") -> None:
    now = NOVEMBER + timedelta(days=days)
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", now)
    drop_feed(pipeline.store, issuer, io.BytesIO(camt(entries, name=name)), f"{name}.xml", "sftp", now)
    pipeline.work_until_idle(now)


def test_paid_elsewhere_is_not_reminded_of(pipeline: Pipeline, store: Store) -> None:
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "b1-to-be-credited.xml")
    with store.reading() as session:
        assert states(session, "B-1")["remind-1"] == "waiting"
    bank_tells(pipeline, BankEntry("120.00", ref="R1", on=date(2026, 11, 3), end_to_end="B-1"), days=1)
    live(pipeline, NOVEMBER, 12)
    with store.reading() as session:
        assert states(session, "B-1")["remind-1"] == "cancelled"
        why = [each.reason for each in deliveries_of(session, row_of(session, "B-1").id) if each.purpose == "remind-1"]
        assert [french(each) for each in why] == ["payée"]
    assert len(mails(pipeline)) == 1, "the notice alone"
    assert not any(check(store).invariants.values())


def test_what_came_back_before_the_reminder_is_reminded_of_with_the_reason(pipeline: Pipeline, store: Store) -> None:
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "b1-to-be-credited.xml")
    bank_tells(pipeline, BankEntry("120.00", ref="R1", on=date(2026, 11, 3), end_to_end="B-1"), days=0)
    back = BankEntry("120.00", ref="R2", on=date(2026, 11, 3), returns="B-1", reason="AM04")
    bank_tells(pipeline, back, days=0, name="M2")
    live(pipeline, NOVEMBER, 12)
    reminder = said(mails(pipeline)[-1])
    assert "Le paiement a été rejeté par la banque le 3 novembre 2026. Motif : la provision manquait." in reminder
    assert "Montant à payer : 120,00 €" in reminder


def test_who_paid_a_bill_is_not_reminded_of_its_corrective(pipeline: Pipeline, store: Store) -> None:
    """Alice paid 120 euros of the wrong bill; its corrective asks 96, in full until now."""
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "a1.xml")
    bank_tells(pipeline, BankEntry("120.00", ref="R1", on=date(2026, 11, 3), end_to_end="A-1"), days=0)
    send(pipeline, NOVEMBER, "corrective-384.xml")
    live(pipeline, NOVEMBER, 12)
    with store.reading() as session:
        assert states(session, "A-3").get("remind-1", "cancelled") == "cancelled"
    last = said(mails(pipeline)[-1])
    assert "Elle est payée. Vous n’avez rien à payer. Vous avez payé 24,00 € de trop." in last
    assert not any(check(store).invariants.values())


def test_while_a_person_decides_of_two_correctives_nobody_is_reminded(pipeline: Pipeline, store: Store) -> None:
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "a1.xml")
    bank_tells(pipeline, BankEntry("120.00", ref="R1", on=date(2026, 11, 3), end_to_end="A-1"), days=0)
    send(pipeline, NOVEMBER, "corrective-384.xml")
    content = (SAMPLES / "corrective-384.xml").read_text().replace(">A-3<", ">A-4<")
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOVEMBER)
    drop_feed(store, issuer, io.BytesIO(content.encode()), "encore.xml", "sftp", NOVEMBER)
    live(pipeline, NOVEMBER, 12)
    with store.reading() as session:
        assert states(session, "A-4")["remind-1"] in {"waiting", "ready"}
    assert not [each for each in mails(pipeline) if "A-4" in said(each) and "rappel" in said(each).lower()]

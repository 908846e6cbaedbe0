"""Three instalments, as a story: each is asked by its day, in Alice's mail, and on the command line."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.feedback.views_bounces_returns import bill_viewed
from payments.amounts_due import amounts_due
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer
from store.delivery import deliveries_of
from store.feeds.feed import Feed
from tests.spelled_reasons import french
from tests.stories.test_credited_bill import NOVEMBER, alice_goes_paperless, facteur, mails, row_of, said, send, states

pytestmark = pytest.mark.beside_any_database
IS_BATTERY = "FACTEUR_KILLS" in os.environ


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def read_it(pipeline: Pipeline, now: datetime) -> None:
    with pipeline.store.writing() as session:
        alice = session.query(Consumer).one()
        bill_viewed(session, row_of(session, "I-1"), alice.id, now)


def until(pipeline: Pipeline, since: datetime, day: date) -> None:
    """Each day of the last third of each month, when instalments are near; what an earlier day did wrongly is done
    late, and seen."""
    while since.date() < day:
        since += timedelta(days=1)
        if since.day > 20 or since.date() == day:
            (pipeline.work_until_idle if IS_BATTERY else pipeline.drain)(since)
    pipeline.work_until_idle(since)


@pytest.mark.parametrize(
    ("language", "first", "reminders"),
    [
        (
            "fr",
            ("Montant à payer : 40,00 €, au plus tard le 30 novembre 2026, puis 40,00 € le 31 décembre 2026 et 40,00 € "
            "le 31 janvier 2027."),
            [
                "Montant à payer : 40,00 €, au plus tard le 30 novembre 2026.",
                "Montant à payer : 40,00 €, au plus tard le 31 décembre 2026.",
                "Montant à payer : 40,00 €, au plus tard le 31 janvier 2027.",
            ],
        ),
        (
            "en",
            ("Amount to pay: €40.00, by 30 November 2026, then €40.00 on 31 December 2026 and €40.00 on 31 "
            "January 2027."),
            [
                "Amount to pay: €40.00, by 30 November 2026.",
                "Amount to pay: €40.00, by 31 December 2026.",
                "Amount to pay: €40.00, by 31 January 2027.",
            ],
        ),
    ],
)  # fmt: skip
def test_each_is_reminded_of_by_its_day(
    pipeline: Pipeline, store: Store, language: str, first: str, reminders: list[str]
) -> None:
    alice_goes_paperless(pipeline, language)
    send(pipeline, NOVEMBER, "three-instalments.xml")
    read_it(pipeline, NOVEMBER + timedelta(hours=2))
    until(pipeline, NOVEMBER, date(2027, 2, 10))
    notice, *others = [said(mail) for mail in mails(pipeline)]
    assert first in notice
    assert len(others) == 3  # she has read it: nothing but the instalments is reminded of
    assert all(reminder in text for reminder, text in zip(reminders, others, strict=True))
    assert not any(check(store).invariants.values())


def test_what_was_said_paid_or_credited_is_not_reminded_of(pipeline: Pipeline, store: Store) -> None:
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "three-instalments.xml")
    read_it(pipeline, NOVEMBER + timedelta(hours=2))
    with store.writing() as session:  # she says that she has paid the first
        row = row_of(session, "I-1")
        row.said_paid_at, row.said_paid = NOVEMBER + timedelta(hours=3), Decimal(40)
    until(pipeline, NOVEMBER, date(2026, 12, 15))
    with store.reading() as session:
        assert states(session, "I-1")["due-1"] == "cancelled"
        [why] = [each.reason for each in deliveries_of(session, row_of(session, "I-1").id) if each.purpose == "due-1"]
        assert french(why) == "ce versement n’est plus demandé"
    with store.writing() as session:  # and later, all of it
        row_of(session, "I-1").said_paid = None
    until(pipeline, datetime(2026, 12, 15, 8, tzinfo=UTC), date(2027, 2, 10))
    assert len(mails(pipeline)) == 1
    with store.reading() as session:
        assert {states(session, "I-1")[f"due-{n}"] for n in (1, 2, 3)} == {"cancelled"}


def test_the_command_line_says_each_with_its_date(pipeline: Pipeline, store: Store, config: Config) -> None:
    send(pipeline, NOVEMBER, "three-instalments.xml")
    shown = json.loads(facteur(config, "bill", "show", "lumiere", "I-1", "--json").stdout)
    assert (shown["payable"], shown["due_date"]) == ("120.00", "2026-11-30")  # as issued
    with store.reading() as session:
        row = row_of(session, "I-1")
        due = amounts_due(session, [row], date(2026, 12, 1))[row.id]
    assert [(each.amount, each.due) for each in due.instalments] == [
        (Decimal(40), date(2026, 12, 31)), (Decimal(40), date(2027, 1, 31)),
    ]  # fmt: skip
    now = shown["due_now"]
    parts = [*now["past_instalments"], *now["instalments"]]
    assert [each["due"] for each in parts] == ["2026-11-30", "2026-12-31", "2027-01-31"]
    assert {each["amount"] for each in parts} == {"40.00"}
    assert (now["left"], now["how"]["iban"]) == ("120.00", "FR7630006000011234567890189")


def test_a_letter_is_not_held_back_by_instalments_to_come(pipeline: Pipeline, store: Store) -> None:
    """The feed is settled when its bills have reached their people; reminders go on for months."""
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "three-instalments.xml")
    read_it(pipeline, NOVEMBER + timedelta(hours=2))
    pipeline.work_until_idle(NOVEMBER + timedelta(days=1))
    with store.reading() as session:
        row = row_of(session, "I-1")
        assert states(session, "I-1")["due-3"] == "waiting"
        assert session.get_one(Feed, row.feed_id).state == "settled"
    assert not any(check(store).invariants.values())

"""`facteur plan list|grant|refuse`: Alice asks to pay Lumière's bill in three parts."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from issuers.profile import PlanTable
from payments.plans.ask_for_plan import ask_for_plan
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill_lookup import bill_by_number
from store.delivery import Delivery
from store.job import Job
from store.last_worked_as_of import note_work
from store.payments.payment_plan import PlanRequest
from tests.sample_feeds import batch, ubl
from tests.stories.test_credited_bill import facteur
from tests.stories.test_payments import due_of, send

NUMBER = "LUM-2026-001001"
BY = ("--by", "oscar@facteur.example")


@pytest.fixture
def plan(store: Store, config: Config) -> str:
    """The number of Alice's request, asked today as the command line has it."""
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
        assert ask_for_plan(session, row, alice.id, 3, now.date(), "", PlanTable(), now.date(), now) == "asked"
        return str(session.scalars(select(PlanRequest.id)).one())


def state(store: Store) -> str:
    with store.reading() as session:
        return session.scalars(select(PlanRequest.state)).one()


def test_it_is_granted_as_asked(plan: str, store: Store, config: Config) -> None:
    told = json.loads(facteur(config, "plan", "list", "--json").stdout)
    assert (told["left"], [each["amount"] for each in told["instalments"]]) == ("84.00", ["28.00"] * 3)
    assert facteur(config, "plan", "grant", plan, *BY).exit_code == 0
    due = due_of(store, NUMBER)
    assert (due.is_planned, due.left, [each.amount for each in (*due.past, *due.instalments)]) == (
        True, Decimal(84), [Decimal(28)] * 3,
    )  # fmt: skip
    assert facteur(config, "plan", "list", "--json").stdout == ""
    with store.reading() as session:
        assert [job.particulars for job in session.scalars(select(Job).where(Job.kind == "plan_answered"))] == [
            {"plan_id": int(plan)}
        ]
        reminded = session.scalars(select(Delivery.state).where(Delivery.purpose.like("due-20%"))).all()
    assert set(reminded) == {"waiting"}


def test_it_is_granted_by_other_instalments_that_add_up(plan: str, store: Store, config: Config) -> None:
    days = [f"{datetime.now(UTC).year + 1}-0{month}-28" for month in (1, 2)]
    for amounts in (("40.00", "44.01"), ("40.005", "43.995"), ("-1", "85"), ("0", "84")):
        parts = [f"{day}={amount}" for day, amount in zip(days, amounts, strict=True)]
        assert facteur(config, "plan", "grant", plan, *parts, *BY).exit_code == 1
    assert facteur(config, "plan", "grant", plan, f"{days[0]}=40", f"{days[0]}=44", *BY).exit_code == 1
    assert facteur(config, "plan", "grant", plan, "demain=84", *BY).exit_code == 2
    assert state(store) == "asked"
    assert facteur(config, "plan", "grant", plan, f"{days[0]}=40", f"{days[1]}=44.00", *BY).exit_code == 0
    assert [each.amount for each in due_of(store, NUMBER).instalments] == [Decimal(40), Decimal(44)]


def test_the_second_answer_comes_too_late(plan: str, store: Store, config: Config) -> None:
    assert facteur(config, "plan", "refuse", plan, *BY, "--words", "Appelez-nous").exit_code == 0
    assert facteur(config, "plan", "grant", plan, *BY).exit_code == 1
    assert facteur(config, "plan", "refuse", plan, *BY, "--words", "Non").exit_code == 1
    assert state(store) == "refused"


def test_another_number_is_no_request(plan: str, config: Config) -> None:
    assert facteur(config, "plan", "grant", str(int(plan) + 1), *BY).exit_code == 1
    assert facteur(config, "plan", "grant", plan, "--by", " ").exit_code == 2


def test_today_is_that_of_business_time(plan: str, store: Store, config: Config) -> None:
    """Where the pipeline worked as of another day, instalments begin on that day at the soonest."""
    as_of = datetime(2098, 12, 1, 9, tzinfo=UTC)
    with store.writing() as session:
        note_work(session, datetime.now(UTC), as_of)
    told = json.loads(facteur(config, "plan", "list", "--json").stdout)
    assert told["instalments"][0]["due"] == "2098-12-01"
    assert facteur(config, "plan", "grant", plan, "2098-11-30=42.00", "2098-12-30=42.00", *BY).exit_code == 1
    assert facteur(config, "plan", "grant", plan, *BY).exit_code == 0
    with store.reading() as session:
        assert session.scalars(select(PlanRequest.settled_at)).one() == as_of

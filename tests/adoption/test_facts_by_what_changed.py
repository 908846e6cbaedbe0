"""Facts are kept by what changed, and equal a recount after whatever happens."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from adoption import count_bills
from adoption import monthly_facts as keeping
from adoption.calendar_months import later
from adoption.fact_verification import Difference, recount, verify
from adoption.monthly_facts import PARIS, measure, month_of
from bill import Reason
from store import Store
from store.accounts.consumer import enrol
from store.db.database_engine import writing_engine
from store.db.state_change import change_state
from store.facts.counted_contribution import CountedAccount, CountedBill
from store.facts.daily_fact import DailyStep
from store.facts.fact_trigger import drop_triggers, put_triggers
from store.facts.monthly_fact import AdoptionFact, FactCount, Facts, FactStep, facts
from store.facts.recount_queue import FactChange
from store.feeds.feed import Feed
from store.payments.payment import PaymentRow
from tests.adoption.random_town import Town
from tests.adoption.sample_accounts import World

#: Histories that are tried, and acts in each.
HISTORIES = int(os.environ.get("FACTEUR_HISTORIES", "4"))
ACTS = 60


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_happens_facts_equal_a_recount(
    store: Store, session: Session, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 1 + seed * 5)
    town = Town(session, seed)
    history: list[str] = []
    for _ in range(ACTS):
        history.append(town.act())
        assert not measure(store, town.now)
        with store.reading() as looking:
            assert facts(looking) == without_zeros(recount(looking, town.now, PARIS)), history
    assert verify(store, town.now) == []


def without_zeros(figures: Facts) -> Facts:
    nonzero = {cell: {name: value for name, value in values.items() if value} for cell, values in figures.items()}
    return {cell: values for cell, values in nonzero.items() if values}


def marked(session: Session) -> set[tuple[str, int]]:
    return {(kind, row_id) for kind, row_id in session.execute(select(FactChange.kind, FactChange.row_id))}


def test_every_change_is_marked_and_nothing_else(town: Town, session: Session) -> None:
    """Each statement that a figure depends on, by whomever it is made, beside those that none depends on."""
    bill, account, consumer = town.bills[-1], town.accounts[0], town.people[0]
    of_bill, of_account = {("bill", bill.id)}, {("account", account.id)}
    now = "'2026-05-05 12:00:00'"
    told = f"({bill.id}, {bill.issuer_id}, NULL, 'email', 'remind-7', 'waiting', '', {now}, 0, {now}, '', 0)"
    letter = told.replace("email", "paper").replace("remind-7", "print-7")
    columns = (
        "bill_id, issuer_id, person_id, channel, purpose, state, reason_code, due_at, attempts, made_at, decided_by"
    )
    into = f"INSERT INTO delivery ({columns}, lease_until) VALUES "
    mail, post = "purpose = 'remind-7'", "purpose = 'print-7'"
    of_mail = f"(SELECT id FROM delivery WHERE {mail})"
    hear = f"INSERT INTO receipt (delivery_id, kind, at, words) VALUES ({of_mail}, '{{kind}}', {now}, '')"
    mine = f"account_id = {account.id} AND consumer_id = {consumer.id}"
    session.execute(text(f"DELETE FROM enrolment WHERE {mine}"))
    session.execute(text(f"DELETE FROM consent WHERE account_id = {account.id}"))
    session.execute(text(f"UPDATE bill SET state = 'rendered', channel = 'portal' WHERE id = {bill.id}"))
    session.execute(delete(FactChange))
    said = f"({account.id}, {consumer.id}, 'paperless', {now}, '', 'portal')"
    noted = "INSERT INTO account_notice (account_id, kind, key, at, by, channel, basis, wording, words) VALUES"
    noticed = f"({account.id}, '{{kind}}', '{{kind}}', {now}, '', 'portal', 'information', '', '')"
    stated = (
        "INSERT INTO customer_reference"
        " (account_id, issuer_id, content, as_of, language, large_print, paper_by_right, household) VALUES"
    )
    allocated = "INSERT INTO payment_allocation (payment_id, bill_id, amount, since, by) VALUES"
    payment = town.world.add(
        PaymentRow(
            issuer_id=bill.issuer_id, identity="1", told_by="bank", told_at=town.now, kind="credit", amount=1,
            currency="EUR", booked_on=town.now.date(), content=b"-", reason=Reason(),
        )
    )  # fmt: skip
    statements: list[tuple[str, set[tuple[str, int]]]] = [
        (f"UPDATE bill SET said_paid_at = {now}, state = 'chosen' WHERE id = {bill.id}", set()),
        (f"UPDATE bill SET viewed_at = {now} WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET channel = NULL WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET channel = 'paper' WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET channel = 'portal' WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET state = 'recalled' WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET state = 'erased' WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET account_id = {town.accounts[1].id} WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET issue_date = '2025-05-05' WHERE id = {bill.id}", of_bill),
        (f"UPDATE feed SET state = 'reading' WHERE id = {bill.feed_id}", {("feed", bill.feed_id)}),
        (f"UPDATE feed SET state = 'held' WHERE id = {bill.feed_id}", set()),
        (f"UPDATE feed SET state = 'released' WHERE id = {bill.feed_id}", {("feed", bill.feed_id)}),
        (f"UPDATE feed SET state = 'settled' WHERE id = {bill.feed_id}", set()),
        (into + told, set()),
        (f"UPDATE delivery SET state = 'ready', lease_until = 9 WHERE {mail}", set()),
        (f"UPDATE delivery SET state = 'sent', sent_at = {now} WHERE {mail}", of_bill),
        (hear.format(kind="viewed"), set()),
        (f"UPDATE receipt SET kind = 'bounced' WHERE delivery_id = {of_mail}", of_bill),
        (f"DELETE FROM receipt WHERE delivery_id = {of_mail}", of_bill),
        (hear.format(kind="bounced"), of_bill),
        (f"DELETE FROM receipt WHERE delivery_id = {of_mail}", of_bill),
        (hear.format(kind="returned"), of_bill),
        (f"DELETE FROM receipt WHERE delivery_id = {of_mail}", of_bill),
        (f"DELETE FROM delivery WHERE {mail}", of_bill),
        (into + letter, of_bill),
        (f"UPDATE delivery SET state = 'cancelled' WHERE {post}", of_bill),
        (f"UPDATE delivery SET state = 'waiting' WHERE {post}", of_bill),
        (f"DELETE FROM delivery WHERE {post}", of_bill),
        (f"INSERT INTO enrolment (account_id, consumer_id, enrolled_at) VALUES ({account.id}, {consumer.id}, {now})",
         of_account),
        (f"UPDATE enrolment SET suspended_at = {now} WHERE {mine}", set()),
        (f"UPDATE enrolment SET ended_at = {now} WHERE {mine}", of_account),
        (f"DELETE FROM enrolment WHERE {mine}", of_account),
        (f"INSERT INTO consent (account_id, consumer_id, act, at, wording, way) VALUES {said}", of_account),
        (f"UPDATE consent SET account_id = {town.accounts[1].id} WHERE account_id = {account.id} AND at = {now}",
         of_account | {("account", town.accounts[1].id)}),
        (f"UPDATE consent SET act = 'paper' WHERE account_id = {town.accounts[1].id} AND at = {now}",
         {("account", town.accounts[1].id)}),
        (f"DELETE FROM consent WHERE account_id = {town.accounts[1].id} AND at = {now}",
         {("account", town.accounts[1].id)}),
        (f"UPDATE bill SET due_date = '2026-06-06' WHERE id = {bill.id}", of_bill),
        (f"UPDATE bill SET said_paid_at = NULL WHERE id = {bill.id}", set()),
        (f"UPDATE account SET standing = 'former' WHERE id = {account.id}", of_account),
        (f"UPDATE account SET claim_failures = 3 WHERE id = {account.id}", set()),
        (f"{noted} {noticed.format(kind='invited')}",
         of_account),
        (f"{noted} {noticed.format(kind='suitability')}",
         set()),
        (f"DELETE FROM account_notice WHERE account_id = {account.id} AND kind = 'invited'", of_account),
        (f"{stated} ({account.id}, {account.issuer_id}, '-', {now}, '', false, '', '')", of_account),
        (f"UPDATE customer_reference SET language = 'en' WHERE account_id = {account.id}", set()),
        (f"UPDATE customer_reference SET died_on = '2026-05-05' WHERE account_id = {account.id}", of_account),
        (f"DELETE FROM customer_reference WHERE account_id = {account.id}", of_account),
        (f"{allocated} ({payment.id}, {bill.id}, 1, {now}, '')", of_bill),
        (f"UPDATE payment_allocation SET until = {now} WHERE bill_id = {bill.id}", of_bill),
        (f"DELETE FROM payment_allocation WHERE bill_id = {bill.id}", of_bill),
    ]  # fmt: skip
    for statement, marks in statements:
        session.execute(text(statement))
        assert marked(session) == marks, statement
        session.execute(delete(FactChange))


def test_a_bill_of_a_feed_being_read_is_marked_with_its_feed(town: Town, session: Session) -> None:
    town.bill_of_a_feed_being_read()
    assert marked(session) == set()
    bill = town.bills[-1]
    change_state(session, Feed, bill.feed_id, "reading", "released", town.now)
    assert marked(session) == {("feed", bill.feed_id)}
    again = town.world.bill(town.accounts[0], town.now.date(), feed=session.get_one(Feed, bill.feed_id))
    assert marked(session) == {("feed", bill.feed_id), ("bill", again.id)}


def test_a_change_marked_twice_is_counted_once(town: Town, session: Session, store: Store) -> None:
    before = facts(session)
    for _ in range(3):
        rows = [
            {"kind": kind, "row_id": row_id, "upto": 0} for kind in ("bill", "account", "feed") for row_id in (1, 2)
        ]
        session.execute(insert(FactChange), rows)
    session.commit()
    assert not measure(store, town.now)
    assert facts(session) == before
    assert marked(session) == set()


def test_a_large_feed_is_counted_turn_by_turn(
    town: Town, session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = town.world.feed(town.issuers[0], town.now, state="reading")
    for _ in range(25):
        town.world.bill(town.accounts[0], month_of(town.now, PARIS), feed=feed)
    session.commit()
    before = figure(session, town, "bills")
    change_state(session, Feed, feed.id, "reading", "released", town.now)
    session.commit()
    monkeypatch.setattr(keeping, "BATCH", 10)
    seen = []
    while measure(store, town.now, seconds=0):
        seen.append(figure(session, town, "bills") - before)
    assert (seen[-2:], figure(session, town, "bills") - before) == ([10, 20], 25)
    assert verify(store, town.now) == []


def figure(session: Session, town: Town, measure: str) -> int:
    """The figure of this month of the first issuer."""
    session.rollback()
    return facts(session).get((town.issuers[0].id, month_of(town.now, PARIS)), {}).get(measure, 0)


def test_a_month_begins_and_nothing_is_counted(
    town: Town, session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts go over into the new month, and bills dated to come appear, without a bill being looked at."""
    town.world.bill(town.accounts[0], later(month_of(town.now, PARIS)))
    session.commit()
    assert not measure(store, town.now)
    monkeypatch.setattr(count_bills, "bill_figures", None)
    for _ in range(15):
        town.new_month()
        town.now += timedelta(days=1)
        assert not measure(store, town.now)
        with store.reading() as looking:
            assert facts(looking) == without_zeros(recount(looking, town.now, PARIS))


def test_in_another_time_zone_months_end_at_other_moments(town: Town, session: Session, store: Store) -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    night = datetime(2026, 5, 31, 18, tzinfo=UTC)
    account, consumer = town.world.account(town.issuers[0], "99"), town.world.consumer("Dora")
    town.world.bill(account, date(2026, 5, 5))
    enrol(session, consumer.id, account.id, night)
    session.commit()
    may = (town.issuers[0].id, date(2026, 5, 1))
    june = datetime(2026, 6, 20, tzinfo=UTC)
    assert not measure(store, june)
    in_paris = facts(session)[may]["enrolled"]
    session.rollback()
    assert not measure(store, june, auckland)
    assert facts(session)[may].get("enrolled", 0) == in_paris - 1
    assert verify(store, june, auckland) == []


def test_what_was_measured_before_is_shown_until_all_is_counted(town: Town, session: Session, store: Store) -> None:
    """An upgrade: the store has figures of the old kind, and nothing is counted yet."""
    for row in (FactStep, DailyStep, CountedBill, CountedAccount, FactCount):
        session.execute(delete(row))
    before = (town.issuers[0].id, date(2026, 1, 1))
    session.add(AdoptionFact(issuer_id=before[0], month=before[1], measure="bills", value=1_000))
    session.commit()
    assert measure(store, town.now, seconds=0)
    assert facts(session) == {before: {"bills": 1_000}}
    session.rollback()
    assert not measure(store, town.now)
    assert facts(session)[before].get("bills") != 1_000
    assert verify(store, town.now) == []


def test_a_bill_that_comes_while_accounts_are_counted_first_is_not_missed(
    session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted before its mark is taken, and its account was passed when it had no bill."""
    monkeypatch.setattr(keeping, "BATCH", 1)
    world, now = World(session), datetime(2026, 3, 5, tzinfo=UTC)
    issuer, alice = world.issuer("eaux"), world.consumer("Alice")
    empty, billed = world.account(issuer, "1"), world.account(issuer, "2")
    world.bill(billed, now.date())
    session.commit()
    while session.scalar(select(FactCount.accounts_upto)) != empty.id:
        session.rollback()
        assert measure(store, now, seconds=0)
    assert enrol(session, alice.id, billed.id, now)
    world.delivery(world.bill(empty, now.date()), "paper", "print", now, claim_digest="c" * 64)
    session.commit()
    assert not measure(store, now)
    session.rollback()
    assert verify(store, now) == []


def test_after_a_migration_all_is_counted_again(town: Town, session: Session, store: Store) -> None:
    """What a migration changes is not marked: its tables are made anew."""
    shown, bill_id = facts(session), town.bills[-1].id
    session.rollback()
    with writing_engine(store.engine).begin() as connection:
        drop_triggers(connection)
        connection.execute(text(f"UPDATE bill SET channel = NULL, viewed_at = NULL WHERE id = {bill_id}"))
        put_triggers(connection)
    assert facts(session) == shown
    session.rollback()
    assert not measure(store, town.now)
    assert verify(store, town.now) == []


def test_verify_names_each_figure_that_differs(town: Town, session: Session, store: Store) -> None:
    [issuer, month] = next(cell for cell, values in facts(session).items() if values.get("bills"))
    kept = facts(session)[issuer, month]["bills"]
    session.execute(
        update(FactStep).where(FactStep.issuer_id == issuer, FactStep.month == month, FactStep.measure == "bills")
        .values(value=kept + 2)
    )  # fmt: skip
    session.commit()
    assert verify(store, town.now) == [Difference(issuer, month, "bills", kept + 2, kept)]

"""Lumière orders direct debits, the bank refuses some, books the rest as one total, and one comes back."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from sqlalchemy import select

from audit.run_all_checks import check
from delivery import run_mail_job
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill_lookup import bill_by_number
from store.delivery import Delivery
from store.job import Job
from store.outbox.outbox_event import OutboxEvent
from store.payments.payment import PaymentRow
from tests.portal.conftest import Mailbox
from tests.sample_direct_debits import camt_total, pain_002, pain_008
from tests.sample_feeds import batch, ubl
from tests.sample_payments import BankEntry, camt
from tests.stories.test_payments import MARCH, due_of, pipeline, send

__all__ = ["pipeline"]

ALICES, BOBS, CHARLIES = "LUM-2026-001001", "LUM-2026-002001", "LUM-2026-003001"
BILLS = batch([ubl(ALICES), ubl(BOBS, "C-BOB"), ubl(CHARLIES, "C-CHARLIE")])
DEBITS = pain_008("LOT-3", {ALICES: "84.00", BOBS: "84.00", CHARLIES: "84.00"})
REFUSED = pain_002("LOT-3", [BOBS])


def kinds(store: Store) -> list[str]:
    return [due_of(store, each).kind for each in (ALICES, BOBS, CHARLIES)]


def to_pay(store: Store, number: str) -> Decimal:
    with store.reading() as session:
        row = bill_by_number(session, 1, number)
        assert row is not None
        return row.to_pay


def holds(store: Store, name: str, account: str) -> None:
    with store.writing() as session:
        person = Consumer(
            email=f"{name.lower()}@exemple.fr", name=name, password_hash="-", signed_up_at=MARCH, confirmed_at=MARCH
        )
        session.add(person)
        session.flush()
        account_id = session.scalars(select(CustomerAccount.id).where(CustomerAccount.value == account)).one()
        enrol(session, person.id, account_id, MARCH)


def test_what_is_ordered_is_collected_and_asked_by_transfer_no_more(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    assert kinds(store) == ["asks"] * 3
    send(pipeline, DEBITS, "prelevements.xml")
    due = due_of(store, ALICES)
    assert (due.kind, due.due, due.amount, due.left) == (
        "collected", date(2026, 3, 20), Decimal("84.00"), Decimal("84.00"),
    )  # fmt: skip
    assert to_pay(store, ALICES) == 0
    assert not any(check(store).invariants.values())


def test_one_is_refused_and_asks_again_and_its_person_alone_is_told(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    holds(store, "Bob", "C-BOB")
    holds(store, "Charlie", "C-CHARLIE")
    send(pipeline, DEBITS, "prelevements.xml")
    send(pipeline, REFUSED, "refus.xml")
    assert kinds(store) == ["collected", "asks", "collected"]
    assert to_pay(store, BOBS) == Decimal(84)
    with store.reading() as session:
        [job] = session.scalars(select(Job).where(Job.kind == "payment_failed"))
        [event] = session.scalars(select(OutboxEvent).where(OutboxEvent.type == "bill.payment_returned"))
        reminders = session.scalars(select(Delivery.bill_id).where(Delivery.purpose.like("due-%"))).all()
    assert (event.data["bill_number"], event.data["amount"], event.data["reason"]) == (BOBS, "84.00", "MD01")
    assert reminders == []
    post = Mailbox()
    run_mail_job(store, job, post, "https://factures.example", MARCH)
    [(to, mail)] = post.mails
    text = mail.get_payload(0).get_payload(decode=True).decode().replace("\N{NO-BREAK SPACE}", " ")
    assert to == "bob@exemple.fr"
    assert f"Votre facture n° {BOBS} de Lumière de l’Ouest est de nouveau à payer." in text.replace("'", "’")
    assert "84,00" in text


def test_nobody_is_told_of_a_bill_that_was_paid_meanwhile(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    holds(store, "Bob", "C-BOB")
    send(pipeline, DEBITS, "prelevements.xml")
    send(pipeline, REFUSED, "refus.xml")
    send(pipeline, camt([BankEntry("84.00", BOBS, "R1")]))
    with store.reading() as session:
        [job] = session.scalars(select(Job).where(Job.kind == "payment_failed"))
    post = Mailbox()
    run_mail_job(store, job, post, "https://factures.example", MARCH)
    assert post.mails == []


@pytest.mark.parametrize("in_batch", [True, False])
def test_one_total_pays_all_that_was_not_refused(pipeline: Pipeline, store: Store, in_batch: bool) -> None:
    for name, content in (("f.xml", BILLS), ("p.xml", DEBITS), ("r.xml", REFUSED)):
        send(pipeline, content, name)
    send(pipeline, camt_total("LOT-3", "168.00", in_batch=in_batch))
    assert kinds(store) == ["paid", "asks", "paid"]
    assert due_of(store, ALICES).paid_on == date(2026, 3, 20)
    assert not any(check(store).invariants.values())


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_whichever_file_comes_first(pipeline: Pipeline, store: Store, order: tuple[int, ...]) -> None:
    files = (BILLS, DEBITS, REFUSED, camt_total("LOT-3", "168.00"))
    for n in order:
        send(pipeline, files[n], f"{n}.xml")
    assert kinds(store) == ["paid", "asks", "paid"]


def test_a_total_of_another_sum_waits_for_a_person(pipeline: Pipeline, store: Store) -> None:
    for name, content in (("f.xml", BILLS), ("p.xml", DEBITS), ("r.xml", REFUSED)):
        send(pipeline, content, name)
    send(pipeline, camt_total("LOT-3", "252.00"))
    assert kinds(store) == ["collected", "asks", "collected"]
    with store.reading() as session:
        row = session.scalars(select(PaymentRow).where(PaymentRow.kind == "collected")).one()
    assert (row.outcome, row.why) == ("waiting", "batch_total")


def test_details_that_come_later_are_not_counted_twice(pipeline: Pipeline, store: Store) -> None:
    for name, content in (("f.xml", BILLS), ("p.xml", pain_008("LOT-4", {ALICES: "84.00", BOBS: "84.00"}))):
        send(pipeline, content, name)
    send(pipeline, camt_total("LOT-4", "168.00"))
    details = [
        BankEntry("84.00", "", f"D{n}", end_to_end=f"SDD-{each}", code="IDDT") for n, each in enumerate((ALICES, BOBS))
    ]
    send(pipeline, camt(details))
    due = due_of(store, ALICES)
    assert (due.kind, [each.kind for each in due.payments]) == ("paid", ["announced", "collected"])
    with store.reading() as session:
        total = session.scalars(select(PaymentRow).where(PaymentRow.amount == 168)).one()
    assert (total.outcome, total.why) == ("duplicate", "told_one_by_one")


def test_a_collection_that_is_told_before_its_order_finds_its_bill(pipeline: Pipeline, store: Store) -> None:
    """Its end-to-end id names no bill; the order, which comes later, says which it is of."""
    send(pipeline, BILLS, "f.xml")
    order = pain_008("LOT-7", {ALICES: "84.00"}).replace(f"SDD-{ALICES}".encode(), b"E2E-4711")
    send(pipeline, camt([BankEntry("84.00", "", "D1", end_to_end="E2E-4711", code="IDDT")]))
    assert due_of(store, ALICES).kind == "asks"
    send(pipeline, order, "p.xml")
    assert due_of(store, ALICES).kind == "paid"


def test_one_of_the_total_comes_back(pipeline: Pipeline, store: Store) -> None:
    for name, content in (("f.xml", BILLS), ("p.xml", DEBITS), ("r.xml", REFUSED)):
        send(pipeline, content, name)
    send(pipeline, camt_total("LOT-3", "168.00"))
    back = BankEntry("84.00", ref="R9", on=date(2026, 3, 25), returns=f"SDD-{ALICES}", reason="AM04", code="IDDT")
    send(pipeline, camt([back], name="M9"))
    assert kinds(store) == ["asks", "asks", "paid"]
    setback = due_of(store, ALICES).setback
    assert setback is not None
    assert setback.reason == "AM04"


def test_an_order_that_is_refused_as_a_whole(pipeline: Pipeline, store: Store) -> None:
    for name, content in (("f.xml", BILLS), ("p.xml", DEBITS), ("r.xml", pain_002("LOT-3", reason="DT01"))):
        send(pipeline, content, name)
    assert kinds(store) == ["asks"] * 3
    assert not any(check(store).invariants.values())


def test_what_was_refused_may_be_ordered_again(pipeline: Pipeline, store: Store) -> None:
    for name, content in (("f.xml", BILLS), ("p.xml", DEBITS), ("r.xml", REFUSED)):
        send(pipeline, content, name)
    send(pipeline, pain_008("LOT-5", {BOBS: "84.00"}, on="2026-04-05"), "encore.xml")
    due = due_of(store, BOBS)
    assert (due.kind, due.due) == ("collected", date(2026, 4, 5))


def test_a_part_that_is_ordered_leaves_the_bill_to_be_paid(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    send(pipeline, pain_008("LOT-6", {ALICES: "40.00"}), "part.xml")
    assert due_of(store, ALICES).kind == "asks"

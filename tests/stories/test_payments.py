"""What was paid, as a story: Lumière's bank tells, and each bill says what is left of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import permutations
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.run_all_checks import check
from bill import AmountDue
from bill.payment.payment_entry import MovementKind, PaymentEntry, PaymentShare
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from feeds.feed_report import feed_report
from issuers.registry import add_issuer
from payments.amounts_due import amounts_due
from payments.payment_identity import payment_identity
from payments.take_payments import take_payments
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill_lookup import bill_by_number
from store.bills.reported_payment import say_paid
from store.feeds.feed import Feed
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation
from tests.sample_feeds import batch, ubl
from tests.sample_payments import BankEntry, camt

MARCH = datetime(2026, 3, 3, 9, tzinfo=UTC)
BILLS = batch([
    ubl("LUM-2026-001001"), ubl("LUM-2026-001002", net=Decimal("50.00")), ubl("LUM-2026-002001", "C-BOB"),
])  # fmt: skip
ALICES = "FR7612345000010000000000156"


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def send(pipeline: Pipeline, content: bytes, name: str = "releve.xml", now: datetime = MARCH) -> dict[str, object]:
    """Lumière drops this, and everything that is due is done. Returns the feed's report."""
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", now)
    feed = drop_feed(pipeline.store, issuer, BytesIO(content), name, "cli", now)
    pipeline.work_feed(feed.feed_id, now)
    with pipeline.store.reading() as session:
        return feed_report(session, session.get_one(Feed, feed.feed_id))


def due_of(store: Store, number: str) -> AmountDue:
    with store.reading() as session:
        row = bill_by_number(session, 1, number)
        assert row is not None
        return amounts_due(session, [row], date(2026, 4, 1))[row.id]


def told(session: Session) -> list[tuple[str, str, str]]:
    query = select(PaymentRow).order_by(PaymentRow.booked_on, PaymentRow.identity)
    return [(row.kind, row.outcome, row.why) for row in session.scalars(query)]


def state_of(store: Store) -> list[object]:
    """All that is known of payments, whatever the ids and moments."""
    with store.reading() as session:
        rows = {row.id: row for row in session.scalars(select(PaymentRow))}
        parts = session.scalars(select(PaymentAllocation).where(PaymentAllocation.until.is_(None)))
        numbers = {each.id: each for each in rows.values()}
        shares = sorted((rows[each.payment_id].identity, each.bill_id, each.amount) for each in parts)
        payments = sorted(
            (row.identity, row.outcome, row.why, row.rest, numbers[row.undoes_id].identity if row.undoes_id else "")
            for row in rows.values()
        )
    dues = [due_of(store, number)[:6] for number in ("LUM-2026-001001", "LUM-2026-001002", "LUM-2026-002001")]
    return [payments, [(identity, amount) for identity, _, amount in shares], dues]


def test_a_transfer_with_a_typing_error_is_of_its_bill(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    report = send(pipeline, camt([BankEntry("84.00", "LUM-2026-001010", "R1", name="MARTIN ALICE", iban=ALICES)]))
    assert (report["state"], report["content"], report["totals"]) == ("released", "payments", {"EUR": "84.00"})
    due = due_of(store, "LUM-2026-001001")
    assert (due.kind, due.paid, due.paid_on, due.payments[0].by) == (
        "paid",
        Decimal("84.00"),
        date(2026, 3, 20),
        "bank",
    )
    assert due_of(store, "LUM-2026-002001").kind == "asks"
    assert not any(check(store).invariants.values())


def test_the_second_payment_waits_and_the_statement_tells_nothing_new(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    first, second = BankEntry("84.00", "LUM-2026-001001", "R1"), BankEntry("84.00", "LUM-2026-001001", "R2")
    send(pipeline, camt([first, second]))
    report = send(pipeline, camt([first, second], "053", "S1"))
    counts = report["counts"]
    assert isinstance(counts, dict)
    assert (counts["taken"], counts["known"]) == (0, 2)
    with store.reading() as session:
        assert sorted(told(session)) == [("received", "matched", "text"), ("received", "waiting", "paid_twice")]


def test_two_equal_payments_without_a_reference_are_two_and_told_twice_still_two(
    pipeline: Pipeline, store: Store
) -> None:
    send(pipeline, BILLS, "factures.xml")
    twice = [BankEntry("42.00", "LUM-2026-001001")] * 2
    send(pipeline, camt(twice))
    send(pipeline, camt(twice, "053", "S1"))
    assert due_of(store, "LUM-2026-001001").kind == "paid"
    with store.reading() as session:
        assert len(told(session)) == 2


def test_a_notice_and_its_statement_in_one_zip_count_once(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    told_by_both = [BankEntry("30.00", "LUM-2026-001001", "R1"), BankEntry("20.00", "LUM-2026-001002")]
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("avis.xml", camt(told_by_both))
        archive.writestr("releve.xml", camt(told_by_both, "053", "S1"))
    counts = send(pipeline, packed.getvalue(), "c5x.zip")["counts"]
    assert isinstance(counts, dict)
    assert (counts["taken"], counts["known"]) == (2, 2)
    assert (due_of(store, "LUM-2026-001001").left, due_of(store, "LUM-2026-001002").left) == (54, 40)


def test_a_notice_without_references_and_its_statement_with_them_count_once(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    notice = BankEntry("30.00", "LUM-2026-001001", name="Alice Martin")
    files = [camt([notice]), camt([notice._replace(ref="R1")], "053", "S1")]
    for content in files:
        send(pipeline, content)
    assert due_of(store, "LUM-2026-001001").left == 54
    with store.reading() as session:
        assert sorted(told(session)) == [("received", "duplicate", "told_by_bank"), ("received", "matched", "text")]


def test_a_returned_payment_makes_the_bill_ask_again(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    send(pipeline, camt([BankEntry("84.00", "LUM-2026-001001", "R1", end_to_end="VIR-1")]))
    assert due_of(store, "LUM-2026-001001").kind == "paid"
    back = BankEntry("84.00", ref="R9", on=date(2026, 3, 25), returns="VIR-1", reason="AC04")
    send(pipeline, camt([back], name="M2"))
    due = due_of(store, "LUM-2026-001001")
    assert (due.kind, due.left, due.setback and due.setback.reason) == ("asks", Decimal("84.00"), "AC04")
    assert not any(check(store).invariants.values())


FILES = (
    ("factures.xml", BILLS),
    ("a.xml", camt([BankEntry("84.00", "LUM-2026-001001", "R1", end_to_end="VIR-1", iban=ALICES)])),
    ("b.xml", camt([BankEntry("84.00", ref="R9", on=date(2026, 3, 25), returns="VIR-1", reason="AC04")], name="M2")),
    ("c.xml", camt([BankEntry("60.00", "merci", "R3", on=date(2026, 3, 26), iban=ALICES)], name="M3")),
)  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4)))[::4])
def test_any_order_of_files_ends_the_same(pipeline: Pipeline, store: Store, order: tuple[int, ...]) -> None:
    for n in order:
        name, content = FILES[n]
        send(pipeline, content, name)
    payments, shares, dues = state_of(store)
    assert len(payments) == 3
    assert {each[1:3] for each in payments} == {
        ("matched", "text"), ("matched", "undoes"), ("matched", "account_and_amount"),
    }  # fmt: skip
    assert sorted(str(amount) for _, amount in shares) == ["60.0000", "84.0000", "84.0000"]
    assert [due[0] for due in dues] == ["asks", "paid", "asks"]
    assert not any(check(store).invariants.values())


def test_a_quiet_day_is_no_fault(pipeline: Pipeline) -> None:
    report = send(pipeline, camt([]))
    assert (report["state"], report["findings"]) == ("released", [])


def entry(kind: MovementKind, amount: str, **also: Any) -> PaymentEntry:
    return PaymentEntry(kind=kind, amount=Decimal(amount), currency="EUR", booked_on=date(2026, 3, 20), **also)


def tell(store: Store, *entries: PaymentEntry) -> None:
    with store.writing() as session:
        take_payments(session, 1, {payment_identity(each): each for each in entries}, "bank", MARCH)


def test_a_refused_debit_asks_to_be_paid_by_hand_and_is_then_paid(pipeline: Pipeline, store: Store) -> None:
    number = "LUM-2026-003001"
    send(pipeline, batch([ubl(number).replace("<cbc:PaymentMeansCode>30<", "<cbc:PaymentMeansCode>59<")]), "f.xml")
    assert due_of(store, number).kind == "collected"
    tell(store, entry("announced", "84.00", references=(number,), end_to_end_id="SDD-7", entry_id="A"))
    assert due_of(store, number).kind == "collected"
    tell(store, entry("refused", "84.00", original_id="SDD-7", reason="AM04", entry_id="B"))
    due = due_of(store, number)
    assert (due.kind, due.left, due.setback and due.setback.reason) == ("asks", Decimal("84.00"), "AM04")
    with store.reading() as session:
        row = bill_by_number(session, 1, number)
        assert row is not None
        assert row.to_pay == Decimal(84), "it is now among what is to be paid by hand"
    tell(store, entry("received", "84.00", references=(number,), entry_id="C"))
    assert due_of(store, number).kind == "paid"


def test_a_credit_note_is_set_off_by_the_payer_or_paid_back(pipeline: Pipeline, store: Store) -> None:
    credit = ubl("AV-1", net=Decimal(20)).replace("TypeCode>380<", "TypeCode>381<")
    other = ubl("AV-2", net=Decimal(10)).replace("TypeCode>380<", "TypeCode>381<")
    send(pipeline, batch([ubl("LUM-2026-001001"), credit, other]), "factures.xml")
    shares = (
        PaymentShare(reference="LUM-2026-001001", amount=Decimal("84.00")),
        PaymentShare(reference="AV-1", amount=Decimal("-24.00")),
    )
    tell(store, entry("received", "60.00", shares=shares, entry_id="A"))
    assert (due_of(store, "LUM-2026-001001").kind, due_of(store, "AV-1").kind) == ("paid", "set_off")
    tell(store, entry("refunded", "12.00", references=("AV-2",), entry_id="B"))
    assert (due_of(store, "AV-2").kind, due_of(store, "AV-2").favour) == ("refunded", 0)
    assert not any(check(store).invariants.values())


def test_what_the_customer_says_gives_way_to_the_bank(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    with store.writing() as session:
        row = bill_by_number(session, 1, "LUM-2026-001001")
        assert row is not None
        say_paid(session, row, MARCH - timedelta(hours=1), now=MARCH, by="Alice")
    assert due_of(store, "LUM-2026-001001").kind == "said_paid"
    tell(store, entry("received", "40.00", references=("LUM-2026-001001",), entry_id="A"))
    due = due_of(store, "LUM-2026-001001")
    assert (due.kind, due.left) == ("asks", Decimal("44.00"))


def test_another_issuers_bill_is_never_meant(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, BILLS, "factures.xml")
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux", MARCH)
        paid = entry("received", "84.00", references=("LUM-2026-001001",), entry_id="A")
        take_payments(session, eaux.id, {payment_identity(paid): paid}, "bank", MARCH)
    assert due_of(store, "LUM-2026-001001").kind == "asks"


def test_a_day_that_has_not_come_is_refused_at_its_place_and_the_others_are_taken(
    pipeline: Pipeline, store: Store
) -> None:
    send(pipeline, BILLS, "factures.xml")
    wrong = BankEntry("84.00", "LUM-2026-001001", "R1", on=date(2062, 3, 20))
    report = send(pipeline, camt([wrong, BankEntry("60.00", "LUM-2026-001002", "R2")]))
    [found] = report["findings"]  # type: ignore[misc]
    assert (found["rule"], found["severity"], found["number"]) == ("PAYMENT-DATE", "fatal", "R1")
    assert found["place"] == "line 1, statement 1, entry 1, transaction 1"
    assert (due_of(store, "LUM-2026-001001").kind, due_of(store, "LUM-2026-001002").kind) == ("asks", "paid")

"""A bill that was paid and is then corrected, as a story: what Alice paid counts for the corrective (384)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from audit.run_all_checks import check
from bill import AmountDue
from bill.payment.payment_entry import MovementKind, PaymentEntry
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.recall.recall_bill import recall_bill
from delivery.reminders.bill_reminders import OVER, reminded_of
from doors.feed_drop import drop_feed
from feeds.conflicts.decide_conflict import Decision
from issuers.registry import add_issuer
from payments.amounts_due import amount_due_of, amounts_due, amounts_left
from payments.decide_payment import assign_payment, ignore_payment
from payments.payment_identity import payment_identity
from payments.take_payments import take_payments
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.bills.reported_payment import say_paid
from store.payments.payment import PaymentRow
from tests.sample_feeds import ubl

MARCH = datetime(2026, 3, 3, 9, tzinfo=UTC)
TODAY = date(2026, 4, 1)
FIRST, RIGHT, LAST = "LUM-2026-001001", "LUM-2026-001901", "LUM-2026-001902"
IBAN = "FR7612345000010000000000156"


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", MARCH)
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def corrective(number: str, net: str, *replaced: str, issued: str = "2026-03-16", **also: Any) -> str:
    """A corrective invoice (384) of *net* euros without VAT that refers to these bills."""
    named = "".join(
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{each}</cbc:ID></cac:InvoiceDocumentReference>"
        "</cac:BillingReference>"
        for each in replaced
    )
    bill = ubl(number, net=Decimal(net), issued=issued, **also).replace("TypeCode>380<", "TypeCode>384<")
    return bill.replace("<cac:AccountingSupplierParty>", f"{named}<cac:AccountingSupplierParty>", 1)


def credit(number: str, net: str, credited: str) -> str:
    return corrective(number, net, credited).replace("TypeCode>384<", "TypeCode>381<")


def send(pipeline: Pipeline, *bills: str) -> None:
    for content in bills:
        with pipeline.store.writing() as session:
            issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", MARCH)
        feed = drop_feed(pipeline.store, issuer, BytesIO(content.encode()), "factures.xml", "cli", MARCH)
        pipeline.work_feed(feed.feed_id, MARCH)


def tell(store: Store, amount: str, name: str = "", n: int = 1, kind: MovementKind = "received", **also: Any) -> None:
    entry = PaymentEntry(
        kind=kind, amount=Decimal(amount), currency="EUR", booked_on=also.pop("on", date(2026, 3, 10)),
        references=(name,) if name else (), entry_id=f"E{n}", **also,
    )  # fmt: skip
    with store.writing() as session:
        take_payments(session, 1, {payment_identity(entry): entry}, "bank", MARCH)


def row_of(session: Any, number: str) -> BillRow:
    row = bill_by_number(session, 1, number)
    assert row is not None
    return row


def due_of(store: Store, number: str) -> AmountDue:
    """What list, page, code, mail, letter and API say; they agree."""
    with store.reading() as session:
        row = row_of(session, number)
        due = amounts_due(session, [row], TODAY)[row.id]
        assert amount_due_of(session, row, TODAY)._replace(how=None) == due
        left = amounts_left(session, [row])[row.id]
        if left.is_asking and due.payments:
            assert row.to_pay == left.left
    return due


def outcomes(store: Store) -> list[tuple[str, str, Decimal]]:
    with store.reading() as session:
        rows = session.scalars(select(PaymentRow).order_by(PaymentRow.booked_on, PaymentRow.id))
        return [(row.outcome, row.why, row.too_much) for row in rows]


def said(due: AmountDue) -> tuple[str, str, str]:
    return due.kind, f"{due.left:.2f}", f"{due.overpaid:.2f}"


@pytest.mark.parametrize(
    ("net", "now"),
    [
        ("70.00", ("paid", "0.00", "0.00")),  # the address alone was wrong
        ("80.00", ("asks", "12.00", "0.00")),
        ("60.00", ("paid", "0.00", "12.00")),
        ("0.00", ("nothing", "0.00", "84.00")),
    ],
)
def test_what_was_paid_of_the_bill_counts_for_its_corrective(
    pipeline: Pipeline, store: Store, net: str, now: tuple[str, str, str]
) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    send(pipeline, corrective(RIGHT, net, FIRST))
    assert (said(due_of(store, FIRST)), said(due_of(store, RIGHT))) == (("replaced", "0.00", "0.00"), now)
    assert not any(check(store).invariants.values())


def steps(store: Store, pipeline: Pipeline) -> list[Callable[[], None]]:
    return [
        lambda: send(pipeline, ubl(FIRST)),
        lambda: send(pipeline, corrective(RIGHT, "60.00", FIRST)),
        lambda: tell(store, "50.00", FIRST, 1),
        lambda: tell(store, "40.00", RIGHT, 2, on=date(2026, 3, 20)),
    ]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_it_counts_in_whichever_order_they_came(pipeline: Pipeline, store: Store, order: tuple[int, ...]) -> None:
    todo = steps(store, pipeline)
    for n in order:
        todo[n]()
    assert said(due_of(store, RIGHT)) == ("paid", "0.00", "18.00")
    assert outcomes(store) == [("matched", "reference", 0), ("part", "reference", Decimal("18.00"))]


def test_it_counts_through_a_chain_of_correctives(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    send(pipeline, corrective(RIGHT, "60.00", FIRST), corrective(LAST, "75.00", RIGHT, issued="2026-03-18"))
    assert said(due_of(store, RIGHT)) == ("replaced", "0.00", "0.00")
    assert said(due_of(store, LAST)) == ("asks", "6.00", "0.00")


def test_one_corrective_of_two_bills_has_what_was_paid_of_both(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST), ubl("LUM-2026-001002", net=Decimal(50)))
    tell(store, "84.00", FIRST)
    tell(store, "60.00", "LUM-2026-001002", 2)
    send(pipeline, corrective(RIGHT, "130.00", FIRST, "LUM-2026-001002"))
    assert said(due_of(store, RIGHT)) == ("asks", "12.00", "0.00")


@pytest.mark.parametrize(
    "also",
    [
        {"mandate_id": "MND-1", "kind": "collected", "on": date(2026, 4, 15)},
        {"debtor_iban": IBAN},
        {"name": "LUM-2026-001010", "debtor_iban": IBAN},
    ],
)
def test_a_payment_that_was_known_by_its_amount_stays_the_bills(
    pipeline: Pipeline, store: Store, also: dict[str, Any]
) -> None:
    """By mandate, by who pays, or in spite of a typing error: the corrective asks another amount."""
    mandate = "<cac:PaymentMandate><cbc:ID>MND-1</cbc:ID></cac:PaymentMandate></cac:PaymentMeans>"
    send(pipeline, ubl("LUM-2026-000001", issued="2026-02-02"))
    tell(store, "84.00", "LUM-2026-000001", 7, on=date(2026, 2, 10), debtor_iban=IBAN)
    send(pipeline, ubl(FIRST).replace("</cac:PaymentMeans>", mandate).replace("Code>30<", "Code>59<"))
    tell(store, "84.00", **also)
    assert due_of(store, FIRST).kind == "paid"
    send(pipeline, corrective(RIGHT, "60.00", FIRST))
    assert said(due_of(store, RIGHT)) == ("paid", "0.00", "12.00")


def test_a_bill_credited_after_it_was_paid_is_paid_too_much(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    send(pipeline, credit("AV-2026-000001", "10.00", FIRST))
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "12.00")
    send(pipeline, credit("AV-2026-000002", "60.00", FIRST))
    assert said(due_of(store, FIRST)) == ("credited", "0.00", "84.00")
    tell(store, "72.00", "AV-2026-000002", 3, kind="refunded", on=date(2026, 3, 30))
    assert said(due_of(store, FIRST)) == ("credited", "0.00", "12.00")
    tell(store, "12.00", FIRST, 4, kind="refunded", on=date(2026, 3, 30))
    assert said(due_of(store, FIRST)) == ("credited", "0.00", "0.00")


def test_what_a_person_decided_counts_for_the_corrective(pipeline: Pipeline, store: Store) -> None:
    """More than the bill asks may be assigned: the rest is paid too much."""
    send(pipeline, ubl(FIRST))
    tell(store, "100.00", "")
    with store.writing() as session:
        decided = assign_payment(session, 1, {FIRST: Decimal(100)}, "Mina", "appel", MARCH)
    assert (decided, said(due_of(store, FIRST))) == ("done", ("paid", "0.00", "16.00"))
    send(pipeline, corrective(RIGHT, "60.00", FIRST))
    assert said(due_of(store, RIGHT)) == ("paid", "0.00", "28.00")
    assert outcomes(store) == [("matched", "decided", 0)]


def test_her_word_counts_for_the_corrective(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    with store.writing() as session:
        say_paid(session, row_of(session, FIRST), MARCH + timedelta(days=8), now=MARCH, by="Alice")
    send(pipeline, corrective(RIGHT, "60.00", FIRST))
    assert said(due_of(store, RIGHT)) == ("said_paid", "0.00", "0.00")


def test_her_word_is_worth_what_she_was_asked(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "30.00", FIRST, on=date(2026, 2, 20))
    with store.writing() as session:
        say_paid(session, row_of(session, FIRST), MARCH + timedelta(days=8), now=MARCH, by="Alice")
    send(pipeline, corrective(RIGHT, "80.00", FIRST))
    assert said(due_of(store, RIGHT)) == ("asks", "12.00", "0.00")


def test_of_two_correctives_a_person_decides_and_nobody_is_reminded(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    send(pipeline, corrective(RIGHT, "60.00", FIRST))
    assert due_of(store, RIGHT).kind == "paid"
    send(pipeline, corrective(LAST, "80.00", FIRST, issued="2026-03-18"))
    assert outcomes(store) == [("waiting", "several_correctives", 0)]
    due = due_of(store, LAST)
    assert (due.left, due.is_undecided, due.kind in OVER) == (Decimal("96.00"), True, False)
    with store.writing() as session:
        assert assign_payment(session, 1, {LAST: Decimal(84)}, "Mina", "appel", MARCH) == "done"
    due = due_of(store, LAST)
    assert (due.left, due.is_undecided) == (Decimal("12.00"), False)


def test_two_correctives_of_a_bill_that_nobody_paid_leave_nothing_to_decide(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST), corrective(RIGHT, "60.00", FIRST), corrective(LAST, "80.00", FIRST, issued="2026-03-18"))
    assert due_of(store, LAST).is_undecided is False


def test_another_customers_corrective_takes_nothing(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    send(pipeline, corrective(RIGHT, "60.00", FIRST, account="C-BOB"))
    assert (due_of(store, FIRST).kind, said(due_of(store, RIGHT))) == ("paid", ("asks", "72.00", "0.00"))


def withdraw(store: Store, number: str) -> None:
    with store.reading() as session:
        bill_id = row_of(session, number).id
    assert recall_bill(store, bill_id, Decision("claire", "the tariff was last year's", MARCH)).result == "done"


def test_a_withdrawn_corrective_gives_back_what_was_paid(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    send(pipeline, corrective(RIGHT, "60.00", FIRST))
    withdraw(store, RIGHT)
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "0.00")


@pytest.mark.parametrize("is_decided", [False, True])
def test_the_payment_of_a_withdrawn_bill_waits_with_its_likely_bills(
    pipeline: Pipeline, store: Store, *, is_decided: bool
) -> None:
    send(pipeline, ubl(FIRST), ubl("LUM-2026-009002"))
    tell(store, "84.00", "" if is_decided else FIRST)
    if is_decided:
        with store.writing() as session:
            assign_payment(session, 1, {FIRST: Decimal(84)}, "Mina", "appel", MARCH)
    withdraw(store, FIRST)
    assert outcomes(store) == [("waiting", "no_reference" if is_decided else "bill_withdrawn", 0)]
    with store.reading() as session:
        assert session.scalars(select(PaymentRow)).one().decided_by == ""
    assert not any(check(store).invariants.values())


def test_after_a_part_came_back_what_is_asked_is_paid(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST, end_to_end_id="VIR-1")
    tell(store, "30.00", n=2, kind="returned", original_id="VIR-1", reason="AC04", on=date(2026, 3, 12))
    assert said(due_of(store, FIRST)) == ("asks", "30.00", "0.00")
    tell(store, "30.00", FIRST, 3, on=date(2026, 3, 20))
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "0.00")
    tell(store, "54.00", n=4, kind="returned", original_id="VIR-1", reason="AC04", on=date(2026, 3, 22))
    assert said(due_of(store, FIRST)) == ("asks", "54.00", "0.00")
    tell(store, "54.00", FIRST, 5, on=date(2026, 3, 24))
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "0.00")


def test_what_was_paid_too_much_goes_back_first(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "100.00", FIRST, end_to_end_id="VIR-1")
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "16.00")
    tell(store, "10.00", n=2, kind="returned", original_id="VIR-1", on=date(2026, 3, 12))
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "6.00")


def test_a_bill_paid_twice_is_paid_too_much_until_somebody_decides(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    tell(store, "84.00", FIRST, 2, on=date(2026, 3, 12))
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "84.00")
    tell(store, "84.00", n=3, kind="returned", original_id="E2", on=date(2026, 3, 14))
    assert said(due_of(store, FIRST)) == ("paid", "0.00", "0.00")


def test_a_payment_that_a_person_sets_aside_is_asked_again(pipeline: Pipeline, store: Store) -> None:
    send(pipeline, ubl(FIRST))
    tell(store, "84.00", FIRST)
    with store.writing() as session:
        assert ignore_payment(session, 1, "Mina", "une caution", MARCH) == "done"
        assert row_of(session, FIRST).to_pay == Decimal(84), "it is among what is to be paid by hand"


@pytest.mark.parametrize(
    ("paid", "policy", "kind", "left", "is_trifle"),
    [
        ("83.99", "", "asks", "0.01", True),
        ("83.00", "", "asks", "1.00", False),
        ("83.99", "least_reminded = 0", "asks", "0.01", False),
        ("83.99", "tolerance = 0.01", "paid", "0.00", False),
        ("83.98", "tolerance = 0.01", "asks", "0.02", True),
    ],
)
def test_a_cent_that_is_missing_is_asked_and_never_reminded(
    pipeline: Pipeline, store: Store, paid: str, policy: str, kind: str, left: str, *, is_trifle: bool
) -> None:
    send(pipeline, ubl(FIRST))
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", MARCH, f"[policy]\n{policy}\n")
    tell(store, paid, FIRST)
    due = due_of(store, FIRST)
    assert (due.kind, f"{due.left:.2f}", due.is_trifle, due.overpaid) == (kind, left, is_trifle, 0)
    with store.reading() as session:
        row = row_of(session, FIRST)
        assert row.to_pay == due.left
        assert (reminded_of("remind-1", row, due) is None) is (is_trifle or kind == "paid")

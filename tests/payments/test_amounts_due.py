"""What is due of kept bills: their credits are found, whichever came first, and only of feeds that are out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from bill import AmountDue
from doors.feed_drop import drop_feed
from feeds.reference_check import untouched_references
from issuers.registry import add_issuer
from payments.amounts_due import amount_due_of, amounts_due, amounts_left
from pipeline.steps.read_feed import read_feed
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.bills.bills_of_consumer import owed_by_consumer
from store.bills.listed_bill import LISTED, ListedBill
from store.feeds.feed import Feed
from store.feeds.item import findings_of

SAMPLES = Path(__file__).parent.parent / "amounts"
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
TODAY = date(2026, 11, 10)

Drop = Callable[..., None]


@pytest.fixture
def release(store: Store) -> Drop:
    """Reads these samples, feed by feed, and releases them."""
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOW)

    def released(*names: str, **changes: str) -> None:
        for name in names:
            content = (SAMPLES / name).read_text()
            for old, new in changes.items():
                content = content.replace(old.replace("_", "-"), new)
            drop_feed(store, issuer, BytesIO(content.encode()), name, "cli", NOW)
            assert read_feed(store, NOW)

    return released


def due_of(store: Store, number: str, today: date = TODAY) -> AmountDue:
    with store.reading() as session:
        row = the_bill(session, number)
        due = amounts_due(session, [row], today)[row.id]
        whole = amount_due_of(session, row, today)
        assert whole._replace(how=None) == due
        return whole


def rules_of(store: Store, number: str) -> list[str]:
    with store.reading() as session:
        row = the_bill(session, number)
        return [each.rule for each in findings_of(session, row.feed_id) if each.number == number]


def the_bill(session: Session, number: str) -> BillRow:
    row = bill_by_number(session, 1, number)
    assert row is not None
    return row


@pytest.mark.parametrize(
    "order", [("b1-to-be-credited.xml", "b2-credits-b1.xml"), ("b2-credits-b1.xml", "b1-to-be-credited.xml")]
)
def test_the_credited_bill_whichever_came_first(store: Store, release: Drop, order: tuple[str, ...]) -> None:
    release(*order)
    due = due_of(store, "B-1")
    assert (due.kind, due.amount, [each.number for each in due.by]) == ("credited", Decimal(0), ["B-2"])
    assert (due_of(store, "B-2").kind, due_of(store, "B-2").favour) == ("credit", Decimal(120))


def test_after_the_corrective_96_is_asked(store: Store, release: Drop) -> None:
    release("a0.xml", "a1.xml", "corrective-384.xml")
    with store.reading() as session:
        rows = list(session.scalars(select(BillRow)))
        asked = {row.number: amounts_due(session, rows, TODAY)[row.id].amount for row in rows}
    assert asked == {"A-0": Decimal(120), "A-1": Decimal(0), "A-3": Decimal(96)}


def test_a_negative_invoice_is_in_the_customers_favour(store: Store, release: Drop) -> None:
    release("negative-380.xml")
    with store.reading() as session:
        [row] = session.scalars(select(BillRow))
        due = amounts_due(session, [row], TODAY)[row.id]
    assert (due.kind, due.favour, row.to_pay) == ("credit", Decimal(120), Decimal(0))


def test_a_feed_that_is_not_released_touches_nothing(store: Store, release: Drop) -> None:
    release("b1-to-be-credited.xml", "b2-credits-b1.xml")
    with store.writing() as session:
        credit = the_bill(session, "B-2")
        session.execute(update(Feed).where(Feed.id == credit.feed_id).values(state="reading"))
    assert due_of(store, "B-1").kind == "asks"


def test_what_was_known_at_a_moment_is_asked_again_and_is_the_same(store: Store, release: Drop) -> None:
    """A letter that is composed twice is the same letter, whatever came in between."""
    release("b1-to-be-credited.xml", "b2-credits-b1.xml")
    with store.writing() as session:
        row = the_bill(session, "B-1")
        row.said_paid_at = NOW + timedelta(hours=2)
        credit = the_bill(session, "B-2")
        session.execute(update(Feed).where(Feed.id == credit.feed_id).values(released_at=NOW + timedelta(hours=1)))
    with store.reading() as session:
        row = the_bill(session, "B-1")
        kinds = [amounts_due(session, [row], None, NOW + timedelta(hours=n))[row.id].kind for n in (0, 1)]
    assert kinds == ["asks", "credited"]


def test_another_customers_credit_note_touches_nothing(store: Store, release: Drop) -> None:
    release("b1-to-be-credited.xml")
    release("b2-credits-b1.xml", CL_1="CL-2")
    due = due_of(store, "B-1")
    assert (due.kind, [each.number for each in due.ignored]) == ("asks", ["B-2"])
    assert "REFERENCE-CUSTOMER" in rules_of(store, "B-2")


def test_a_credit_note_in_dollars_touches_nothing(store: Store, release: Drop) -> None:
    release("b1-to-be-credited.xml")
    release("b2-credits-b1.xml", EUR="USD")
    assert due_of(store, "B-1").kind == "asks"
    assert "REFERENCE-CURRENCY" in rules_of(store, "B-2")


def test_it_is_told_with_the_bill_where_the_credit_note_came_first(store: Store, release: Drop) -> None:
    release("b2-credits-b1.xml", EUR="USD")
    release("b1-to-be-credited.xml")
    assert "REFERENCE-CURRENCY" in rules_of(store, "B-1")
    assert "REFERENCE-CURRENCY" not in rules_of(store, "B-2")


def test_a_credit_note_that_fits_is_told_nothing(store: Store, release: Drop) -> None:
    release("b1-to-be-credited.xml", "b2-credits-b1.xml")
    assert not [rule for rule in [*rules_of(store, "B-1"), *rules_of(store, "B-2")] if rule.startswith("REFERENCE")]


def test_many_bills_are_asked_about_at_once(store: Store, release: Drop) -> None:
    """As many queries for a page of bills as for one: not one a bill."""
    release("a0.xml", "a1.xml", "corrective-384.xml", "b1-to-be-credited.xml", "b2-credits-b1.xml")
    asked: list[str] = []
    with store.reading() as session:
        rows = list(session.scalars(select(BillRow)))
        event.listen(store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        amounts_due(session, rows, TODAY)
    assert len(asked) <= 5


def test_a_page_of_bills_is_told_what_each_alone_is(store: Store, release: Drop) -> None:
    """Whole rows or the columns of a list, together or one by one: credited, replaced, said to be paid, untouched."""
    release("a0.xml", "a1.xml", "corrective-384.xml", "b1-to-be-credited.xml", "b2-credits-b1.xml")
    with store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "B-1").values(said_paid_at=NOW))
    with store.reading() as session:
        rows = list(session.scalars(select(BillRow)))
        listed = [ListedBill(*row) for row in session.execute(select(*LISTED))]
        alone = {row.id: amounts_due(session, [row], TODAY)[row.id] for row in rows}
        assert amounts_due(session, rows, TODAY) == amounts_due(session, listed, TODAY) == alone
        assert len({due.kind for due in alone.values()}) > 2
        assert amounts_left(session, listed) == amounts_left(session, rows)


def test_what_nobody_told_of_costs_one_statement(store: Store, release: Drop) -> None:
    release("a0.xml")
    asked: list[str] = []
    with store.reading() as session:
        listed = [ListedBill(*row) for row in session.execute(select(*LISTED))]
        event.listen(store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        amounts_due(session, listed, TODAY)
    assert len(asked) == 1


def test_no_question_reads_a_table_through(store: Store, release: Drop, database: str) -> None:
    """Which bills name which is asked by key, however many there are."""
    if database != "sqlite":
        pytest.skip("SQLite says how it goes about a query whatever the tables hold")
    release("a0.xml", "a1.xml", "corrective-384.xml")
    asked: list[tuple[str, object]] = []
    with store.reading() as session:
        rows = list(session.scalars(select(BillRow)))
        event.listen(store.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        amounts_due(session, rows[:1], TODAY)
        amounts_due(session, rows[2:], TODAY)
        untouched_references(session, rows[2].feed_id, [1])
        questions = [each for each in asked if each[0].startswith("SELECT")]
        assert len(questions) > 4
        for question, values in questions:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", values).all()
            assert not [row[3] for row in plan if "SCAN" in row[3] or "ix_feed_state" in row[3]], question


def test_what_alice_said_she_paid(store: Store, release: Drop) -> None:
    release("b1-to-be-credited.xml")
    with store.writing() as session:
        row = the_bill(session, "B-1")
        row.state, row.pdf_sha256 = "rendered", "0" * 64
        alice = Consumer(email="alice@example.org", name="Alice", password_hash="-", signed_up_at=NOW)
        session.add(alice)
        session.flush()
        enrol(session, alice.id, row.account_id, NOW)
        assert [each.number for each in owed_by_consumer(session, alice.id, TODAY)] == ["B-1"]
        row.said_paid_at, row.said_paid = NOW, Decimal(20)
        session.flush()
        assert [each.number for each in owed_by_consumer(session, alice.id, TODAY)] == ["B-1"]
    assert (due_of(store, "B-1").kind, due_of(store, "B-1").amount) == ("asks", Decimal(100))
    with store.writing() as session:
        the_bill(session, "B-1").said_paid = None
        session.flush()
        assert owed_by_consumer(session, 1, TODAY) == []
    assert due_of(store, "B-1").kind == "said_paid"


@pytest.mark.parametrize("name", ["M-1-transfer-then-debit.xml", "M-2-debit-then-transfer.xml"])
def test_a_mandate_anywhere_is_collected(store: Store, release: Drop, name: str) -> None:
    release(name)
    with store.reading() as session:
        [row] = session.scalars(select(BillRow))
        assert (row.to_pay, row.is_collected) == (Decimal(0), True)
        assert amounts_due(session, [row], TODAY)[row.id].kind == "collected"


def test_half_a_cent_goes_up(store: Store, release: Drop) -> None:
    release("M-13-three-decimals.xml")
    with store.reading() as session:
        [row] = session.scalars(select(BillRow))
        assert (row.payable, row.to_pay) == (Decimal("120.005"), Decimal("120.01"))

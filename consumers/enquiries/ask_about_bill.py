"""A holder of a bill's account asks its issuer about it, writes again, or says that it is settled."""

import secrets
from datetime import datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy.orm import Session

from store.base import insert_new
from store.bills.bill import BillRow
from store.bills.bill_enquiry import (
    LONGEST_WORDS,
    Enquiry,
    EnquiryEntry,
    enquiries_about,
    enquiry_by_form,
)
from store.bills.enquiry_subject import EnquirySubject
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.db.state_change import change_state
from store.outbox.account_events import record_bill_event

#: At most so many of one person about one bill that are not closed.
MOST_OPEN: Final = 3
#: At most so many entries in one enquiry.
MOST_ENTRIES: Final = 100

#: `sent`; `again`: this form was sent before (a double click), and nothing is changed. `empty`, `long`: the words.
#: `many`: MOST_OPEN, or MOST_ENTRIES, are reached.
Sent = Literal["sent", "again", "empty", "long", "many"]


class EnquiryAsked(NamedTuple):
    """What became of a question, and the enquiry, where there is one."""

    sent: Sent
    enquiry: Enquiry | None = None


def new_form() -> str:
    """A name for a form, so that it is sent once."""
    return secrets.token_urlsafe(18)


def fault_of(words: str) -> Literal["empty", "long"] | None:
    """What is wrong with the words of an entry; None if nothing is."""
    if not words.strip():
        return "empty"
    return "long" if len(words) > LONGEST_WORDS else None


def ask_about_bill(
    session: Session, bill: BillRow, consumer_id: int, subject: EnquirySubject, words: str, once: str, now: datetime,
    *, disputes: bool = False,
) -> EnquiryAsked:  # fmt: skip
    """Store a question, and tell the issuer's programs. *disputes*: the person disputes the amount, which stays due;
    counts for the subject `amount` only."""
    if fault := fault_of(words):
        return EnquiryAsked(fault)
    session.get_one(BillRow, bill.id, with_for_update=ROW_LOCK)  # two forms at once are counted one after the other
    if (known := enquiry_by_form(session, consumer_id, once)) is not None:
        return EnquiryAsked("again", known)
    mine = enquiries_about(session, consumer_id, bill.id)
    if sum(each.state != "closed" for each in mine) >= MOST_OPEN:
        return EnquiryAsked("many")
    row = {
        "issuer_id": bill.issuer_id, "bill_id": bill.id, "consumer_id": consumer_id, "subject": subject, "once": once,
        "asked_at": now, "waiting_since": now, "answered_at": None, "seen_at": None, "closed_at": None,
        "disputed_at": now if disputes and subject == "amount" else None,
    }  # fmt: skip
    is_new = insert_new(session, Enquiry, [row])
    enquiry = enquiry_by_form(session, consumer_id, once)
    assert enquiry is not None
    if not is_new:  # about another bill, at this moment
        return EnquiryAsked("again", enquiry)
    session.add(EnquiryEntry(enquiry_id=enquiry.id, n=1, name="", words=words, at=now, once=once))
    record(session, "enquiry", enquiry.id, "open", now, by=f"consumer {consumer_id}")
    _tell(session, enquiry, bill, words, now)
    return EnquiryAsked("sent", enquiry)


def write_again(session: Session, enquiry_id: int, words: str, once: str, now: datetime) -> EnquiryAsked:
    """Add a word of the asker: the enquiry waits for the issuer again, whatever its state was."""
    if fault := fault_of(words):
        return EnquiryAsked(fault)
    enquiry = session.get_one(Enquiry, enquiry_id, with_for_update=ROW_LOCK, populate_existing=True)
    if enquiry.entries >= MOST_ENTRIES:
        return EnquiryAsked("many", enquiry)
    entry = {
        "enquiry_id": enquiry.id, "n": enquiry.entries + 1, "staff_id": None, "name": "", "words": words, "at": now,
        "once": once,
    }  # fmt: skip
    if not insert_new(session, EnquiryEntry, [entry]):
        return EnquiryAsked("again", enquiry)
    since = enquiry.waiting_since if enquiry.state == "open" else now
    change_state(
        session, Enquiry, enquiry.id, ["open", "answered", "closed"], "open", now, by=f"consumer {enquiry.consumer_id}",
        entries=Enquiry.entries + 1, waiting_since=since, seen_at=now, closed_at=None,
    )  # fmt: skip
    _tell(session, enquiry, session.get_one(BillRow, enquiry.bill_id), words, now)
    return EnquiryAsked("sent", enquiry)


def settle_enquiry(session: Session, enquiry_id: int, now: datetime) -> bool:
    """Close an enquiry, since its asker says that it is settled. Returns False if it is closed already."""
    enquiry = session.get_one(Enquiry, enquiry_id)
    closed = change_state(
        session, Enquiry, enquiry_id, ["open", "answered"], "closed", now, by=f"consumer {enquiry.consumer_id}",
        closed_at=now,
    )  # fmt: skip
    if closed:
        bill = session.get_one(BillRow, enquiry.bill_id)
        record_bill_event(session, bill, "bill.question_closed", now, question=enquiry.id, actor="holder")
    return closed


def _tell(session: Session, enquiry: Enquiry, bill: BillRow, words: str, now: datetime) -> None:
    record_bill_event(
        session, bill, "bill.question_asked", now, question=enquiry.id, subject=enquiry.subject,
        disputed=enquiry.disputed_at is not None, words=words,
    )  # fmt: skip

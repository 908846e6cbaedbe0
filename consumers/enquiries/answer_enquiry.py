"""A named member of the issuer answers what somebody asks about a bill, or closes it."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.enquiries.ask_about_bill import MOST_ENTRIES, fault_of
from store.base import insert_new
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry, EnquiryEntry
from store.db.row_locks import ROW_LOCK
from store.db.state_change import change_state
from store.outbox.account_events import record_bill_event
from store.staff_member import Staff

#: `answered`; `again`: this form was sent before (a double click). `late`: a colleague answered, the asker wrote again,
#: or it was closed since the page was shown. `nameless`: the asker reads who answers. `many`: MOST_ENTRIES are reached.
Answered = Literal["answered", "again", "late", "nameless", "empty", "long", "many"]


def answer_enquiry(
    session: Session, enquiry_id: int, staff: Staff, name: str, words: str, read: int, once: str, now: datetime
) -> Answered:
    """Store an answer by *staff*, called *name*, who has read *read* entries, and tell the issuer's programs. The name
    is kept for the next answer. Who asked is told elsewhere (`delivery.notices.enquiry_answer`)."""
    if fault := fault_of(words):
        return fault
    if not name:
        return "nameless"
    enquiry = session.get_one(Enquiry, enquiry_id, with_for_update=ROW_LOCK, populate_existing=True)
    if _is_known(session, enquiry, once):
        return "again"
    if enquiry.entries >= MOST_ENTRIES:
        return "many"
    unread = Enquiry.entries == read
    is_mine = change_state(
        session, Enquiry, enquiry_id, ["open", "answered"], "answered", now, unread, by=staff.email,
        entries=Enquiry.entries + 1, answered_at=now, seen_at=None,
    )  # fmt: skip
    if not is_mine:
        return "late"
    entry = {
        "enquiry_id": enquiry_id, "n": read + 1, "staff_id": staff.id, "name": name, "words": words, "at": now,
        "once": once,
    }  # fmt: skip
    insert_new(session, EnquiryEntry, [entry])
    session.get_one(Staff, staff.id).name = name
    bill = session.get_one(BillRow, enquiry.bill_id)
    record_bill_event(session, bill, "bill.question_answered", now, question=enquiry.id, name=name, words=words)
    return "answered"


def close_enquiry(session: Session, enquiry_id: int, by: str, now: datetime) -> bool:
    """Close an enquiry that needs no answer, or no further one. Returns False if it is closed already."""
    closed = change_state(
        session, Enquiry, enquiry_id, ["open", "answered"], "closed", now, by=by, closed_at=now
    )  # fmt: skip
    if closed:
        enquiry = session.get_one(Enquiry, enquiry_id)
        bill = session.get_one(BillRow, enquiry.bill_id)
        record_bill_event(session, bill, "bill.question_closed", now, question=enquiry.id, actor="issuer")
    return closed


def _is_known(session: Session, enquiry: Enquiry, once: str) -> bool:
    query = select(EnquiryEntry.id).where(EnquiryEntry.enquiry_id == enquiry.id, EnquiryEntry.once == once)
    return session.scalar(query) is not None

"""What a bill's page shows of the questions about it: the reader's own, since when its amount is disputed, whom to
call."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal import app_context
from portal.access import current_user
from portal.consumers.notices import kinds_waiting
from portal.presenters.amounts_and_dates import local
from portal.presenters.enquiry_text import state_for_asker, subject_text
from store.accounts.consumer import accounts_of
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry, disputes_of_bills, enquiries_about, entries_of, unread_answers
from store.issuer import Issuer


class EnquiryOnPage(NamedTuple):
    """A question in words."""

    id: int
    subject: str
    state: str
    tone: str
    at: datetime  # of the last word


class UnreadAnswer(NamedTuple):
    """An answer that the visitor has not read: who gave it."""

    enquiry_id: int
    name: str
    issuer: Issuer


def enquiries_on_bill(session: Session, row: BillRow, consumer_id: int) -> dict[str, Any]:
    """Returns the values of the section's template, by name."""
    return {
        "enquiries": [enquiry_on_page(each) for each in enquiries_about(session, consumer_id, row.id)],
        "disputed_since": disputed_since(session, row.id),
    }


def disputed_since(session: Session, bill_id: int) -> date | None:
    """Returns the day from which the amount of a bill is disputed, by whichever of its holders; None if it is not."""
    at = disputes_of_bills(session, [bill_id]).get(bill_id)
    return None if at is None else local(at).date()


def enquiry_on_page(enquiry: Enquiry) -> EnquiryOnPage:
    """Returns a question as its asker reads it in a list."""
    state, tone = state_for_asker(enquiry)
    at = enquiry.answered_at if enquiry.state == "answered" and enquiry.answered_at else enquiry.waiting_since
    return EnquiryOnPage(enquiry.id, subject_text(enquiry), state, tone, at)


def unread() -> list[UnreadAnswer]:
    """Returns the answers that the visitor has not read and can, oldest first: those about bills of the accounts that
    they hold."""
    if not kinds_waiting().of_answers:
        return []
    session, me = app_context.reading(), current_user.consumer_id()
    found = unread_answers(session, me)
    held = {each.id for each in accounts_of(session, me)} if found else set()
    found = [each for each in found if session.get_one(BillRow, each.bill_id).account_id in held]
    entries = entries_of(session, [each.id for each in found])
    return [UnreadAnswer(each.id, entries[each.id][-1].name, session.get_one(Issuer, each.issuer_id)) for each in found]

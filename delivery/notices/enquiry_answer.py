"""A member of an issuer answers a question about a bill, and who asked is told by e-mail, outside their quiet hours.
The answer itself is read in their space."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from consumers.enquiries.answer_enquiry import Answered, answer_enquiry
from delivery.calendar.postal_calendar import Calendar
from delivery.calendar.region_time_zone import time_zone_of
from delivery.notices.notice_preference import preferences_of
from delivery.notices.quiet_hours import after_quiet_hours
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry
from store.job import request_job
from store.staff_member import Staff

#: The job of the e-mail.
JOB: Final = "question_answered"


def answer_and_tell(
    session: Session, enquiry_id: int, staff: Staff, name: str, words: str, read: int, once: str, now: datetime
) -> Answered:
    """Answer (`consumers.enquiries.answer_enquiry`), and tell who asked (wake the workers)."""
    done = answer_enquiry(session, enquiry_id, staff, name, words, read, once, now)
    if done == "answered":
        enquiry = session.get_one(Enquiry, enquiry_id)
        job = request_job(session, JOB, {"enquiry_id": enquiry_id, "entry": read + 1}, now)
        job.due_at = _undisturbed(session, enquiry, now)
    return done


def _undisturbed(session: Session, enquiry: Enquiry, now: datetime) -> datetime:
    """When the asker may be written to: now, or after their quiet hours."""
    account = session.get_one(CustomerAccount, session.get_one(BillRow, enquiry.bill_id).account_id)
    pair = (enquiry.consumer_id, account.id)
    address = account.postal_address
    zone = time_zone_of(address.french_postcode, address.country) or Calendar().time_zone
    return after_quiet_hours(preferences_of(session, [pair])[pair], zone, now)

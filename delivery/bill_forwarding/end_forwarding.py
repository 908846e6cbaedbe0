"""Ends forwarding to an address where its reader, its server or a complaint says so, and tells the owner."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from delivery.bill_forwarding.ask_forward import FORWARD_ASKED
from store.bill_forwarding.forward_address import ForwardAddress, ForwardEnd, end_forward
from store.bill_forwarding.forwarded_bill import FORWARD_BILL
from store.job import Job, request_job

#: Jobs whose mails go to such an address, which is no consumer's.
TO_FORWARD_ADDRESS: Final = frozenset({FORWARD_ASKED, FORWARD_BILL})
#: The job whose mail tells the owner.
FORWARD_ENDED: Final = "forward_ended"


def end_forwarding(session: Session, forward_id: int, why: ForwardEnd, now: datetime, by: str = "road") -> bool:
    """Send nothing there any more and tell the owner by mail. Returns False if it had ended."""
    if not end_forward(session, forward_id, why, now, by):
        return False
    owner_id = session.get_one(ForwardAddress, forward_id).consumer_id
    request_job(session, FORWARD_ENDED, {"consumer_id": owner_id, "forward_id": forward_id}, now)
    return True


def forward_came_back(session: Session, job: Job, why: ForwardEnd, now: datetime) -> bool:
    """The mail of a job in TO_FORWARD_ADDRESS did not arrive for good, or was unwanted. Returns False if that was
    known."""
    return end_forwarding(session, job.particulars["forward_id"], why, now)

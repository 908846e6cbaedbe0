"""Asks the holders of an account for their postal address, by e-mail: the post brought a letter back. In the portal a
notice asks them too, for as long as no other address is known."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from store.accounts.consumer import holders_of
from store.job import request_job

#: The kind of job that sends the e-mail.
JOB: Final = "address_question"


def ask_for_address(session: Session, account_id: int, now: datetime) -> int:
    """Ask every holder who can be mailed. Returns how many. Send the wake-up signal after the commit."""
    mailable = [each for each in holders_of(session, [account_id]).get(account_id, []) if each.can_be_mailed]
    for holder in mailable:
        request_job(session, JOB, {"account_id": account_id, "consumer_id": holder.id}, now)
    return len(mailable)

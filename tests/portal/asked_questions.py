"""Questions about a bill, one of each state: disputed and open, answered and unread, closed."""

from datetime import datetime

from sqlalchemy.orm import Session

from consumers.enquiries.answer_enquiry import answer_enquiry
from consumers.enquiries.ask_about_bill import ask_about_bill, settle_enquiry
from store.bills.bill import BillRow
from store.staff_member import Staff


def ask_questions(session: Session, bill: BillRow, consumer_id: int, now: datetime) -> None:
    """This consumer asks three times about a bill; Claire answers once."""
    claire = Staff(email="claire@lumiere.example", issuer_id=bill.issuer_id, added_at=now, closed_at=now)
    session.add(claire)
    session.flush()
    asked = [
        ask_about_bill(session, bill, consumer_id, "amount", "Pourquoi ?", once, now, disputes=once == "open").enquiry
        for once in ("open", "answered", "closed")
    ]
    for each in asked:
        assert each is not None
        if each.once == "answered":
            answer_enquiry(session, each.id, claire, "Claire", "Parce que.", 1, "again", now)
        elif each.once == "closed":
            settle_enquiry(session, each.id, now)

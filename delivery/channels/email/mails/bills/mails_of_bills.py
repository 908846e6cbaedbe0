"""Finds the e-mails about a bill and its payment: an answer from its issuer, a mandate, a payment that failed."""

from typing import Any, Final

from sqlalchemy.orm import Session

from delivery.channels.email.mails.bills.enquiry_answer import enquiry_answer_words
from delivery.channels.email.mails.bills.failed_payment import failed_payment_words
from delivery.channels.email.mails.bills.mandate_copy import mandate_copy_words
from delivery.channels.email.mails.bills.plan_answer import plan_answer_words
from delivery.channels.email.mails.mail_reader import reader_of_account
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from delivery.notices.enquiry_answer import JOB as QUESTION_ANSWERED
from payments.amounts_due import amounts_due
from store.accounts.consumer import Consumer, is_holder
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry, entries_of
from store.issuer import Issuer
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest


def _mandate(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    mandate = session.get(DebitMandate, int(particulars["mandate_id"]))
    reader = session.get(Consumer, mandate.consumer_id) if mandate else None
    if mandate is None or reader is None or not reader.can_be_mailed:
        return None
    state, issuer = str(particulars["state"]), session.get_one(Issuer, mandate.issuer_id)
    at = mandate.signed_at if state == "signed" else mandate.revoked_at
    assert at is not None
    to = reader_of_account(session, reader, mandate.account_id)
    return reader.email, mandate_copy_words(mandate, state, to, issuer, sending.day_of(at), sending.public_url)


def _plan_answered(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the request was not answered, or who asked holds the account no longer."""
    plan = session.get(PlanRequest, int(particulars["plan_id"]))
    reader = session.get(Consumer, plan.consumer_id) if plan else None
    if plan is None or reader is None or not reader.can_be_mailed or plan.state not in {"granted", "refused"}:
        return None
    bill, issuer = session.get_one(BillRow, plan.bill_id), session.get_one(Issuer, plan.issuer_id)
    if not is_holder(session, bill.account_id, reader.id):
        return None
    to = reader_of_account(session, reader, bill.account_id)
    return reader.email, plan_answer_words(plan, bill, to, issuer, sending.public_url)


def _question_answered(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when who asked has read the answer, or written again, or holds the account no longer."""
    enquiry = session.get(Enquiry, int(particulars["enquiry_id"]))
    reader = session.get(Consumer, enquiry.consumer_id) if enquiry else None
    if enquiry is None or reader is None or not reader.can_be_mailed or not enquiry.is_news:
        return None
    bill = session.get_one(BillRow, enquiry.bill_id)
    if enquiry.entries != particulars["entry"] or not is_holder(session, bill.account_id, reader.id):
        return None
    answer = entries_of(session, [enquiry.id])[enquiry.id][-1]
    to, issuer = reader_of_account(session, reader, bill.account_id), session.get_one(Issuer, enquiry.issuer_id)
    url = f"{sending.public_url}/questions/{sending.ids.of('enquiry', enquiry.id)}"
    return reader.email, enquiry_answer_words(answer, bill, to, issuer, url)


def _payment_failed(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the bill asks for nothing by hand any more, or the person holds its account no longer."""
    reader = session.get(Consumer, int(particulars["consumer_id"]))
    bill = session.get_one(BillRow, int(particulars["bill_id"]))
    if reader is None or not reader.can_be_mailed or not is_holder(session, bill.account_id, reader.id):
        return None
    due = amounts_due(session, [bill], sending.today)[bill.id]
    if not due.is_asking or due.setback is None:
        return None
    to, issuer = reader_of_account(session, reader, bill.account_id), session.get_one(Issuer, bill.issuer_id)
    return reader.email, failed_payment_words(due, bill, to, issuer, sending.public_url)


MAILS_OF_BILLS: Final[MailsOfJobs] = {
    "mandate": _mandate,
    "plan_answered": _plan_answered,
    QUESTION_ANSWERED: _question_answered,
    "payment_failed": _payment_failed,
}

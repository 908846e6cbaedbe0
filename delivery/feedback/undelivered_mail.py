"""Records that an e-mail that brings no bill was not delivered, refused at once or come back later, with its
effects."""

from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from consumers.access_grants.invite_reader import INVITATION_JOB
from delivery.bill_forwarding.end_forwarding import TO_FORWARD_ADDRESS, forward_came_back
from delivery.channels.email.mails.accounts.default_on_notice import note_default_mail
from delivery.feedback.suppress_email_address import suppress_email_address
from delivery.relationship.default_notices import JOB as DEFAULT_NOTICE
from delivery.suitability.question_came_back import question_came_back
from store.access_grants.access_grant import AccessGrant
from store.accounts.consumer import consumer_by_email
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.stopped_mail import YEARLY_QUESTION
from store.bills.bill_enquiry import Enquiry
from store.job import Job
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest

#: Kinds of jobs whose e-mail takes effect by silence: not delivered for any reason, it has not told anything.
SILENCE_COUNTS: Final = frozenset({DEFAULT_NOTICE, YEARLY_QUESTION})


def mail_undelivered(session: Session, job: Job, words: str, now: datetime, *, is_gone: bool) -> bool:
    """Record that a job's e-mail was not delivered. Returns False when that was known.

    A notice by law has told nobody, a question by law was not asked. Where the address does not exist any more
    (*is_gone*), it is suppressed, as after a bill's bounce. *words* is the server's answer.
    """
    if job.kind in TO_FORWARD_ADDRESS:
        return is_gone and forward_came_back(session, job, "bounced", now)
    consumer_id = consumer_mailed(session, job)
    is_new = is_gone and consumer_id is not None and suppress_email_address(session, consumer_id, words, now)
    told = job.particulars
    if job.kind == DEFAULT_NOTICE:
        is_new |= note_default_mail(session, told, now, words)
    elif job.kind == YEARLY_QUESTION:
        due_on = date.fromisoformat(told["due_on"])
        is_new |= question_came_back(session, told["account_id"], told["consumer_id"], due_on, words, now)
    return is_new


def consumer_mailed(session: Session, job: Job) -> int | None:
    """Return the consumer whom a job's e-mail was sent to; None for one to staff."""
    match job.particulars:
        case {"consumer_id": int(consumer_id)}:
            return consumer_id
        case {"notice_id": int(notice_id)}:
            return _consumer_of(session.get(HolderNotice, notice_id))
        case {"mandate_id": int(mandate_id)}:
            return _consumer_of(session.get(DebitMandate, mandate_id))
        case {"plan_id": int(plan_id)}:
            return _consumer_of(session.get(PlanRequest, plan_id))
        case {"enquiry_id": int(enquiry_id)}:
            return _consumer_of(session.get(Enquiry, enquiry_id))
        case {"grant_id": int(grant_id)}:
            return _mailed_of_grant(session, job.kind, session.get(AccessGrant, grant_id))
        case {"email": str(email)}:
            return _with_address(session, email)
    return None


def _consumer_of(row: HolderNotice | DebitMandate | PlanRequest | Enquiry | None) -> int | None:
    return row.consumer_id if row else None


def _mailed_of_grant(session: Session, kind: str, grant: AccessGrant | None) -> int | None:
    if grant is None:
        return None
    return _with_address(session, grant.email) if kind == INVITATION_JOB else grant.owner_id


def _with_address(session: Session, email: str) -> int | None:
    consumer = consumer_by_email(session, email)
    return consumer.id if consumer else None

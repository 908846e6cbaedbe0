"""Takes a person out of what was said: the words that they wrote to issuers, and what others wrote of them. That
something was asked, decided or done, and when, stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from consumers.leaving.erase_traces import bills_followed, clean_rows, deliveries_to, in_parts
from consumers.leaving.erased_words import PersonWords
from consumers.leaving.leaving_step import rows_of
from consumers.leaving.person_words import words_of_person
from store.accounts.account_notice import AccountNotice
from store.accounts.consumer import Enrolment
from store.accounts.holder_dispute import Dispute
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.stated_move import StatedMove
from store.bills.bill_enquiry import Enquiry, EnquiryEntry
from store.db.event import Event
from store.leaving.space_closing import SpaceClosing
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest


def erase_enquiries(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Delete the words of this consumer's questions, and of the answers to them."""
    mine = select(Enquiry.id).where(Enquiry.consumer_id == consumer_id)
    said = update(EnquiryEntry).where(EnquiryEntry.enquiry_id.in_(mine), EnquiryEntry.words != "")
    return rows_of(session.execute(said.values(words=""), execution_options={"synchronize_session": False}))


def erase_requests(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Delete what this consumer wrote in disputes and requests to pay in parts, and clean what was answered."""
    words, erased = words_of_person(session, consumer_id), 0
    for column, whose in ((Dispute.words, Dispute.later_id), (PlanRequest.words, PlanRequest.consumer_id)):
        said = update(column.class_).where(whose == consumer_id, column != "").values({column: ""})
        erased += rows_of(session.execute(said))
    in_dispute = or_(Dispute.later_id == consumer_id, Dispute.earlier_id == consumer_id)
    for row, mine in ((Dispute, in_dispute), (PlanRequest, PlanRequest.consumer_id == consumer_id)):
        erased += clean_rows(
            session.scalars(select(row).where(mine, row.reason_values.is_not(None))), words, "reason_values"
        )
    session.flush()
    return erased


def erase_notices(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Take this consumer's name out of what other holders were told, and out of the trail of each account."""
    words = words_of_person(session, consumer_id)
    accounts = select(Enrolment.account_id).where(Enrolment.consumer_id == consumer_id)
    told = or_(HolderNotice.account_id.in_(accounts), HolderNotice.asker_id == consumer_id)
    named = update(HolderNotice).where(told, HolderNotice.name.in_(words.names)).values(name="")
    erased = rows_of(session.execute(named, execution_options={"synchronize_session": False}))
    trail = select(AccountNotice).where(AccountNotice.account_id.in_(accounts), AccountNotice.words != "")
    erased += clean_rows(session.scalars(trail), words, "words")
    session.flush()
    return erased


def erase_events(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Take this consumer's words out of the reasons of events: of themselves, of their accounts and bills, and of what
    they asked for and signed. Events are never deleted, and `consumer 7` stays a number."""
    words = words_of_person(session, consumer_id)
    erased = clean_events(session, consumer_id, words)
    for subject, ids in (("consumer", [consumer_id]), ("delivery", deliveries_to(session, consumer_id))):
        for some in in_parts(ids):
            query = select(Event).where(Event.subject == subject, Event.subject_id.in_(some))
            erased += clean_rows(session.scalars(query), words.and_any_address(), "why", "reason_values")
    closed = select(SpaceClosing).where(SpaceClosing.consumer_id == consumer_id)
    erased += clean_rows(session.scalars(closed), words, "by")
    session.flush()
    return erased


def clean_events(session: Session, consumer_id: int, words: PersonWords) -> int:
    """Take these words out of the reasons of this consumer's events. Returns how many have changed."""
    cleaned = 0
    for subject, ids in _subjects(session, consumer_id):
        for some in in_parts(ids):
            said = or_(Event.why != "", Event.reason_values.is_not(None), Event.by.contains("("))  # who, and why
            query = select(Event).where(Event.subject == subject, Event.subject_id.in_(some), said)
            cleaned += clean_rows(session.scalars(query), words, "why", "by", "reason_values")
            session.flush()
    return cleaned


def _subjects(session: Session, consumer_id: int) -> Iterable[tuple[str, Sequence[int]]]:
    """Each kind of row whose events may tell of this consumer, with the ids."""
    yield "consumer", [consumer_id]
    yield "delivery", deliveries_to(session, consumer_id)
    yield "account", session.scalars(select(Enrolment.account_id).where(Enrolment.consumer_id == consumer_id)).all()
    yield from (("bill", ids) for ids in bills_followed(session, consumer_id))
    for row, whose in (
        (Dispute, or_(Dispute.later_id == consumer_id, Dispute.earlier_id == consumer_id)),
        (Enquiry, Enquiry.consumer_id == consumer_id), (PlanRequest, PlanRequest.consumer_id == consumer_id),
        (DebitMandate, DebitMandate.consumer_id == consumer_id), (StatedMove, StatedMove.consumer_id == consumer_id),
    ):  # fmt: skip
        yield row.__tablename__, session.scalars(select(row.id).where(whose)).all()

"""Records what came back of an e-mail, once, with its effects.

Nothing changes without a signed return path (`envelope_recipient`), for an e-mail that was never sent or that is not
the one brought back, or after MOST_LATE. Only a refusal that says that the recipient is gone for good, and a complaint,
suppress an address and lead to the next channel, else to paper; anything temporary, and what concerns us, is recorded
and told.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from delivery.channels.email.email_message import one_line
from delivery.channels.email.mail_origin import MailOrigin
from delivery.feedback.bounces.envelope_recipient import first_origin, origin_addressed
from delivery.feedback.bounces.limited_message import open_message
from delivery.feedback.bounces.mail_feedback import FOR_A_PERSON, MOST_LATE, FeedbackKind, MailFeedback
from delivery.feedback.bounces.read_mail_feedback import feedback_of
from delivery.feedback.bounces.record_job_feedback import record_with_job, standing_with_job
from delivery.feedback.bounces.returned_message_id import is_of_another_mail
from delivery.feedback.views_bounces_returns import mail_bounced, mail_complained
from store.accounts.consumer import Enrolment
from store.bills.bill import BillRow
from store.delivery import Attempt, Delivery, record_receipt
from store.heard_mail import HeardStanding, keep_heard_mail, set_standing
from store.job import Job
from store.vault.key_ring import KeyRing

#: The receipt of what does not end a delivery.
_RECEIPTS: Final[dict[FeedbackKind, str]] = {
    "full": "undelivered", "refused": "undelivered", "expired": "undelivered", "delayed": "delayed",
    "delivered": "delivered", "auto_reply": "auto_reply",
}  # fmt: skip
_LONGEST_WORDS: Final = 1000


def hear_message(
    session: Session, keys: KeyRing, raw: bytes, source: str, now: datetime, sent_to: Sequence[str] = ()
) -> HeardStanding:  # fmt: skip
    """Record a message that came back. *source*: `mailbox` or `hook`; *sent_to*: the envelope's recipients, where they
    are known beside the message. Returns what was done."""
    message = open_message(raw)
    feedback = MailFeedback(kind="unclear") if message is None else feedback_of(message)
    origin = first_origin(keys, iter((*sent_to, *feedback.return_paths)))
    if origin is None and message is not None:
        origin = origin_addressed(keys, message)
    return record_feedback(session, feedback, origin, digest_of(raw), source, now)


def set_message_apart(session: Session, raw: bytes, source: str, now: datetime) -> HeardStanding:
    """Record a message for a person to read, without reading it."""
    return record_feedback(session, MailFeedback(kind="unclear"), None, digest_of(raw), source, now)


def digest_of(raw: bytes) -> str:
    """Return the name that a message is kept by."""
    return hashlib.sha256(raw).hexdigest()


def record_feedback(
    session: Session, feedback: MailFeedback, origin: MailOrigin | None, digest: str, source: str, now: datetime
) -> HeardStanding:  # fmt: skip
    """Record what was said of the e-mail that was sent for *origin* (None: there was no signed return path), with its
    effects. *digest* names the message: the same again changes nothing. Returns what was done."""
    feedback = replace(feedback, words=one_line(feedback.words)[:_LONGEST_WORDS])
    sent_for = _sent_for(session, origin)
    standing = _standing_before(session, feedback, sent_for, now)
    row: dict[str, object] = {
        "digest": digest, "heard_at": now, "source": source, "kind": feedback.kind, "standing": standing,
        "delivery_id": sent_for.id if isinstance(sent_for, Delivery) else None,
        "job_id": sent_for.id if isinstance(sent_for, Job) else None, "words": feedback.words, "seen_by": "",
    }  # fmt: skip
    if not keep_heard_mail(session, row):
        return "known"
    if standing == "recorded" and sent_for is not None and not _record(session, feedback, sent_for, now):
        set_standing(session, digest, "known")
        return "known"
    return standing


def _sent_for(session: Session, origin: MailOrigin | None) -> Delivery | Job | None:
    if origin is None:
        return None
    return session.get(Job, origin.id) if origin.kind == "job" else session.get(Delivery, origin.id)


def _standing_before(
    session: Session, feedback: MailFeedback, sent_for: Delivery | Job | None, now: datetime
) -> HeardStanding:
    """Return whether the message is to be recorded with what its e-mail was sent for, or what else is done."""
    if feedback.kind in FOR_A_PERSON:
        return "for_person"
    if sent_for is None:
        return "ignored" if feedback.kind == "auto_reply" else "unsigned"
    if isinstance(sent_for, Job):
        return standing_with_job(session, feedback, sent_for, now)
    sent = [each for each in _attempts(session, sent_for) if each.outcome not in {"refused", "later"}]
    ids, answers = {each.message_id for each in sent}, " ".join(each.answer for each in sent)
    if sent_for.channel != "email" or not sent or is_of_another_mail(feedback.message_ids, ids, answers):
        return "foreign"
    return "late" if max(each.started_at for each in sent) < now - MOST_LATE else "recorded"


def _attempts(session: Session, delivery: Delivery) -> Sequence[Attempt]:
    return session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.n)).all()


def _record(session: Session, feedback: MailFeedback, sent_for: Delivery | Job, now: datetime) -> bool:
    """Record the feedback with what its e-mail was sent for. Returns False if all of it was known."""
    if isinstance(sent_for, Job):
        return record_with_job(session, feedback, sent_for, now)
    if feedback.kind == "gone":
        told = [mail_bounced(session, each, feedback.words, now) for each in _in_same_mail(session, sent_for)]
        return any(told)
    if feedback.kind == "complaint":
        told = [mail_complained(session, each, now, feedback.words) for each in _in_same_mail(session, sent_for)]
        return any(told)
    return record_receipt(session, sent_for.id, _RECEIPTS[feedback.kind], now, feedback.words)


def _in_same_mail(session: Session, delivery: Delivery) -> list[int]:
    """Return the deliveries that went in one e-mail with this one, itself included: those of a digest share its
    Message-ID."""
    ids = [each.message_id for each in _attempts(session, delivery)]
    accounts = select(Enrolment.account_id).where(Enrolment.consumer_id == delivery.person_id)
    others = (
        select(Delivery.id)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(Attempt, Attempt.delivery_id == Delivery.id)
        .where(or_(BillRow.account_id.in_(accounts), BillRow.id == delivery.bill_id))
        .where(Delivery.person_id == delivery.person_id, Delivery.channel == "email", Attempt.message_id.in_(ids))
    )
    return sorted({delivery.id, *session.scalars(others)})

"""Records what came back of an e-mail, once, with its effects.

Nothing changes without a signed return path (`envelope_recipient`), for an e-mail that was never sent or that is not
the one brought back, or after MOST_LATE. Only a refusal that says that the recipient is gone for good, and a complaint,
suppress an address and lead to the next channel, else to paper; anything temporary, and what concerns us, is recorded
and told.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from delivery.channels.email.email_message import one_line
from delivery.feedback.bounces.envelope_recipient import delivery_addressed, first_delivery
from delivery.feedback.bounces.limited_message import open_message
from delivery.feedback.bounces.mail_feedback import FOR_A_PERSON, FeedbackKind, MailFeedback
from delivery.feedback.bounces.read_mail_feedback import feedback_of
from delivery.feedback.views_bounces_returns import mail_bounced, mail_complained
from store.accounts.consumer import Enrolment
from store.bills.bill import BillRow
from store.delivery import Attempt, Delivery, record_receipt
from store.heard_mail import HeardStanding, keep_heard_mail, set_standing
from store.vault.key_ring import KeyRing

#: A relay tries for five days (RFC 5321 4.5.4.1); forwarders add theirs. What comes later changes nothing.
MOST_LATE: Final = timedelta(days=30)
#: The receipt of what does not end a delivery.
_RECEIPTS: Final[dict[FeedbackKind, str]] = {
    "full": "undelivered", "refused": "undelivered", "expired": "undelivered", "delayed": "delayed",
    "delivered": "delivered", "auto_reply": "auto_reply",
}  # fmt: skip
_LONGEST_WORDS: Final = 1000
#: Letters of what a relay calls an e-mail, so that no word of its answer is taken for it.
_SHORTEST_RELAY_ID: Final = 16


def hear_message(
    session: Session, keys: KeyRing, raw: bytes, source: str, now: datetime, sent_to: Sequence[str] = ()
) -> HeardStanding:  # fmt: skip
    """Record a message that came back. *source*: `mailbox` or `hook`; *sent_to*: the envelope's recipients, where they
    are known beside the message. Returns what was done."""
    message = open_message(raw)
    feedback = MailFeedback(kind="unclear") if message is None else feedback_of(message)
    delivery_id = first_delivery(keys, iter((*sent_to, *feedback.return_paths)))
    if delivery_id is None and message is not None:
        delivery_id = delivery_addressed(keys, message)
    return record_feedback(session, feedback, delivery_id, digest_of(raw), source, now)


def set_message_apart(session: Session, raw: bytes, source: str, now: datetime) -> HeardStanding:
    """Record a message for a person to read, without reading it."""
    return record_feedback(session, MailFeedback(kind="unclear"), None, digest_of(raw), source, now)


def digest_of(raw: bytes) -> str:
    """Return the name that a message is kept by."""
    return hashlib.sha256(raw).hexdigest()


def record_feedback(
    session: Session, feedback: MailFeedback, delivery_id: int | None, digest: str, source: str, now: datetime
) -> HeardStanding:  # fmt: skip
    """Record what was said of the e-mail with this signed return path (None: there was none), with its effects.
    *digest* names the message: the same again changes nothing. Returns what was done."""
    feedback = replace(feedback, words=one_line(feedback.words)[:_LONGEST_WORDS])
    delivery = session.get(Delivery, delivery_id) if delivery_id is not None else None
    standing = _standing_before(session, feedback, delivery, now)
    row: dict[str, object] = {
        "digest": digest, "heard_at": now, "source": source, "kind": feedback.kind, "standing": standing,
        "delivery_id": delivery.id if delivery else None, "words": feedback.words, "seen_by": "",
    }  # fmt: skip
    if not keep_heard_mail(session, row):
        return "known"
    if standing == "recorded" and delivery is not None and not _record(session, feedback, delivery, now):
        set_standing(session, digest, "known")
        return "known"
    return standing


def _standing_before(
    session: Session, feedback: MailFeedback, delivery: Delivery | None, now: datetime
) -> HeardStanding:
    """Return whether the message is to be recorded with its delivery, or what else is done."""
    if feedback.kind in FOR_A_PERSON:
        return "for_person"
    if delivery is None:
        return "ignored" if feedback.kind == "auto_reply" else "unsigned"
    sent = [each for each in _attempts(session, delivery) if each.outcome not in {"refused", "later"}]
    if delivery.channel != "email" or not sent or _is_of_another_mail(feedback, sent):
        return "foreign"
    return "late" if max(each.started_at for each in sent) < now - MOST_LATE else "recorded"


def _is_of_another_mail(feedback: MailFeedback, sent: Sequence[Attempt]) -> bool:
    """Whether the report brings back another e-mail than these. A relay that puts its own Message-ID in place of ours
    names it in its answer (Amazon SES: `250 Ok 0102…`, of `<0102…@eu-west-1.amazonses.com>`)."""
    known = {each.message_id for each in sent}
    answers = " ".join(each.answer for each in sent)
    names = [each.strip("<>").partition("@")[0] for each in feedback.message_ids]
    is_relays_own = any(len(name) >= _SHORTEST_RELAY_ID and name in answers for name in names)
    return bool(feedback.message_ids) and known.isdisjoint(feedback.message_ids) and not is_relays_own


def _attempts(session: Session, delivery: Delivery) -> Sequence[Attempt]:
    return session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.n)).all()


def _record(session: Session, feedback: MailFeedback, delivery: Delivery, now: datetime) -> bool:
    """Record the feedback with its delivery. Returns False if all of it was known."""
    if feedback.kind == "gone":
        told = [mail_bounced(session, each, feedback.words, now) for each in _in_same_mail(session, delivery)]
        return any(told)
    if feedback.kind == "complaint":
        told = [mail_complained(session, each, now, feedback.words) for each in _in_same_mail(session, delivery)]
        return any(told)
    return record_receipt(session, delivery.id, _RECEIPTS[feedback.kind], now, feedback.words)


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

"""Records what came back of an e-mail that brings no bill: a notice, a question, a confirmation, with its effects."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from delivery.bill_forwarding.end_forwarding import TO_FORWARD_ADDRESS, forward_came_back
from delivery.channels.email.mail_origin import origin_of_message
from delivery.feedback.bounces.mail_feedback import MOST_LATE, FeedbackKind, MailFeedback
from delivery.feedback.bounces.returned_message_id import is_of_another_mail
from delivery.feedback.invitation_came_back import INVITATION_MAILS, invitation_came_back
from delivery.feedback.suppress_email_address import suppress_email_address
from delivery.feedback.undelivered_mail import SILENCE_COUNTS, consumer_mailed, mail_undelivered
from store.accounts.consumer import UNWANTED
from store.heard_mail import HeardStanding
from store.job import Job

#: What says that the e-mail was not delivered and will not be.
_UNDELIVERED: Final[frozenset[FeedbackKind]] = frozenset({"gone", "full", "refused", "expired"})


def standing_with_job(session: Session, feedback: MailFeedback, job: Job, now: datetime) -> HeardStanding:
    """Return whether the message is to be recorded with its job, or what else is done.

    A temporary answer says nothing of the address; of an e-mail whose silence counts it is recorded all the same where
    it is the last word. What does not reach staff waits for a person.
    """
    if job.attempts == 0 or _is_another(feedback, job):
        return "foreign"
    if job.sent_at is not None and job.sent_at < now - MOST_LATE:
        return "late"
    if job.kind in TO_FORWARD_ADDRESS or job.kind in INVITATION_MAILS:
        return "recorded" if feedback.kind in {"gone", "complaint"} else "ignored"
    if consumer_mailed(session, job) is None:
        return "for_person" if feedback.kind in _UNDELIVERED else "ignored"
    is_effective = feedback.kind in {"gone", "complaint"} or (
        feedback.kind in _UNDELIVERED and job.kind in SILENCE_COUNTS
    )
    return "recorded" if is_effective else "ignored"


def _is_another(feedback: MailFeedback, job: Job) -> bool:
    ours = [each for each in feedback.message_ids if origin_of_message(each) == ("job", job.id)]
    return is_of_another_mail(feedback.message_ids, ours, job.answer)


def record_with_job(session: Session, feedback: MailFeedback, job: Job, now: datetime) -> bool:
    """Record the feedback's effects. Returns False if all of it was known."""
    if job.kind in TO_FORWARD_ADDRESS:
        return forward_came_back(session, job, "unwanted" if feedback.kind == "complaint" else "bounced", now)
    if job.kind in INVITATION_MAILS:
        return invitation_came_back(session, job, "unwanted" if feedback.kind == "complaint" else "came_back", now)
    if feedback.kind != "complaint":
        return mail_undelivered(session, job, feedback.words, now, is_gone=feedback.kind == "gone")
    consumer_id = consumer_mailed(session, job)
    return consumer_id is not None and suppress_email_address(session, consumer_id, UNWANTED, now)

"""Sends the e-mails that jobs ask for, each one's address and words found when it leaves (`mails`)."""

from datetime import datetime
from typing import Final

from bill import Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.mails.accounts.default_on_notice import note_default_mail
from delivery.channels.email.mails.accounts.mails_of_accounts import MAILS_OF_ACCOUNTS
from delivery.channels.email.mails.bills.mails_of_bills import MAILS_OF_BILLS
from delivery.channels.email.mails.own_copies.mails_of_own_copies import MAILS_OF_OWN_COPIES
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from delivery.channels.email.mails.sign_in.mails_of_sign_in import MAILS_OF_SIGN_IN
from delivery.channels.email.mails.space.mails_of_space import MAILS_OF_SPACE
from delivery.channels.email.mails.staff.mails_of_staff import MAILS_OF_STAFF
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.provider_health import ProviderHealth
from delivery.feedback.undelivered_mail import mail_undelivered
from delivery.relationship.default_notices import JOB as DEFAULT_NOTICE
from store import Store
from store.job import Job, finish_job, postpone_job, retry_job

MAILS: Final[MailsOfJobs] = {
    **MAILS_OF_SIGN_IN, **MAILS_OF_SPACE, **MAILS_OF_STAFF, **MAILS_OF_ACCOUNTS, **MAILS_OF_BILLS,
    **MAILS_OF_OWN_COPIES,
}  # fmt: skip


def run_mail_job(
    store: Store, job: Job, post: MailTransport, public_url: str, now: datetime,
    relay: ProviderHealth | None = None, calendar: Calendar | None = None,
) -> None:  # fmt: skip
    """Send the e-mail of one claimed job and finish, postpone or retry the job.

    While the mail server is down or busy the job is postponed, however long that lasts; another failure is retried; a
    refusal, or a job whose person is gone, finishes it with the reason. *relay* records whether the server answered;
    *calendar* tells on which day a moment is.
    """
    relay = relay or ProviderHealth()
    mail = _mail_of(store, job, Sending(public_url, calendar or Calendar(), now, store.keys, store.public_ids))
    if mail is None:
        with store.writing() as session:
            finish_job(session, job.id, why=Reason("email_moot"))
        return
    to, words = mail
    try:
        said = post.send(write_mail(words, post.sender, to, f"<e{job.id}@{post.host}>", now), to)
    except DeliveryError as error:
        relay.record_result(error.kind, now)
        _note_failure(store, job, error, now)
        return
    finally:
        post.hang_up()
    relay.record_success()
    with store.writing() as session:
        finish_job(session, job.id, said, sent_at=now)
        if job.kind == DEFAULT_NOTICE:
            note_default_mail(session, job.particulars, now, None)


def _mail_of(store: Store, job: Job, sending: Sending) -> Mail | None:
    """The address to write to and the text, or None when the e-mail makes no sense any more."""
    with store.reading() as session:
        return MAILS[job.kind](session, job.particulars, sending) if job.kind in MAILS else None


def _note_failure(store: Store, job: Job, error: DeliveryError, now: datetime) -> None:
    with store.writing() as session:
        if error.kind == "refused":
            finish_job(session, job.id, why=Reason.of("email_not_taken", answer=str(error)))
            mail_undelivered(session, job, str(error), now, is_gone=True)
        else:
            later = postpone_job if error.kind in {"down", "busy"} else retry_job
            later(session, job, now, Reason.of("email_later", answer=str(error)))

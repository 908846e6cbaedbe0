"""Sends the e-mails that jobs ask for: each one's address and words are found when it leaves."""

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.mails.accounts.default_on_notice import note_default_mail
from delivery.channels.email.mails.accounts.mails_of_accounts import MAILS_OF_ACCOUNTS
from delivery.channels.email.mails.bills.mails_of_bills import MAILS_OF_BILLS
from delivery.channels.email.mails.own_copies.mails_of_own_copies import MAILS_OF_OWN_COPIES
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from delivery.channels.email.mails.sign_in.mails_of_sign_in import MAILS_OF_SIGN_IN
from delivery.channels.email.mails.space.mails_of_space import MAILS_OF_SPACE
from delivery.channels.email.mails.staff.mails_of_staff import MAILS_OF_STAFF
from delivery.channels.email.send_job_email import send_job_email
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.provider_health import ProviderHealth
from delivery.feedback.undelivered_mail import mail_undelivered
from delivery.relationship.default_notices import JOB as DEFAULT_NOTICE
from store import Store
from store.job import Job

MAILS: Final[MailsOfJobs] = {
    **MAILS_OF_SIGN_IN, **MAILS_OF_SPACE, **MAILS_OF_STAFF, **MAILS_OF_ACCOUNTS, **MAILS_OF_BILLS,
    **MAILS_OF_OWN_COPIES,
}  # fmt: skip


def run_mail_job(
    store: Store, job: Job, post: MailTransport, public_url: str, now: datetime,
    relay: ProviderHealth | None = None, calendar: Calendar | None = None,
) -> None:  # fmt: skip
    """Send the e-mail of one claimed job (`send_job_email`); a job whose person is gone is finished without it.
    *calendar* tells on which day a moment is."""
    found = _mail_of(store, job, Sending(public_url, calendar or Calendar(), now, store.keys, store.public_ids))
    mail = found and (found[0], partial(write_mail, found[1], post.sender, found[0], f"<e{job.id}@{post.host}>", now))

    def left(session: Session) -> None:
        if job.kind == DEFAULT_NOTICE:
            note_default_mail(session, job.particulars, now, None)

    def came_back(session: Session, words: str) -> None:
        mail_undelivered(session, job, words, now, is_gone=True)

    send_job_email(store, job, mail, post, now, relay or ProviderHealth(), came_back=came_back, left=left)


def _mail_of(store: Store, job: Job, sending: Sending) -> Mail | None:
    """The address to write to and the text, or None when the e-mail makes no sense any more."""
    with store.reading() as session:
        return MAILS[job.kind](session, job.particulars, sending) if job.kind in MAILS else None

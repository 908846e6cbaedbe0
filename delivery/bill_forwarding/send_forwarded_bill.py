"""Sends one bill to an address that it is forwarded to, for a claimed background job.

It is no delivery: nobody is counted as told, a look at the PDF is no look, and paper goes by its own deadline.
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from bill import Reason
from delivery.bill_forwarding.end_forwarding import forward_came_back
from delivery.bill_forwarding.forward_mails import forwarded_bill_words
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.attached_file import with_attachment
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.provider_health import ProviderHealth
from store import Store
from store.accounts.consumer import Consumer, accounts_of
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import PRESENTABLE, BillRow
from store.issuer import Issuer
from store.job import Job, finish_job, postpone_job, retry_job

#: Bytes of a PDF that is attached; in a mail it grows by a third, and many servers take 10 MB.
LARGEST_ATTACHED: Final = 7_000_000


class _Mail(NamedTuple):
    to: str
    words: EmailText
    pdf: bytes | None
    file_name: str


def run_forward_job(
    store: Store, job: Job, post: MailTransport, public_url: str, now: datetime, relay: ProviderHealth | None = None
) -> None:
    """Send the mail of one claimed job and finish, postpone or retry it, as `run_mail_job` does. A bill whose address
    has ended, or whose account the owner has left, is not sent."""
    relay = relay or ProviderHealth()
    with store.reading() as session:
        mail = _mail(store, session, job, public_url)
    if mail is None:
        with store.writing() as session:
            finish_job(session, job.id, why=Reason("email_moot"))
        return
    message = write_mail(mail.words, post.sender, mail.to, f"<e{job.id}@{post.host}>", now)
    if mail.pdf is not None:
        message = with_attachment(message, mail.pdf, mail.file_name, "pdf")
    try:
        said = post.send(message, mail.to)
    except DeliveryError as error:
        relay.record_result(error.kind, now)
        _not_taken(store, job, error, now)
        return
    finally:
        post.hang_up()
    relay.record_success()
    with store.writing() as session:
        finish_job(session, job.id, said, sent_at=now)


def _not_taken(store: Store, job: Job, error: DeliveryError, now: datetime) -> None:
    with store.writing() as session:
        if error.kind == "refused":
            finish_job(session, job.id, why=Reason.of("email_not_taken", answer=str(error)))
            forward_came_back(session, job, "bounced", now)
        else:
            later = postpone_job if error.kind in {"down", "busy"} else retry_job
            later(session, job, now, Reason.of("email_later", answer=str(error)))


def _mail(store: Store, session: Session, job: Job, public_url: str) -> _Mail | None:
    forward = session.get(ForwardAddress, job.particulars["forward_id"])
    bill = session.get(BillRow, job.particulars["bill_id"])
    if forward is None or forward.state != "confirmed" or bill is None or bill.state not in PRESENTABLE:
        return None
    owner = session.get_one(Consumer, forward.consumer_id)
    if bill.account_id not in {each.id for each in accounts_of(session, owner.id)}:
        return None
    is_attached = bill.pdf_size is not None and bill.pdf_size <= LARGEST_ATTACHED
    issuer = session.get_one(Issuer, bill.issuer_id)
    words = forwarded_bill_words(forward, owner, bill, issuer, store.keys, public_url, is_attached=is_attached)
    pdf = store.archive(session).pdf(bill) if is_attached else None
    return _Mail(forward.email, words, pdf, f"{issuer.name} {bill.number}.pdf")

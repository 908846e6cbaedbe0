"""Sends one bill to an address that it is forwarded to, for a claimed background job.

It is no delivery: nobody is counted as told, a look at the PDF is no look, and paper goes by its own deadline.
"""

from collections.abc import Callable
from datetime import datetime
from email.message import Message
from typing import Final

from sqlalchemy.orm import Session

from delivery.bill_forwarding.end_forwarding import forward_came_back
from delivery.bill_forwarding.forward_mails import forwarded_bill_words
from delivery.channels.email.attached_file import with_attachment
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.send_job_email import send_job_email
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.provider_health import ProviderHealth
from store import Store
from store.accounts.consumer import Consumer, accounts_of
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import PRESENTABLE, BillRow
from store.issuer import Issuer
from store.job import Job

#: Bytes of a PDF that is attached; in a mail it grows by a third, and many servers take 10 MB.
LARGEST_ATTACHED: Final = 7_000_000


def run_forward_job(
    store: Store, job: Job, post: MailTransport, public_url: str, now: datetime, relay: ProviderHealth | None = None
) -> None:
    """Send the mail of one claimed job (`send_job_email`). A bill whose address
    has ended, or whose account the owner has left, is not sent."""
    with store.reading() as session:
        mail = _mail(store, session, job, post, public_url, now)

    def came_back(session: Session, _: str) -> None:
        forward_came_back(session, job, "bounced", now)

    send_job_email(store, job, mail, post, now, relay or ProviderHealth(), came_back=came_back)


def _mail(
    store: Store, session: Session, job: Job, post: MailTransport, public_url: str, now: datetime
) -> tuple[str, Callable[[], Message]] | None:
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

    def message() -> Message:
        mail = write_mail(words, post.sender, forward.email, f"<e{job.id}@{post.host}>", now)
        return mail if pdf is None else with_attachment(mail, pdf, f"{issuer.name} {bill.number}.pdf", "pdf")

    return forward.email, message

"""Sends one e-mail for a claimed background job, and finishes, postpones or retries the job."""

from collections.abc import Callable
from datetime import datetime
from email.message import Message

from sqlalchemy.orm import Session

from bill import Reason
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.provider_health import ProviderHealth
from store import Store
from store.job import Job, finish_job, postpone_job, retry_job


def send_job_email(
    store: Store, job: Job, mail: tuple[str, Callable[[], Message]] | None, post: MailTransport, now: datetime,
    relay: ProviderHealth, *, came_back: Callable[[Session, str], None], left: Callable[[Session], None] | None = None,
) -> None:  # fmt: skip
    """Write and send *mail*, an address and what writes the message; None finishes the job, as its e-mail makes no
    sense any more.

    While the mail server is down or busy the job is postponed, however long that lasts; another failure is retried; a
    refusal finishes it with the reason. *left*, and *came_back* with the server's words, are called in the transaction
    that finishes it; *relay* records whether the server answered.
    """
    if mail is None:
        with store.writing() as session:
            finish_job(session, job.id, why=Reason("email_moot"))
        return
    to, write = mail
    try:
        said = post.send(write(), to)
    except DeliveryError as error:
        relay.record_result(error.kind, now)
        _not_taken(store, job, error, now, came_back)
        return
    finally:
        post.hang_up()
    relay.record_success()
    with store.writing() as session:
        finish_job(session, job.id, said, sent_at=now)
        if left is not None:
            left(session)


def _not_taken(
    store: Store, job: Job, error: DeliveryError, now: datetime, came_back: Callable[[Session, str], None]
) -> None:
    with store.writing() as session:
        if error.kind == "refused":
            finish_job(session, job.id, why=Reason.of("email_not_taken", answer=str(error)))
            came_back(session, str(error))
        else:
            later = postpone_job if error.kind in {"down", "busy"} else retry_job
            later(session, job, now, Reason.of("email_later", answer=str(error)))

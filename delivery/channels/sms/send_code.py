"""Sends the SMS with the code that confirms a phone, which somebody waits for."""

from datetime import datetime

from bill import Reason
from consumers.confirm_phone import phone_code
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.sms.send_due_sms import SmsRoute
from delivery.channels.sms.sms_provider import Sms
from delivery.channels.sms.sms_text import confirmation_text
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.phone import Phone
from store.job import Job, finish_job, postpone_job, retry_job


def run_code_job(store: Store, job: Job, route: SmsRoute, now: datetime) -> None:
    """Send the code of one claimed job and finish, postpone or retry the job, as an e-mail that somebody waits for. A
    code that is no longer valid is not sent."""
    with store.reading() as session:
        phone = session.get(Phone, job.particulars["consumer_id"])
        reader = session.get(Consumer, job.particulars["consumer_id"])
    is_moot = phone is None or reader is None or phone.nonce != job.particulars["nonce"] or phone.code_until <= now
    if is_moot or route.provider is None:
        _finish(store, job, why=Reason("sms_moot"))
        return
    assert phone is not None
    assert reader is not None
    text = confirmation_text(phone_code(store.keys, phone), reader.language)
    try:
        receipt = route.provider.send(Sms(to=phone.number, text=text, reference=f"c{job.id}-{phone.nonce}"))
    except DeliveryError as error:
        route.health.record_result(error.kind, now)
        _note_failure(store, job, error, now)
        return
    finally:
        route.provider.hang_up()
    route.health.record_success()
    _finish(store, job, receipt.words)


def _note_failure(store: Store, job: Job, error: DeliveryError, now: datetime) -> None:
    if error.permanent:
        _finish(store, job, why=Reason.of("sms_not_taken", answer=str(error)))
        return
    later = postpone_job if error.kind in {"down", "busy"} else retry_job
    with store.writing() as session:
        later(session, job, now, Reason.of("sms_later", answer=str(error)))


def _finish(store: Store, job: Job, answer: str = "", why: Reason | None = None) -> None:
    with store.writing() as session:
        finish_job(session, job.id, answer, *([why] if why else []))

"""Finds the e-mails about signing in: who gets them, and by which link they go on."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from consumers.lose_second_factor import JOB as LOST_FACTOR
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from delivery.channels.email.mails.sign_in.linked_identity import linked_identity_words
from delivery.channels.email.mails.sign_in.new_device import new_device_words
from delivery.channels.email.mails.sign_in.second_factor_emails import factor_changed_mail, lost_factor_mail
from delivery.channels.email.mails.sign_in.sign_in_emails import already_words, confirmation_words, reset_words
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import (
    confirmation_link,
    reset_link,
    staff_unknown_device_link,
    unknown_device_link,
)
from store.accounts.sign_up import SignUp
from store.sign_in.new_device import NEW_DEVICE
from store.sign_in.second_factors import FACTOR_CHANGED
from store.staff_member import Staff
from words.catalogue import known_language


def _already(_: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    return str(particulars["email"]), already_words(sending.public_url)


def _confirm(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when what was to be confirmed is over."""
    consumer = _living(session, particulars)
    if consumer is None:
        return None
    epoch = _epoch(consumer, particulars)
    asker = consumer if consumer.confirmed_at is not None else session.get(SignUp, (consumer.id, epoch))
    if asker is None:
        return None
    url = f"{sending.public_url}/inscription/confirmer/{confirmation_link(sending.keys, consumer, epoch)}"
    return consumer.email, confirmation_words(asker, url)


def _reset(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    consumer = _living(session, particulars)
    if consumer is None:
        return None
    link = reset_link(sending.keys, consumer, _epoch(consumer, particulars))
    return consumer.email, reset_words(consumer.language, f"{sending.public_url}/mot-de-passe/{link}")


def _living(session: Session, particulars: dict[str, Any]) -> Consumer | None:
    consumer = session.get(Consumer, int(particulars["consumer_id"]))
    return consumer if consumer is not None and not consumer.is_erased else None


def _epoch(consumer: Consumer, particulars: dict[str, Any]) -> int:
    """A link is valid for the password epoch in which it was asked for, whatever happened since."""
    return int(particulars.get("epoch", consumer.session_epoch))


def _identity_linked(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    reader = session.get(Consumer, int(particulars["consumer_id"]))
    if reader is None or not reader.can_be_mailed:
        return None
    url, language = f"{sending.public_url}/profil/identites", known_language(reader.language)
    return reader.email, linked_identity_words(reader.name, particulars["provider"], url, language)


def _new_device(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    if "staff_id" in particulars:
        return _new_device_of_staff(session, particulars, sending)
    reader = session.get(Consumer, int(particulars["consumer_id"]))
    if reader is None or not reader.can_be_mailed:
        return None
    link = unknown_device_link(sending.keys, reader, int(particulars["session_id"]))
    url, language = f"{sending.public_url}/appareil-inconnu/{link}", known_language(reader.language)
    return reader.email, new_device_words(reader.name, particulars["device"], _at(particulars, sending), url, language)


def _new_device_of_staff(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    staff = session.get(Staff, int(particulars["staff_id"]))
    if staff is None or staff.closed_at is not None:
        return None
    link = staff_unknown_device_link(sending.keys, staff, int(particulars["session_id"]))
    url, language = f"{sending.public_url}/equipe/appareil-inconnu/{link}", known_language(staff.language)
    return staff.email, new_device_words("", particulars["device"], _at(particulars, sending), url, language)


def _at(particulars: dict[str, Any], sending: Sending) -> datetime:
    return sending.local(datetime.fromisoformat(particulars["at"]))


MAILS_OF_SIGN_IN: Final[MailsOfJobs] = {
    "already_signed_up": _already,
    "confirm": _confirm,
    "reset": _reset,
    "identity_linked": _identity_linked,
    NEW_DEVICE: _new_device,
    LOST_FACTOR: lost_factor_mail,
    FACTOR_CHANGED: factor_changed_mail,
}

"""Finds the e-mails about a person's space itself: its address changes, it is closed."""

from typing import Any, Final

from sqlalchemy.orm import Session

from consumers.email_address.change_email import TO_NEW, TO_OLD, TO_TAKEN
from consumers.leaving.close_space import JOB as SPACE_CLOSED
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from delivery.channels.email.mails.space.changed_address import (
    address_asked_words,
    address_changed_words,
    confirm_address_words,
    taken_address_words,
)
from delivery.channels.email.mails.space.closed_space import closed_space_words
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import email_back_link, email_change_link
from store.leaving.email_change import TIME_TO_TAKE_BACK, EmailChange
from store.leaving.space_closing import closing_of


def _closed(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the space is open again, or its person is erased or cannot be e-mailed."""
    consumer_id = int(particulars["consumer_id"])
    reader, closing = session.get_one(Consumer, consumer_id), closing_of(session, consumer_id)
    if closing is None or not reader.can_be_mailed:
        return None
    erased_on = sending.day_of(closing.erase_at) if closing.erase_at > sending.now else None
    return reader.email, closed_space_words(reader, sending.day_of(closing.closed_at), erased_on, sending.public_url)


def _to_new(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the change is not pending any more."""
    change = _change(session, particulars)
    if change is None or not change.may_be_confirmed(sending.now):
        return None
    url = f"{sending.public_url}/adresse/confirmer/{email_change_link(sending.keys, change.id)}"
    return change.new_email, confirm_address_words(_language(session, change), url)


def _to_taken(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    change = _change(session, particulars)
    if change is None:
        return None
    return change.new_email, taken_address_words(_language(session, change), sending.public_url)


def _to_old(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the change is not in this state any more."""
    change = _change(session, particulars)
    if change is None or change.state != particulars["state"]:
        return None
    reader = session.get_one(Consumer, change.consumer_id)
    url = f"{sending.public_url}/adresse/annuler/{email_back_link(sending.keys, change.id)}"
    if change.confirmed_at is None:
        on = sending.day_of(change.asked_at)
        return change.old_email, address_asked_words(reader.name, reader.language, on, url)
    until = sending.day_of(change.confirmed_at + TIME_TO_TAKE_BACK)
    return change.old_email, address_changed_words(reader.name, reader.language, until, url)


def _change(session: Session, particulars: dict[str, Any]) -> EmailChange | None:
    return session.get(EmailChange, int(particulars["change_id"]))


def _language(session: Session, change: EmailChange) -> str:
    return session.get_one(Consumer, change.consumer_id).language


MAILS_OF_SPACE: Final[MailsOfJobs] = {
    SPACE_CLOSED: _closed, TO_NEW: _to_new, TO_TAKEN: _to_taken, TO_OLD: _to_old,
}  # fmt: skip

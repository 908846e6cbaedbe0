"""A person changes their e-mail address: the new mailbox confirms, the old one is told at once and may stop it, or
take the space back within 72 hours after. Nobody but the new mailbox learns whether its address has a space already."""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from consumers.email_address.end_new_openings import end_new_openings
from consumers.leaving.close_space import restore_space
from store.access_grants.access_grant import move_invitations
from store.accounts.consumer import Consumer, consumer_by_email
from store.accounts.push_subscription import end_all_devices
from store.accounts.sign_up import forget_sign_ups
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.job import request_job
from store.leaving.email_change import EmailChange, stop_pending
from store.outbox.email_confirmed import tell_email_confirmed

#: The jobs that mail the new address: to confirm, or that it has a space already; and the old address: what is asked,
#: and then that it was done.
TO_NEW: Final = "email_change"
TO_TAKEN: Final = "email_change_taken"
TO_OLD: Final = "email_change_told"

Undone = Literal["stopped", "taken_back"]


def ask_change(session: Session, consumer_id: int, new_email: str, now: datetime) -> bool:
    """Ask for another address, in its stored form; it takes the place of one that was asked for before. Returns False
    if it is theirs already. Wake the workers."""
    consumer = session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    taken = consumer_by_email(session, new_email)
    if taken is not None and taken.id == consumer_id:
        return False
    stop_pending(session, consumer_id, now, "replaced")
    change = EmailChange(
        consumer_id=consumer_id, old_email=consumer.email, new_email=new_email, asked_at=now,
        old_failed_at=consumer.mail_failed_at, old_failure=consumer.mail_failure,
    )  # fmt: skip
    session.add(change)
    session.flush()
    is_taken = taken is not None and taken.confirmed_at is not None
    request_job(session, TO_TAKEN if is_taken else TO_NEW, {"change_id": change.id}, now)
    request_job(session, TO_OLD, {"change_id": change.id, "state": "pending"}, now)
    record(session, "consumer", consumer_id, "email change asked", now, by=f"consumer {consumer_id}")
    return True


def confirm_change(session: Session, change_id: int, now: datetime) -> Consumer | None:
    """The new mailbox confirms. Sessions end, and so do the links in mails to the old address. Returns None if it was
    stopped, is too late, or the address has a space of its own. Wake the workers."""
    found = _locked(session, change_id)
    if found is None or not found[0].may_be_confirmed(now) or not _free(session, found[0].new_email, found[1]):
        return None
    change, consumer = found
    change.state, change.confirmed_at = "confirmed", now
    change.old_failed_at, change.old_failure = consumer.mail_failed_at, consumer.mail_failure
    _move(session, consumer, change.new_email, None, "")
    session.flush()
    record(session, "consumer", consumer.id, "email changed", now, by="the link of a mail")
    tell_email_confirmed(session, consumer.id, now)
    request_job(session, TO_OLD, {"change_id": change.id, "state": "confirmed"}, now)
    return consumer


def undo_change(session: Session, change_id: int, now: datetime) -> Undone | None:
    """The old mailbox stops the change, or takes the space back: whoever had it since is signed out, has no
    password and keeps nothing that opens it; the mail that chooses another goes to the old address. Returns None if it
    is too late."""
    found = _locked(session, change_id)
    if found is None:
        return None
    change, consumer = found
    if change.may_be_confirmed(now):
        stop_pending(session, consumer.id, now, "stopped")
        return "stopped"
    if not change.may_be_taken_back(now) or not _free(session, change.old_email, consumer):
        return None
    later = (EmailChange.consumer_id == consumer.id, EmailChange.id > change.id)
    session.execute(update(EmailChange).where(*later).values(state="replaced"))
    change.state = "taken_back"
    _move(session, consumer, change.old_email, change.old_failed_at, change.old_failure)
    consumer.password_hash = ""
    session.flush()
    end_all_devices(session, consumer.id, now)
    end_new_openings(session, consumer.id, change.asked_at, now)
    restore_space(session, consumer.id, now)
    record(session, "consumer", consumer.id, "email taken back", now, by="the link of a mail")
    request_job(session, "reset", {"consumer_id": consumer.id, "epoch": consumer.session_epoch}, now)
    return "taken_back"


def _locked(session: Session, change_id: int) -> tuple[EmailChange, Consumer] | None:
    """The change with its consumer, whose row is locked: of two links at once one is first."""
    change = session.get(EmailChange, change_id)
    if change is None:
        return None
    consumer = session.get_one(Consumer, change.consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    session.refresh(change)
    return None if consumer.is_erased else (change, consumer)


def _free(session: Session, email: str, consumer: Consumer) -> bool:
    """Let this consumer have the address. Who signed up with it and never confirmed loses it: the mailbox has spoken.
    Returns False if it has a space of its own."""
    other = consumer_by_email(session, email)
    if other is None or other.id == consumer.id:
        return True
    if other.confirmed_at is not None:
        return False
    other.email = f"unconfirmed {other.id}"
    forget_sign_ups(session, other.id)
    session.flush()
    return True


def _move(session: Session, consumer: Consumer, email: str, failed_at: datetime | None, failure: str) -> None:
    """What is known of a mailbox is of that mailbox; invitations to read somebody's bills wait for the person. The
    epoch ends sessions, and links to the mailbox before."""
    move_invitations(session, consumer.email, email)
    consumer.email, consumer.mail_failed_at, consumer.mail_failure = email, failed_at, failure
    consumer.session_epoch += 1

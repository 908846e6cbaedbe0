"""Sends the e-mails that are due: notices and reminders. Bills that are ready are presented in the portal before.

No transaction is open while the mail server is asked. A group of e-mails is leased; each attempt is committed before
sending and its outcome after, so a killed process leaves at most one e-mail in doubt. One transaction an e-mail records
both the last outcome and the next attempt. A notice that goes in its reader's digest is sent with the others of that
person (`begin_digest`).
"""

import logging
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from email.message import Message
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.email.attempt_log import (
    Outcome,
    begin_attempt,
    end_attempt,
    is_lost,
    lease_deliveries,
    release_leases,
    reset_lost_attempts,
)
from delivery.channels.email.begin_digest import begin_digest
from delivery.channels.email.email_message import MailError, write_mail
from delivery.channels.email.mailable_notices import MailableNotice, is_in_digest, mailable_notices, notice_rows
from delivery.channels.email.mails.bill_notice import notice_words
from delivery.channels.email.mails.digest_mail import DigestMail, digest_words
from delivery.channels.email.smtp.relay_health import Relay
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.email.started_mail import StartedMail
from delivery.channels.portal.present_bills import present_bills
from store import Store
from store.db.leases import is_unleased, lease_heartbeat
from store.delivery import CHANNELS, Delivery, is_any_due, next_due
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: E-mails that are leased at a time.
GROUP: Final = 50
#: How long one call sends, so that the worker's other tasks need not wait long.
SECONDS: Final = 2.0


class DueDigest(msgspec.Struct, frozen=True):
    """A person whose digest is due, and the issuer whose turn it is sent in."""

    person_id: int
    issuer_id: int


class _Turn(msgspec.Struct, frozen=True):
    """What one call works with."""

    store: Store
    transport: MailTransport
    relay: Relay
    public_url: str
    now: datetime
    today: date
    until: float


def awaits_sending(now: datetime) -> ColumnElement[bool]:
    """Return the SQL condition that `promote_due` or `send_due` has something to do."""
    waits = is_any_due(now, "waiting", *CHANNELS)
    return or_(waits, is_any_due(now, "ready", "portal", "email"), exists().where(is_lost()))


def send_due(
    store: Store, transport: MailTransport, public_url: str, now: datetime, calendar: Calendar | None = None,
    relay: Relay | None = None,
) -> int:  # fmt: skip
    """Present ready bills in the portal and send due e-mails. Returns how many deliveries were handled.

    A failed e-mail is retried later; while the mail server is down no other is tried. One call lasts about SECONDS:
    call again until it returns 0. *public_url* begins the links.
    """
    relay = relay or Relay()
    today, until = (calendar or Calendar()).day_of(now), time.monotonic() + SECONDS
    turn = _Turn(store, transport, relay, public_url, now, today, until)
    with store.writing() as session:
        _record_outcome(session, relay, now)
        done = present_bills(session, now)
        done += reset_lost_attempts(session, now)
    relay.unrecorded = ()
    try:
        while not relay.is_paused(now):
            with store.writing() as session:
                taken, group = _lease_next(session, public_url, now, today, relay.last_issuer_id)
            taken += _send_group(turn, group)
            done += taken
            if not taken or time.monotonic() > until:
                break
    finally:
        transport.hang_up()
    return done


def _lease_next(
    session: Session, public_url: str, now: datetime, today: date, after: int
) -> tuple[int, list[MailableNotice | DueDigest]]:
    """Lease the next e-mails, one of each issuer in turn, beginning after issuer *after*.

    Those that must not be sent any more fail or are cancelled with the reason. Returns how many were looked at, and
    those leased; of a digest, whose it is: nothing of it is leased yet.
    """
    ids = next_due(session, now, "ready", "email", GROUP, is_unleased(Delivery), after=after)
    rows = notice_rows(session, ids)
    alone = [row for row in rows if not is_in_digest(row[0])]
    good = {each.delivery_id: each for each in mailable_notices(session, alone, public_url, now, today)}
    lease_deliveries(session, list(good))
    group: list[MailableNotice | DueDigest] = []
    readers: set[int] = set()
    for delivery, bill, consumer, *_ in rows:
        if delivery.id in good:
            group.append(good[delivery.id])
        elif is_in_digest(delivery) and consumer.id not in readers:
            readers.add(consumer.id)
            group.append(DueDigest(consumer.id, bill.issuer_id))
    return len(alone), group


def _send_group(turn: _Turn, group: Sequence[MailableNotice | DueDigest]) -> int:
    """Send these e-mails until the time is over or the mail server is down; release the leases of the rest. Returns how
    many deliveries the digests among them had."""
    store, relay, now = turn.store, turn.relay, turn.now
    ids = [each.delivery_id for each in group if isinstance(each, MailableNotice)]
    in_digests = 0
    with lease_heartbeat(store, Delivery, *ids):
        for each in group:
            with store.writing() as session:
                _record_outcome(session, relay, now)
                taken, mail = _begin(session, turn, each)
            in_digests += taken
            relay.last_issuer_id = each.issuer_id
            relay.unrecorded = ()
            if mail is not None:
                relay.unrecorded = _send(turn, mail)
            relay.record_result(relay.unrecorded[0].kind if relay.unrecorded else None, now)
            if relay.is_paused(now) or time.monotonic() > turn.until:
                break
    with store.writing() as session:
        _record_outcome(session, relay, now)
        release_leases(session, ids)
    relay.unrecorded = ()
    return in_digests


def _begin(session: Session, turn: _Turn, each: MailableNotice | DueDigest) -> tuple[int, StartedMail | None]:
    """Record the attempt at an e-mail; None when it is no longer to be sent. Also returns how many deliveries of a
    digest were handled."""
    if isinstance(each, DueDigest):
        return begin_digest(session, each.person_id, turn.transport.host, turn.public_url, turn.now, turn.today)
    attempt = begin_attempt(session, each.delivery_id, turn.transport.host, turn.now)
    return 0, None if attempt is None else StartedMail((attempt,), each.to, each.notice)


def _record_outcome(session: Session, relay: Relay, now: datetime) -> None:
    for outcome in relay.unrecorded:
        end_attempt(session, outcome, now)


def _send(turn: _Turn, mail: StartedMail) -> tuple[Outcome, ...]:
    """Send one e-mail, in one SMTP transaction. Returns the outcome of each delivery in it."""
    with _heartbeat(turn.store, mail):
        try:
            words = turn.transport.send(_message(turn, mail), mail.to)
        except MailError as error:
            return mail.outcomes(error.kind, str(error))
        except Exception as error:
            if is_outage(error):
                return mail.outcomes("down", str(error))
            log.exception("mail %s cannot be sent", mail.attempts[0].message_id)
            return mail.outcomes("later", f"{type(error).__name__}: {error}")
    return mail.outcomes("sent", words)


def _heartbeat(store: Store, mail: StartedMail) -> AbstractContextManager[None]:
    """Renews the leases of a digest; those of other e-mails are renewed with their group's."""
    if not isinstance(mail.content, DigestMail):
        return nullcontext()
    return lease_heartbeat(store, Delivery, *(each.delivery_id for each in mail.attempts))


def _message(turn: _Turn, mail: StartedMail) -> Message:
    content = mail.content
    words = digest_words(content) if isinstance(content, DigestMail) else notice_words(content)
    return write_mail(words, turn.transport.sender, mail.to, mail.attempts[0].message_id, turn.now)

"""Reads the mailbox of bounces in short turns: each message is recorded, then marked as read."""

import logging
import time
from datetime import datetime
from typing import Final

from delivery.feedback.bounces.bounce_mailbox import BounceMailbox, MailboxDown, ReceivedMail
from delivery.feedback.bounces.record_mail_feedback import digest_of, hear_message, set_message_apart
from store import Store
from store.heard_mail import is_heard_for_person
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: Messages in one turn, and how long it lasts.
MOST_MESSAGES: Final = 100
SECONDS: Final = 2.0
#: Seconds until a mailbox that is down is looked into again.
_PAUSE_WHEN_DOWN: Final = 60.0


class MailboxHearing:
    """One worker's reading of the mailbox; remembers for how long it is left alone."""

    def __init__(self, mailbox: BounceMailbox) -> None:
        self._mailbox = mailbox
        self._not_before = 0.0

    def turn(self, store: Store, now: datetime) -> int:
        """Read some messages. Returns how many; 0 while the mailbox is empty or left alone. Raises MailboxDown."""
        if time.monotonic() < self._not_before:
            return 0
        try:
            heard = self._hear(store, now)
        except MailboxDown:
            self._not_before = time.monotonic() + _PAUSE_WHEN_DOWN
            raise
        finally:
            self._mailbox.close()
        if not heard:
            self._not_before = time.monotonic() + self._mailbox.pause
        return heard

    def _hear(self, store: Store, now: datetime) -> int:
        heard, until = 0, time.monotonic() + SECONDS
        for mail in self._mailbox.unread(MOST_MESSAGES):
            self._mailbox.settle(mail.name, for_person=_record(store, mail, now))
            heard += 1
            if time.monotonic() > until:
                break
        return heard


def _record(store: Store, mail: ReceivedMail, now: datetime) -> bool:
    """Record one message. Returns whether a person has to see to it, also where it was recorded before. One that our
    own code stumbles over is set apart for a person and keeps no other waiting."""
    try:
        with store.writing() as session:
            hear_message(session, store.keys, mail.raw, "mailbox", now)
            return is_heard_for_person(session, digest_of(mail.raw))
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("the message %s cannot be read", mail.name)
        with store.writing() as session:
            set_message_apart(session, mail.raw, "mailbox", now)
        return True

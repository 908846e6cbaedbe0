"""Leases the next notices of a channel, an equal share of each issuer's, and begins the attempt at one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.attempt_log import begin_attempt, lease_deliveries
from delivery.channels.bill_notice import BillNotice
from delivery.channels.sendable_notices import Addresses, NoticeRow, SendableNotice, notice_rows, sendable_notices
from delivery.channels.started_message import StartedMessage
from store.db.leases import is_unleased
from store.delivery import Delivery, next_due
from store.vault.key_ring import KeyRing

#: Messages that are leased at a time.
GROUP: Final = 50


def next_notices(session: Session, channel: str, now: datetime, after: int) -> list[NoticeRow]:
    """Return the next notices by this channel, one of each issuer in turn, beginning after issuer *after*."""
    ids = next_due(session, now, "ready", channel, GROUP, is_unleased(Delivery), after=after)
    return notice_rows(session, ids)


def lease_notices(
    session: Session, rows: Sequence[NoticeRow], addresses: Addresses, public_url: str, now: datetime, today: date,
    keys: KeyRing | None = None, calendar: Calendar | None = None,
) -> dict[int, SendableNotice]:  # fmt: skip
    """Lease those of these notices that may be sent, and return them by their delivery. Those that must not be sent any
    more fail or are cancelled with the reason. *keys* sign the links to their bills; *calendar* tells days."""
    found = sendable_notices(session, rows, addresses, public_url, now, today, keys, calendar)
    good = {each.delivery_id: each for each in found}
    lease_deliveries(session, list(good))
    return good


def begin_notice(
    session: Session, notice: SendableNotice, host: str, now: datetime, reference: str = ""
) -> StartedMessage[BillNotice] | None:  # fmt: skip
    """Record the attempt at a leased notice; None when it is no longer to be sent. *host* ends its Message-ID, unless
    it has another *reference*."""
    attempt = begin_attempt(session, notice.delivery_id, host, now, reference)
    return None if attempt is None else StartedMessage((attempt,), notice.to, notice.notice)

"""Reminders of a bill whose amount a customer disputes: they wait for the issuer's answer where its policy says so, a
limited time, and afterwards go on one a day. Letters, notices and what is due stay as they are (decision 0073)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from delivery.reminders.bill_reminders import is_reminder
from issuers.profile import Policy
from issuers.registry import profile_of
from store.bills.bill import BillRow
from store.bills.bill_enquiry import disputes_of_bills, first_disputes
from store.delivery import Delivery
from store.issuer import issuers_by_id

#: A reminder that waits is looked at again after so long; so long lies between two of them when they go on.
_DAY: Final = timedelta(days=1)


def reminders_wait_until(policy: Policy, disputed_at: datetime) -> datetime | None:
    """Return until when, at most, reminders wait for the answer to a dispute; None where they go on. Pure."""
    if not policy.dispute_stops_reminders or not policy.dispute_days:
        return None
    return disputed_at + timedelta(days=policy.dispute_days)


def paused_by_dispute(session: Session, bills: Sequence[BillRow], now: datetime) -> dict[int, datetime]:
    """The bills of which nobody is reminded now, since their amount is disputed: when to look again, by id."""
    disputes = disputes_of_bills(session, [row.id for row in bills])
    if not disputes:
        return {}
    issuers = issuers_by_id(session, {row.issuer_id for row in bills if row.id in disputes})
    policies = {issuer_id: profile_of(issuer).policy for issuer_id, issuer in issuers.items()}
    ends = {
        row.id: reminders_wait_until(policies[row.issuer_id], disputes[row.id]) for row in bills if row.id in disputes
    }
    return {bill_id: min(end, now + _DAY) for bill_id, end in ends.items() if end is not None and end > now}


class ReminderSpacing:
    """Keeps reminders that have waited for the end of a dispute from going all at once: one a bill and person a day."""

    def __init__(self, session: Session, bills: Sequence[BillRow], now: datetime) -> None:
        self._now = now
        self._disputed = set(first_disputes(session, [row.id for row in bills]))
        self._last = _last_sent(session, self._disputed, now - _DAY) if self._disputed else {}

    def not_before(self, delivery: Delivery) -> datetime | None:
        """When this reminder may go; None for now."""
        last = self._last.get((delivery.bill_id, delivery.person_id or 0))
        return None if last is None else last + _DAY

    def note_sent(self, delivery: Delivery) -> None:
        """This reminder goes now."""
        if delivery.bill_id in self._disputed:
            self._last[delivery.bill_id, delivery.person_id or 0] = self._now


def _last_sent(session: Session, bill_ids: set[int], since: datetime) -> dict[tuple[int, int], datetime]:
    """When each person was last reminded of each bill, by any channel, since then."""
    query = select(Delivery.bill_id, Delivery.person_id, Delivery.sent_at).where(
        Delivery.bill_id.in_(bill_ids), is_reminder(), Delivery.sent_at > since
    )
    rows = session.execute(query.order_by(Delivery.sent_at))
    return {(bill_id, person_id or 0): sent_at for bill_id, person_id, sent_at in rows if sent_at is not None}

"""Records attempts at sending a message: committed before the act, the outcome after it, and when to retry.

A process that dies in between leaves an attempt with unknown outcome: the delivery becomes in doubt, then ready, and
goes out again under the same reference. A message is thus sent at least once; an e-mail's Message-ID is its reference,
and a mail program shows it once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import ColumnElement, and_, exists, func, insert, select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.channels.delivery_error import Failure
from delivery.channels.provider_receipt import ProviderReceipt
from delivery.feedback.undelivered_messages import push_undelivered, sms_undelivered
from delivery.feedback.views_bounces_returns import mail_bounced
from delivery.replace_failed import replace_failed
from store.base import db_now
from store.db.event import record_all
from store.db.leases import LEASE_SECONDS, is_unleased
from store.db.process_identity import this_process
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import Attempt, Delivery

#: Minutes until the next attempt. After the last one the delivery fails and paper replaces it.
RETRY_AFTER: Final = (1, 5, 15, 60, 240, 720, 1440)
MOST_ATTEMPTS: Final = len(RETRY_AFTER) + 1
#: Index of the longest of these pauses while the provider is down: a quarter of an hour.
_LONGEST_PAUSE: Final = 2

#: While a provider is busy an attempt does not count; after this long it does (RFC 5321 4.5.4.1): this message may be
#: the cause after all.
_LENIENCE: Final = timedelta(days=2)

_OUTCOMES: Final = {
    "sent": "sent", "refused": "refused", "later": "later", "busy": "later", "down": "later", "in_doubt": "in_doubt",
}  # fmt: skip

#: What follows, by channel, when an address is refused for good.
_REFUSED: Final[dict[str, Callable[[Session, int, str, datetime], bool]]] = {
    "email": mail_bounced,
    "sms": sms_undelivered,
    "push": push_undelivered,
}


class StartedAttempt(msgspec.Struct, frozen=True):
    """An attempt under way: the delivery, the attempt's number, our reference of the message (Message-ID)."""

    delivery_id: int
    n: int
    message_id: str


class Outcome(msgspec.Struct, frozen=True):
    """How an attempt ended, and the provider's answer or the error; its *receipt* if it has taken the message."""

    attempt: StartedAttempt
    kind: Literal["sent"] | Failure
    words: str
    receipt: ProviderReceipt | None = None


def lease_deliveries(session: Session, ids: Sequence[int]) -> None:
    """Lease these deliveries to this process. No attempt is recorded yet."""
    leased = {"lease_owner": this_process(), "lease_until": db_now() + LEASE_SECONDS}
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(**leased))


def release_leases(session: Session, ids: Sequence[int]) -> None:
    """Release the leases of those of these deliveries that were not attempted."""
    mine = (Delivery.id.in_(ids), Delivery.state == "ready", _is_ours())
    session.execute(update(Delivery).where(*mine).values(lease_owner=None, lease_until=0.0))


def begin_attempt(
    session: Session, delivery_id: int, host: str, now: datetime, message_id: str = ""
) -> StartedAttempt | None:
    """Record the start of an attempt at a leased delivery. Send only once this is committed.

    *host* is the right-hand side of the Message-ID, *message_id* that of an e-mail with other deliveries. Returns None
    when the delivery is no longer to be sent, or no longer leased by this process.
    """
    counted: dict[str, Any] = {"attempts": Delivery.attempts + 1, "lease_until": db_now() + LEASE_SECONDS}
    if not change_state(session, Delivery, delivery_id, "ready", "attempting", now, _is_ours(), **counted):
        return None
    tried = session.scalar(select(func.max(Attempt.n)).where(Attempt.delivery_id == delivery_id)) or 0
    attempt = StartedAttempt(delivery_id, tried + 1, message_id or f"<d{delivery_id}@{host}>")
    row = {"delivery_id": delivery_id, "n": attempt.n, "started_at": now, "message_id": attempt.message_id}
    session.execute(insert(Attempt), [row])
    return attempt


def end_attempt(session: Session, outcome: Outcome, now: datetime) -> None:
    """Record the outcome of an attempt and its effects: sent, bounced, or to be retried."""
    delivery_id, n = outcome.attempt.delivery_id, outcome.attempt.n
    lock_rows(session, Delivery, Delivery.id == delivery_id)  # before its attempt, in the order of reset_lost_attempts
    said: dict[str, Any] = {"ended_at": now, "outcome": _OUTCOMES[outcome.kind], "answer": outcome.words[:2000]}
    if receipt := outcome.receipt:
        said |= {"provider_id": receipt.provider_id, "segments": receipt.segments, "cost": receipt.cost}
    session.execute(update(Attempt).where(Attempt.delivery_id == delivery_id, Attempt.n == n).values(**said))
    if outcome.kind == "sent":
        free_again: dict[str, Any] = {"lease_owner": None, "lease_until": 0.0}
        change_state(session, Delivery, delivery_id, "attempting", "sent", now, _is_ours(), sent_at=now, **free_again)
    elif outcome.kind == "refused":
        channel = session.scalars(select(Delivery.channel).where(Delivery.id == delivery_id)).one()
        _REFUSED[channel](session, delivery_id, outcome.words, now)
    else:
        _retry_later(session, outcome, now)


def is_any_lost(channel: str) -> ColumnElement[bool]:
    """Return the SQL condition that a message by this channel is `attempting` without a live lease."""
    return exists().where(_is_lost(channel))


def _is_lost(channel: str) -> ColumnElement[bool]:
    return and_(Delivery.state == "attempting", Delivery.channel == channel, is_unleased(Delivery))


def reset_lost_attempts(session: Session, channel: str, now: datetime) -> int:
    """Make messages whose process died during the attempt in doubt, then ready. Returns how many, at most 500."""
    lost = select(Delivery.id).where(_is_lost(channel)).limit(500).with_for_update(skip_locked=True, key_share=True)
    ids = list(session.scalars(lost))
    if not ids:
        return 0
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id.in_(ids), Attempt.outcome.is_(None))
        .values(outcome="in_doubt", ended_at=now)
    )
    record_all(session, "delivery", ids, "in_doubt", now, why=Reason("sender_died"))
    session.execute(
        update(Delivery).where(Delivery.id.in_(ids)).values(state="ready", lease_owner=None, lease_until=0.0)
    )
    record_all(session, "delivery", ids, "ready", now, why=Reason("tried_again"))
    return len(ids)


def _retry_later(session: Session, outcome: Outcome, now: datetime) -> None:
    """Retry later, with growing pauses; after the last attempt the delivery fails and paper replaces it.

    An attempt does not count while the provider is down, or busy for less than two days. Nothing changes when another
    worker has the delivery by now.
    """
    attempt = outcome.attempt
    if outcome.kind == "in_doubt":
        change_state(
            session, Delivery, attempt.delivery_id, "attempting", "in_doubt", now, _is_ours(), why=outcome.words
        )
    came_from = ("attempting", "in_doubt")
    ends: dict[str, Any] = {"why": outcome.words, "lease_owner": None, "lease_until": 0.0}
    tried = session.get_one(Delivery, attempt.delivery_id, populate_existing=True).attempts
    if outcome.kind == "down" or (outcome.kind == "busy" and _is_lenient(session, attempt.delivery_id, now)):
        pause = RETRY_AFTER[min(attempt.n - tried, _LONGEST_PAUSE)]
        ends |= {"due_at": now + timedelta(minutes=pause), "attempts": Delivery.attempts - 1}
        change_state(session, Delivery, attempt.delivery_id, came_from, "waiting", now, _is_ours(), **ends)
    elif tried < MOST_ATTEMPTS:
        ends |= {"due_at": now + timedelta(minutes=RETRY_AFTER[tried - 1])}
        change_state(session, Delivery, attempt.delivery_id, came_from, "waiting", now, _is_ours(), **ends)
    else:
        why = Reason.of("email_refused", attempts=tried, answer=outcome.words)
        ends |= {"why": why}
        if change_state(session, Delivery, attempt.delivery_id, came_from, "failed", now, _is_ours(), **ends):
            replace_failed(session, session.get_one(Delivery, attempt.delivery_id), why, now)


def _is_lenient(session: Session, delivery_id: int, now: datetime) -> bool:
    first = session.scalar(select(func.min(Attempt.started_at)).where(Attempt.delivery_id == delivery_id))
    return first is None or now - first < _LENIENCE


def _is_ours() -> ColumnElement[bool]:
    return Delivery.lease_owner == this_process()

"""Attempts at mails: written down before the act, their outcome after it.

A process that dies in between leaves an attempt of which nobody knows the outcome: the delivery is in doubt, then
ready again, and goes out under the same Message-ID. So a mail is sent at least once, and its reader sees one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.orm import Session

from delivery.fall_back import print_instead
from delivery.hear import bounced
from delivery.mail import Failure
from store.base import db_now
from store.claims import LEASE_SECONDS, free, move, this_process
from store.delivery import Attempt, Delivery
from store.event import record_all

#: Minutes until the next try. After the last, the mail has failed and paper replaces it.
RETRY_AFTER: Final = (1, 5, 15, 60, 240, 720, 1440)
MOST_ATTEMPTS: Final = len(RETRY_AFTER) + 1

_OUTCOMES: Final = {"sent": "sent", "refused": "refused", "later": "later", "down": "later", "in_doubt": "in_doubt"}


class Try(msgspec.Struct, frozen=True):
    """An attempt that is under way."""

    delivery_id: int
    n: int
    message_id: str


class Outcome(msgspec.Struct, frozen=True):
    """How a try ended, and what the other side said."""

    attempt: Try
    kind: Literal["sent"] | Failure
    words: str


def begin(session: Session, deliveries: Sequence[Delivery], host: str, now: datetime) -> list[Try]:
    """These ready deliveries are now attempted by this process; the act may begin once this is committed."""
    tries = [Try(each.id, each.attempts + 1, f"<d{each.id}@{host}>") for each in deliveries]
    ids = [each.delivery_id for each in tries]
    if not ids:
        return []
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == "ready")
        .values(
            state="attempting", attempts=Delivery.attempts + 1, lease_owner=this_process(),
            lease_until=db_now() + LEASE_SECONDS,
        )
    )  # fmt: skip
    session.execute(
        insert(Attempt),
        [
            {"delivery_id": each.delivery_id, "n": each.n, "started_at": now, "message_id": each.message_id}
            for each in tries
        ],
    )
    record_all(session, "delivery", ids, "attempting", now)
    return tries


def keep_on(session: Session, tries: Sequence[Try]) -> None:
    """Those that are still to be tried stay ours."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_([each.delivery_id for each in tries]), _is_ours())
        .values(lease_until=db_now() + LEASE_SECONDS)
    )


def end(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down how these tries ended, and what follows from it."""
    if not outcomes:
        return
    session.execute(
        update(Attempt),
        [
            {
                "delivery_id": each.attempt.delivery_id, "n": each.attempt.n, "ended_at": now,
                "outcome": _OUTCOMES[each.kind], "answer": each.words[:2000],
            }
            for each in outcomes
        ],
    )  # fmt: skip
    _sent(session, [each.attempt.delivery_id for each in outcomes if each.kind == "sent"], now)
    for each in outcomes:
        if each.kind == "refused":
            bounced(session, each.attempt.delivery_id, each.words, now)
        elif each.kind != "sent":
            _try_again(session, each, now)


def is_lost() -> ColumnElement[bool]:
    """The condition that a mail is being attempted by nobody who lives."""
    return and_(Delivery.state == "attempting", Delivery.channel == "email", free(Delivery))


def doubt(session: Session, now: datetime) -> int:
    """Mails whose process is gone in the middle of an attempt are in doubt, then ready again; how many there were."""
    lost = select(Delivery.id).where(is_lost()).limit(500).with_for_update(skip_locked=True)
    ids = list(session.scalars(lost))
    if not ids:
        return 0
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id.in_(ids), Attempt.outcome.is_(None))
        .values(outcome="in_doubt", ended_at=now)
    )
    record_all(session, "delivery", ids, "in_doubt", now, why="le processus s’est arrêté pendant l’envoi")
    session.execute(
        update(Delivery).where(Delivery.id.in_(ids)).values(state="ready", lease_owner=None, lease_until=0.0)
    )
    record_all(session, "delivery", ids, "ready", now, why="de nouveau, sous le même Message-ID")
    return len(ids)


def _sent(session: Session, ids: Sequence[int], now: datetime) -> None:
    ours = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == "attempting", _is_ours())
        .values(state="sent", sent_at=now, lease_owner=None, lease_until=0.0)
        .returning(Delivery.id)
    )
    record_all(session, "delivery", ours.all(), "sent", now)


def _try_again(session: Session, outcome: Outcome, now: datetime) -> None:
    """Later, each time a little later; after the last try the mail has failed, and paper replaces it."""
    attempt = outcome.attempt
    if outcome.kind == "in_doubt":
        move(session, Delivery, attempt.delivery_id, "attempting", "in_doubt", now, why=outcome.words)
    came_from = ("attempting", "in_doubt")
    if attempt.n < MOST_ATTEMPTS:
        due_at = now + timedelta(minutes=RETRY_AFTER[attempt.n - 1])
        move(
            session, Delivery, attempt.delivery_id, came_from, "waiting", now, why=outcome.words, due_at=due_at,
            lease_owner=None, lease_until=0.0,
        )  # fmt: skip
        return
    why = f"le message n’a pu être remis après {attempt.n} essais : {outcome.words}"
    move(
        session, Delivery, attempt.delivery_id, came_from, "failed", now, why=why, lease_owner=None, lease_until=0.0
    )  # fmt: skip
    print_instead(session, session.get_one(Delivery, attempt.delivery_id), why, now)


def _is_ours() -> ColumnElement[bool]:
    return Delivery.lease_owner == this_process()

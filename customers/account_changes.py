"""What changed in an issuer's accounts, by people here or by its own statements, in the order of the commits.

The cursor is the sequence of the outbox (`store.outbox.number_events`): an event is numbered after its transaction has
ended, so whoever reads on from the last number has missed nothing, however late a transaction ended.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from store import Store
from store.outbox.number_events import number_events
from store.outbox.outbox_event import OutboxEvent

_OF_ACCOUNTS = OutboxEvent.type.startswith("account.", autoescape=True)


class AccountChanges(NamedTuple):
    """Changes after a cursor: the events by account id, in order; the *cursor* to read on from; whether more wait."""

    events: dict[int, list[OutboxEvent]]
    cursor: int
    has_more: bool


def number_changes(store: Store, issuer_id: int) -> None:
    """Number the events of this issuer that are committed and have no number yet."""
    waiting = select(exists().where(OutboxEvent.issuer_id == issuer_id, OutboxEvent.sequence.is_(None)))
    with store.reading() as session:
        waits = session.scalar(waiting)
    if waits:
        with store.writing() as session:
            number_events(session)


def changes_since(session: Session, issuer_id: int, cursor: int, limit: int) -> AccountChanges:
    """The next *limit* changes of an issuer's accounts after this cursor."""
    query = select(OutboxEvent).where(OutboxEvent.issuer_id == issuer_id, OutboxEvent.sequence > cursor, _OF_ACCOUNTS)
    found: Sequence[OutboxEvent] = session.scalars(query.order_by(OutboxEvent.sequence).limit(limit + 1)).all()
    by_account: dict[int, list[OutboxEvent]] = {}
    for event in found[:limit]:
        by_account.setdefault(event.data["account"], []).append(event)
    last = found[:limit][-1].sequence if found else None
    return AccountChanges(by_account, cursor if last is None else last, len(found) > limit)


def last_change(session: Session, issuer_id: int) -> int:
    """The sequence of the last numbered event of an issuer; 0 if there is none."""
    return session.scalar(select(func.max(OutboxEvent.sequence)).where(OutboxEvent.issuer_id == issuer_id)) or 0


def change_report(event: OutboxEvent) -> dict[str, Any]:
    """One change: what, when, who made it (None if that was not recorded yet), and its data but for the account's
    name."""
    data = {"actor": None} | {
        name: value for name, value in event.data.items() if name not in {"account", "account_number"}
    }
    return {"change": event.sequence, "what": event.type, "at": event.at.isoformat(), **data}

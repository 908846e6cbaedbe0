"""What an issuer's statements change in accounts, as events of the outbox: moves, closings, deaths. So a program that
keeps two customer bases in step sees each change in one list, with who made it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from customers.account_slot import AccountSlot
from store.outbox.account_events import record_moves
from store.outbox.event_types import Actor
from store.outbox.outbox_event import record_outbox_events

#: The field of a customer that each type of event tells.
_FIELDS: Final = {"account.closed": "closed_on", "account.deceased": "died_on"}


def record_statement_events(
    session: Session, issuer_id: int, slots: Iterable[AccountSlot], now: datetime, actor: Actor = "issuer"
) -> None:  # fmt: skip
    """Record what these accounts' statements have changed. An account that was opened by them has not moved."""
    written = [slot for slot in slots if slot.side.id]
    moved = [slot for slot in written if slot.is_readdressed and not slot.is_new and slot.mended is None]
    record_moves(session, issuer_id, ((slot.side.id, _number(slot), slot.address) for slot in moved), now)
    for event_type, field in _FIELDS.items():
        changed = [slot for slot in written if getattr(slot.known, field) != getattr(slot.before, field)]
        record_outbox_events(session, issuer_id, event_type, (_data(slot, field, actor) for slot in changed), now)


def _data(slot: AccountSlot, field: str, actor: Actor) -> dict[str, Any]:
    day: date | None = getattr(slot.known, field)
    return {"account": slot.side.id, "account_number": _number(slot), "actor": actor, field: day}


def _number(slot: AccountSlot) -> str:
    return "" if slot.side.term == "address" else slot.side.value

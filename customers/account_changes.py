"""What changed in an issuer's accounts, by people here or by its own statements, in the order of the commits.

The cursor is the sequence of the outbox (`store.outbox.number_events`): an event is numbered after its transaction has
ended, so whoever reads on from the last number has missed nothing, however late a transaction ended.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple, NotRequired, TypedDict, cast

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bill.json_values import Count, Day, Moment, says
from store import Store
from store.outbox.event_types import Actor
from store.outbox.number_events import number_events
from store.outbox.outbox_event import OutboxEvent

_OF_ACCOUNTS = OutboxEvent.type.startswith("account.", autoescape=True)

#: `from` is a word of Python.
_Move = TypedDict("_Move", {"from": NotRequired[Annotated[Day | None, says("The first day at the new address.")]]})


class AccountChange(_Move):
    """A change of an account: what, when, who made it, and what its event says of it (section `webhooks`)."""

    change: Annotated[int | None, says("Its sequence among your events.")]
    what: Annotated[str, says("The type of its event, such as `account.address_mended`.")]
    at: Moment
    actor: Annotated[
        Actor | None,
        says("Who made it: somebody who holds the account, you, or a named person of yours or of this service."),
    ]
    holders: NotRequired[Annotated[Count, says("How many people follow the account now.")]]
    address: NotRequired[Annotated[dict[str, str | None], says("The address by its parts (EN 16931).")]]
    state: NotRequired[Annotated[Literal["applied", "open"], says("Whether letters use a stated address already.")]]
    closed_on: NotRequired[Day | None]
    died_on: NotRequired[Day | None]


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


def change_report(event: OutboxEvent) -> AccountChange:
    """One change: what, when, who made it (None if that was not recorded yet), and its data but for the account's
    name."""
    data = {"actor": None} | {
        name: value for name, value in event.data.items() if name not in {"account", "account_number"}
    }
    told = {"change": event.sequence, "what": event.type, "at": event.at.isoformat(), **data}
    return cast("AccountChange", told)  # `store.outbox.event_types` has checked the data when it was recorded

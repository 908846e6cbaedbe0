"""Give committed events their sequence, an issuer's without a gap, in the order in which they were recorded."""

from typing import Final

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from store.base import insert_new
from store.outbox.outbox_event import OutboxEvent, OutboxSequence

#: Events of one issuer numbered in one transaction.
_MOST: Final = 1000


def has_unnumbered() -> ColumnElement[bool]:
    """SQL condition: an event has no sequence yet."""
    return exists().where(OutboxEvent.sequence.is_(None))


def number_events(session: Session) -> int:
    """Number events, at most `_MOST` an issuer; returns how many. Several workers may run it at once: an issuer whose
    last sequence another worker has locked is passed over."""
    waiting = select(OutboxEvent.issuer_id).where(OutboxEvent.sequence.is_(None)).distinct()
    issuers = sorted(session.scalars(waiting))
    insert_new(session, OutboxSequence, [{"issuer_id": each, "last": 0} for each in issuers])
    return sum(_number(session, each) for each in issuers)


def _number(session: Session, issuer_id: int) -> int:
    ours = select(OutboxSequence).where(OutboxSequence.issuer_id == issuer_id)
    locked = ours.with_for_update(skip_locked=True, key_share=True).execution_options(populate_existing=True)
    if (sequence := session.scalars(locked).one_or_none()) is None:
        return 0
    mine = (OutboxEvent.issuer_id == issuer_id, OutboxEvent.sequence.is_(None))
    next_ids = select(OutboxEvent.id).where(*mine).order_by(OutboxEvent.id).limit(_MOST).subquery()
    place = func.row_number().over(order_by=next_ids.c.id)
    places = select(next_ids.c.id, (place + sequence.last).label("place")).subquery()
    number = select(places.c.place).where(places.c.id == OutboxEvent.id).scalar_subquery()
    numbered = session.execute(
        update(OutboxEvent).where(OutboxEvent.id.in_(select(places.c.id))).values(sequence=number),
        execution_options={"synchronize_session": False},
    )
    sequence.last += numbered.rowcount  # type: ignore[attr-defined]
    session.flush()
    return numbered.rowcount  # type: ignore[attr-defined,no-any-return]

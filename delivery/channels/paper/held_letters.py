"""Held letters: failed or returned letters that wait until a person mends the cause or gives them up.

`delivery.channels.paper.print_batch.print_again` sends one out again.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from bill import Reason
from store.bills.bill import PRESENTABLE, BillRow
from store.db.event import Event
from store.db.row_counting import count_some
from store.db.state_change import change_state
from store.delivery import Delivery
from store.issuer import of_issuer


class HeldLetter(NamedTuple):
    """A letter that waits for a person: its delivery, its bill, and since when."""

    delivery: Delivery
    bill: BillRow
    since: datetime


def held_letters(
    session: Session, limit: int = 100, issuer_id: int | None = None, after: int = 0,
    ids: Collection[int] | None = None,
) -> list[HeldLetter]:  # fmt: skip
    """Return held letters of bills that nobody has viewed, oldest first, at most *limit*. Those that a named person
    keeps held are left out, unless *ids* asks for them.

    *after* is the last delivery's id of the page before; *issuer_id* and *ids* restrict them.
    """
    query = _held(select(Delivery, BillRow), issuer_id).where(Delivery.id > after).order_by(Delivery.id).limit(limit)
    query = query.where(Delivery.decided_by == "" if ids is None else Delivery.id.in_(ids))
    rows = [(delivery, bill) for delivery, bill in session.execute(query)]
    failed = (
        select(Event.subject_id, func.max(Event.id))
        .where(Event.subject == "delivery", Event.what == "failed")
        .where(Event.subject_id.in_([delivery.id for delivery, _ in rows]))
        .group_by(Event.subject_id)
    )
    last = {event_id: delivery_id for delivery_id, event_id in session.execute(failed)}
    times = {last[each.id]: each.at for each in session.scalars(select(Event).where(Event.id.in_(last)))}
    return [HeldLetter(delivery, bill, times.get(delivery.id, delivery.due_at)) for delivery, bill in rows]


def count_held(session: Session, issuer_id: int | None = None) -> int:
    """Return how many letters are held, counted up to `MOST_COUNTED`."""
    return count_some(session, _held(select(Delivery.id), issuer_id).where(Delivery.decided_by == ""))


def give_up(session: Session, delivery_id: int, by: str, reason: str, now: datetime) -> bool:
    """Cancel a held letter on a named person's decision. Returns False when it is not held."""
    is_replaced = select(Delivery.id).where(Delivery.replaces_id == delivery_id)
    letter = session.get(Delivery, delivery_id, populate_existing=True)
    if letter is None or letter.channel != "paper" or session.scalar(is_replaced) is not None:
        return False
    why = Reason.said(reason)
    return change_state(
        session, Delivery, delivery_id, "failed", "cancelled", now, by=by, why=why, reason=why, decided_by=by
    )


def _held(query: Select[*tuple[Any, ...]], issuer_id: int | None) -> Select[Any]:
    other = aliased(Delivery)
    query = (
        query.join(BillRow, BillRow.id == Delivery.bill_id)
        .where(Delivery.state == "failed", Delivery.channel == "paper", BillRow.viewed_at.is_(None))
        .where(BillRow.state.in_(PRESENTABLE), ~exists().where(other.replaces_id == Delivery.id))
    )
    return query.where(of_issuer(BillRow.issuer_id, issuer_id))

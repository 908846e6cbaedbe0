"""What waits becomes ready when its time has come, unless something has cancelled it before."""

from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.delivery import CHANNELS, Delivery, is_due
from store.event import record_all

#: So many at a time: a transaction that others wait for stays short.
GROUP: Final = 500


def wake(session: Session, now: datetime) -> int:
    """Waiting deliveries that are due become ready; returns how many (at most GROUP: come again)."""
    due = select(Delivery.id).where(is_due(now, "waiting", *CHANNELS)).limit(GROUP).with_for_update(skip_locked=True)
    ids = list(session.scalars(due))
    session.execute(update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "waiting").values(state="ready"))
    record_all(session, "delivery", ids, "ready", now)
    return len(ids)

"""Promotes due deliveries: `waiting` becomes `ready` once the planned moment has come."""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from store.db.event import record_all
from store.delivery import CHANNELS, Delivery, next_due

#: Deliveries of one channel in one call, so that the transaction stays short.
GROUP: Final = 500


def promote_due(session: Session, now: datetime) -> int:
    """Move due deliveries from `waiting` to `ready`, an equal share of each issuer's in each channel.

    Returns how many, at most GROUP a channel; call again until it returns 0.
    """
    ids = [each for channel in CHANNELS for each in next_due(session, now, "waiting", channel, GROUP)]
    session.execute(update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "waiting").values(state="ready"))
    record_all(session, "delivery", ids, "ready", now)
    return len(ids)

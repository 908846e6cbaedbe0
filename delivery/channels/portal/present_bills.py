"""Present bills in the portal: their holders may see them from then on."""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from store.db.event import record_all
from store.delivery import Delivery, next_due

#: Bills that are presented in one transaction.
PRESENTED: Final = 1000


def present_bills(session: Session, now: datetime) -> int:
    """Present the next ready bills by one update; no network is involved. Returns how many were presented."""
    ids = next_due(session, now, "ready", "portal", PRESENTED)
    session.execute(
        update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "ready").values(state="sent", sent_at=now)
    )
    record_all(session, "delivery", ids, "sent", now)
    return len(ids)

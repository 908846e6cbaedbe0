"""Posts at once the letters that wait for a reader, where their account has paper again or has a right to it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.delivery_articles import article_of
from store.bills.bill import BillRow
from store.db.event import record_all
from store.db.row_locks import lock_rows
from store.delivery import Delivery


def post_waiting_letters(session: Session, account_ids: Collection[int], why: Reason, now: datetime) -> int:
    """Make the waiting letters of these accounts due now, for this reason, with its article. A bill that was seen has
    none that waits. Returns how many."""
    if not account_ids:
        return 0
    of_theirs = Delivery.bill_id.in_(select(BillRow.id).where(BillRow.account_id.in_(account_ids)))
    waiting = (Delivery.channel == "paper", Delivery.state == "waiting")
    ids = lock_rows(session, Delivery, of_theirs, *waiting)
    issuer_ids = session.scalars(select(Delivery.issuer_id).where(Delivery.id.in_(ids)).distinct()).all() if ids else []
    for issuer_id in issuer_ids:
        mine = update(Delivery).where(Delivery.id.in_(ids), Delivery.issuer_id == issuer_id, *waiting)
        values = {"state": "ready", "reason": why, "due_at": now, "article": article_of(session, issuer_id, why)}
        session.execute(mine.values(**values), execution_options={"synchronize_session": False})
    record_all(session, "delivery", ids, "ready", now, why=why)
    return len(ids)

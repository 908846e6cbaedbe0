"""Reconcile a print batch: letters handed over, printed, missing, not heard of, and brought back by the post."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from store.delivery import Delivery, Receipt


class BatchReconciliation(NamedTuple):
    """Letters of a batch. Those handed over were printed, are missing (the print house named them), or are not heard
    of; *returned* ones are among the first."""

    handed_over: int
    printed: int
    missing: int
    unheard: int
    returned: int


def reconcile(session: Session, batch_id: int, issuer_id: int | None = None) -> BatchReconciliation:
    """Return how a batch stands, for all issuers or for one."""
    mine = [Delivery.batch_id == batch_id, Delivery.channel == "paper"]
    if issuer_id is not None:
        mine.append(Delivery.issuer_id == issuer_id)
    receipts = dict(
        session.execute(
            select(Receipt.kind, func.count()).join(Delivery, Delivery.id == Receipt.delivery_id).where(*mine)
            .where(Receipt.kind.in_(["printed", "returned"])).group_by(Receipt.kind)
        ).tuples().all()
    )  # fmt: skip

    def count(*conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(Delivery).where(*mine, *conditions)) or 0

    return BatchReconciliation(
        handed_over=count(Delivery.sent_at.is_not(None)), printed=receipts.get("printed", 0),
        missing=count(Delivery.state == "failed", Delivery.reason_code == "letter_not_printed"),
        unheard=count(Delivery.state == "sent"), returned=receipts.get("returned", 0),
    )  # fmt: skip

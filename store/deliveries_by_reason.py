"""Deliveries found and counted by their reason, however many there are."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.delivery import Delivery
from store.issuer import of_issuer


def deliveries_by_reason(
    session: Session, code: str, issuer_ids: Collection[int], limit: int, *conditions: ColumnElement[bool]
) -> list[tuple[Delivery, BillRow]]:
    """The newest deliveries of these issuers with this reason, newest first, and their bills. Read from
    `ix_delivery_reason_code_issuer_id_id` alone, an issuer at a time, however many deliveries there are."""
    found: list[tuple[Delivery, BillRow]] = []
    for issuer_id in issuer_ids:
        mine = (Delivery.reason_code == code, Delivery.issuer_id == issuer_id, *conditions)
        query = select(Delivery, BillRow).join(BillRow, BillRow.id == Delivery.bill_id).where(*mine)
        newest = query.order_by(Delivery.reason_code, Delivery.issuer_id, Delivery.id.desc()).limit(limit)
        found += [row._tuple() for row in session.execute(newest)]
    return sorted(found, key=lambda each: each[0].id, reverse=True)[:limit]


def count_by_reason(session: Session, issuer_id: int | None = None) -> dict[str, int]:
    """How many deliveries there are by their reason's code, of one issuer or (None) of all."""
    query = select(Delivery.reason_code, func.count()).group_by(Delivery.reason_code)
    query = query.where(of_issuer(Delivery.issuer_id, issuer_id))
    return {code: number for code, number in session.execute(query) if code}

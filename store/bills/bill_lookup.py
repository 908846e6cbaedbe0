"""Find bills for issuers, operators and the pipeline: by number, by id, by chunk, page by page."""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    Select,
    select,
    tuple_,
)  # fmt: skip
from sqlalchemy.orm import Session, undefer

from store.bills.bill import PRESENTABLE, BillRow, stands
from store.db.constant_in_sql import is_one_of
from store.db.row_locks import lock_rows
from store.delivery import Delivery
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer


def bill_by_number(session: Session, issuer_id: int, number: str) -> BillRow | None:
    """The released bill with this number of its issuer, or None. Numbers claimed by a feed that is not released yet are
    left out."""
    return session.scalar(released().where(BillRow.issuer_id == issuer_id, BillRow.number == number, stands()))


def bill_of_delivery(session: Session, delivery_id: int) -> BillRow | None:
    """The bill that this delivery is of; None if there is no such delivery."""
    return session.scalar(
        select(BillRow).join(Delivery, Delivery.bill_id == BillRow.id).where(Delivery.id == delivery_id)
    )


def bills_of_deliveries(session: Session, delivery_ids: Collection[int]) -> dict[int, BillRow]:
    """The bills that these deliveries are of, by the deliveries' ids."""
    query = select(Delivery.id, BillRow).join(BillRow, BillRow.id == Delivery.bill_id)
    return dict(session.execute(query.where(Delivery.id.in_(delivery_ids))).tuples().all())


def bills_by_number(session: Session, issuer_id: int, numbers: Collection[str]) -> dict[str, BillRow]:
    """The released bills with these numbers of their issuer, by number."""
    if not numbers:
        return {}
    query = released().where(BillRow.issuer_id == issuer_id, BillRow.number.in_(numbers), stands())
    return {row.number: row for row in session.scalars(query)}


def bills_under_number(session: Session, issuer_ids: Collection[int], number: str) -> list[BillRow]:
    """The released bills that stand under this number, at most one of each of these issuers."""
    query = released().where(BillRow.issuer_id.in_(issuer_ids), BillRow.number == number, stands())
    return list(session.scalars(query))


def bills_by_id(session: Session, ids: Collection[int]) -> list[BillRow]:
    """The bills of these ids, in no order, released or not."""
    return list(session.scalars(select(BillRow).where(BillRow.id.in_(ids))))


def released_bills(session: Session, issuer_id: int | None = None, after: int = 0, limit: int = 500) -> list[BillRow]:
    """Released bills by id, a page at a time (*after* is the last id of the page before)."""
    query = released().where(BillRow.id > after).order_by(BillRow.id).limit(limit)
    query = query.where(of_issuer(BillRow.issuer_id, issuer_id))
    return list(session.scalars(query))


def released() -> Select[BillRow]:
    """Select bills of released feeds. One update of the feed makes all its bills visible."""
    return select(BillRow).join(Feed, Feed.id == BillRow.feed_id).where(Feed.state.in_(OUT))


def bills_of_chunk(
    session: Session,
    feed_id: int,
    first_seq: int,
    last_seq: int,
    state: str,
    *,
    whole: bool = False,
    locked: bool = False,
) -> Sequence[BillRow]:
    """The bills in this state that were created from these items. *whole* loads their content too (`BillRow.bill`);
    *locked* locks them, so that none moves to another account before the transaction ends."""
    created = (BillRow.feed_id == feed_id, BillRow.item_seq.between(first_seq, last_seq), BillRow.state == state)
    query = select(BillRow).where(*created).order_by(BillRow.item_seq)
    if locked:
        lock_rows(session, BillRow, *created)
    return session.scalars(query.options(undefer(BillRow.content)) if whole else query).all()


def bills_before(session: Session, row: BillRow, limit: int) -> Sequence[BillRow]:
    """The bills of the same account issued before this one that may be shown, newest first."""
    query = (
        select(BillRow)
        .where(BillRow.account_id == row.account_id, is_one_of(BillRow.state, PRESENTABLE))
        .where(tuple_(BillRow.issue_date, BillRow.id) < tuple_(row.issue_date, row.id))
        .order_by(BillRow.issue_date.desc(), BillRow.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()

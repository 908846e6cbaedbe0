"""Invariants of payments: each that was told is stored with one outcome, and its parts never exceed it."""

from sqlalchemy import Subquery, func, or_, select

from audit.invariant_violations import Question
from store.feeds.feed import OUT, Feed
from store.feeds.item import Item
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation

#: Kinds that are money; the others only tell of some.
_MONEY = ("received", "collected", "returned", "refunded", "refund_returned")


def payments_lost() -> Question:
    """Released feeds of payments that took another number of entries than are stored of them."""
    taken = select(func.count()).where(Item.feed_id == Feed.id, Item.outcome == "taken").scalar_subquery()
    stored = select(func.count()).where(PaymentRow.feed_id == Feed.id).scalar_subquery()
    return select(Feed.id, taken, stored).where(Feed.content == "payments", Feed.state.in_(OUT), taken != stored)


def payments_overspent() -> Question:
    """Payments whose parts, with what is left of them, are more than came."""
    parts = _parts()
    spent = func.coalesce(parts.c.amount, 0) + PaymentRow.rest
    return (
        select(PaymentRow.id, PaymentRow.amount)
        .outerjoin(parts, parts.c.payment_id == PaymentRow.id)
        .where(PaymentRow.kind.in_(_MONEY), spent > PaymentRow.amount)
    )


def payments_of_nothing() -> Question:
    """Payments that are matched and of no bill, or that are not and are."""
    parts = _parts()
    is_of_bills = PaymentRow.outcome.in_(["matched", "part"])
    return (
        select(PaymentRow.id, PaymentRow.outcome)
        .outerjoin(parts, parts.c.payment_id == PaymentRow.id)
        .where(
            or_(
                is_of_bills & parts.c.payment_id.is_(None) & PaymentRow.undoes_id.is_(None),
                ~is_of_bills & parts.c.payment_id.is_not(None),
            )
        )
    )


def _parts() -> Subquery:
    amount = func.sum(PaymentAllocation.amount).label("amount")
    return (
        select(PaymentAllocation.payment_id, amount)
        .where(PaymentAllocation.until.is_(None))
        .group_by(PaymentAllocation.payment_id)
        .subquery()
    )

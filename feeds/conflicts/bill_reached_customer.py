"""Tell whether a bill was issued: has it reached its customer, and how.

A bill is issued when it was sent or made available (Directive 2006/112/EC art. 217; CGI 289). From then on it is not
taken back but corrected, by a credit note (BT-3 381) or a corrective invoice (384).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.accounts.consumer import Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow
from store.delivery import Delivery

#: States of deliveries that are being sent or were sent.
_LEAVING: Final = ("attempting", "in_doubt", "sent", "delivered")

IssuanceKind = Literal["seen", "posted", "printing", "mailed", "presented"]


class Issuance(NamedTuple):
    """How a bill has reached its customer, and when, if at a known moment. `printing`: its letter is in a closed batch;
    `presented`: a consumer who holds the account can see it."""

    how: IssuanceKind
    at: datetime | None = None


def issuances_of(session: Session, bills: Sequence[BillRow]) -> dict[int, Issuance]:
    """The issuance of those of these bills that have reached their customer, by bill id; absent bills may be taken
    back."""
    ids = [bill.id for bill in bills]
    query = select(Delivery).where(Delivery.bill_id.in_(ids))
    gone = query.where((Delivery.attempts > 0) | Delivery.state.in_(_LEAVING) | Delivery.sent_at.is_not(None))
    found = {bill.id: Issuance("presented") for bill in _held(session, bills)}
    for delivery in session.scalars(gone.order_by(Delivery.id)) if ids else ():
        if (how := _how(delivery)) is not None:
            found[delivery.bill_id] = Issuance(how, delivery.sent_at)
    return found | {bill.id: Issuance("seen", bill.viewed_at) for bill in bills if bill.viewed_at is not None}


def _held(session: Session, bills: Sequence[BillRow]) -> list[BillRow]:
    """The bills that a consumer can see in the portal."""
    shown = [bill for bill in bills if bill.state in PRESENTABLE]
    accounts = {bill.account_id for bill in shown}
    holds = select(Enrolment.account_id).where(Enrolment.account_id.in_(accounts), is_in_force())
    held = set(session.scalars(holds)) if accounts else set()
    return [bill for bill in shown if bill.account_id in held]


def _how(delivery: Delivery) -> IssuanceKind | None:
    if delivery.channel == "portal":
        return "presented"
    if delivery.channel != "paper":
        return "mailed"
    if delivery.sent_at is not None:
        return "posted"
    return "printing" if delivery.state == "attempting" else None

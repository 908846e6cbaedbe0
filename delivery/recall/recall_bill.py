"""Recall one bill: its issuer takes it back before it has reached its customer.

A bill that was sent or made available is issued (Directive 2006/112/EC art. 217; CGI 289) and is corrected by a
document of its own, a credit note (BT-3 381) or a corrective invoice (384). Until then it may be recalled: it is never
shown, sent or printed, asks nothing, and keeps its number. Each recall is one transaction, whatever the pipeline does
with the bill meanwhile; when two people recall at once, the second is told that it is done.
"""

from typing import Final, Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Reason
from feeds.conflicts.bill_reached_customer import Issuance, issuances_of
from feeds.conflicts.decide_conflict import Decision
from payments.match_payments import match_payments_of_bills
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.row_locks import ROW_LOCK, lock_rows
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Delivery
from store.feeds.feed import OUT, Feed
from store.issuer import lock_issuer
from store.outbox.account_events import record_bill_event
from store.outbox.event_types import Actor
from store.vault.attachment_staging import clear_attachments

#: `done`; `late`: it was recalled, superseded or erased before, or its feed is not released; `reached`: it has reached
#: its customer, and only a credit note or a corrective invoice changes it.
RecallResult = Literal["done", "late", "reached"]
#: States of a bill that may be recalled.
RECALLABLE: Final = ("released", "rendered", "chosen", "failed")
_STOPPED: Final = (*OPEN_STATES, "failed")


class Recall(NamedTuple):
    """What came of a recall; of a bill that has reached its customer, how."""

    result: RecallResult
    issuance: Issuance | None = None


def recall_bill(store: Store, bill_id: int, decision: Decision, actor: Actor = "issuer") -> Recall:
    """Recall this bill for a named person, with the reason. *actor* is told to the issuer: its own member, or an
    operator of the service. Sends the wake-up signal after a recall."""
    with store.writing() as session:
        answer = recall_in_session(session, bill_id, decision, actor)
    if answer.result == "done":
        store.wake_up.send()
    return answer


def recall_in_session(session: Session, bill_id: int, decision: Decision, actor: Actor = "issuer") -> Recall:
    """The same within a transaction of the caller's, which has locked no account, bill or delivery yet."""
    bill = _locked(session, bill_id)
    if bill.state not in RECALLABLE or session.get_one(Feed, bill.feed_id).state not in OUT:
        return Recall("late")
    if issuance := issuances_of(session, [bill]).get(bill.id):
        return Recall("reached", issuance)
    change_state(session, BillRow, bill.id, RECALLABLE, "recalled", decision.at, by=decision.by, why=decision.why)
    _cancel_deliveries(session, bill.id, decision)
    clear_attachments(session, bill.feed_id, [bill.item_seq])
    session.refresh(bill)
    match_payments_of_bills(session, [bill], decision.at)
    _tell(session, bill, decision, actor)
    return Recall("done")


def _locked(session: Session, bill_id: int) -> BillRow:
    """The bill, locked with its issuer, whose payments may be matched anew, its account, so that nobody claims it and
    sees the bill meanwhile, and its deliveries, so that none is sent or printed."""
    bill = session.get_one(BillRow, bill_id)
    lock_issuer(session, bill.issuer_id)
    lock_rows(session, CustomerAccount, CustomerAccount.id == bill.account_id)
    locked = session.get_one(BillRow, bill_id, populate_existing=True, with_for_update=ROW_LOCK)
    lock_rows(session, Delivery, Delivery.bill_id == bill_id)
    return locked


def _cancel_deliveries(session: Session, bill_id: int, decision: Decision) -> None:
    """Cancel what was to be sent; letters leave the print batch that they had joined."""
    why = Reason.of("bill_recalled", words=_words(decision))
    mine = select(Delivery.id).where(Delivery.bill_id == bill_id, Delivery.state.in_(_STOPPED))
    for delivery_id in session.scalars(mine.order_by(Delivery.id)).all():
        change_state(
            session, Delivery, delivery_id, _STOPPED, "cancelled", decision.at, by=decision.by, why=why, reason=why,
            batch_id=None, decided_by=decision.by,
        )  # fmt: skip


def _tell(session: Session, bill: BillRow, decision: Decision, actor: Actor) -> None:
    record_bill_event(session, bill, "bill.recalled", decision.at, actor=actor, words=_words(decision))


def _words(decision: Decision) -> str:
    return decision.reason if isinstance(decision.reason, str) else ""

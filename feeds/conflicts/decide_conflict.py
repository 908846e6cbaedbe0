"""Decide one conflict: keep the first bill, or replace it by the item's bill.

An invoice that was issued is not changed but corrected (BT-3 381 or 384), so only a bill that has reached nobody may be
replaced. Each decision is one transaction. When two people decide at once, the second is told that the first was
faster.
"""

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from bill import Reason
from feeds.conflicts.bill_reached_customer import issuances_of
from feeds.release import ReleaseTerms, create_bills
from feeds.same_content import says_the_same
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import ROW_LOCK, lock_rows
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Delivery
from store.feeds.chunk import Chunk
from store.feeds.conflict import Conflict, conflicts_about, point_to
from store.feeds.feed import OUT, Feed
from store.feeds.item import Item
from store.issuer import lock_issuer
from store.vault.attachment_staging import clear_attachments
from store.vault.encryption import Encryptor

ConflictChoice = Literal["keep", "replace"]
#: `done`; `late`: already decided, or another bill has the number by now; `reached`: the first bill has reached its
#: customer; `busy`: the pipeline is working on the first bill or the feed; retry in a moment.
DecisionResult = Literal["done", "late", "reached", "busy"]
#: States in which the pipeline has finished a bill that may still be taken back, or was.
REPLACEABLE: Final = ("chosen", "failed", "recalled")


class Decision(NamedTuple):
    """A decision: who, why (in a person's own words, unless nobody decided in time) and when."""

    by: str
    reason: str | Reason
    at: datetime

    @property
    def why(self) -> Reason:
        """The reason, to be spelled in the reader's language."""
        return Reason.said(self.reason) if isinstance(self.reason, str) else self.reason


def keep_first_bill(session: Session, conflict_id: int, decision: Decision) -> DecisionResult:
    """Keep the first bill: refuse the item for good and delete its content."""
    conflict = _open(session, conflict_id)
    if conflict is None:
        return "late"
    _end_item(session, conflict, "rejected")
    clear_attachments(session, conflict.feed_id, [conflict.seq])
    _close(session, conflict, "kept", decision)
    return "done"


def replace_first_bill(
    session: Session, encryptor: Encryptor, conflict_id: int, first_id: int, terms: ReleaseTerms, decision: Decision
) -> DecisionResult:
    """Replace the bill *first_id*, which is superseded and not delivered any more, by the item's bill. The pipeline
    renders the new bill and chooses its channel."""
    conflict = _open(session, conflict_id)
    if conflict is None or conflict.first_id != first_id:
        return "late"
    feed = session.get_one(Feed, conflict.feed_id)
    first = _locked(session, first_id)
    if first.state not in REPLACEABLE or feed.state not in OUT or _is_worked(session, conflict):
        return "busy"
    if issuances_of(session, [first]):
        return "reached"
    _supersede(session, first, decision)
    bill_id = _create_bill(session, encryptor, feed, conflict, terms, decision)
    _close(session, conflict, "replaced", decision)
    _reassess_others(session, conflict, bill_id, decision)
    return "done"


def _open(session: Session, conflict_id: int) -> Conflict | None:
    """The open conflict, locked together with its issuer, since the decision may end other conflicts of the issuer;
    None if it is decided."""
    lock_issuer(session, session.get_one(Conflict, conflict_id).issuer_id)
    query = select(Conflict).where(Conflict.id == conflict_id, Conflict.state == "open").with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def _locked(session: Session, bill_id: int) -> BillRow:
    """The bill, locked with its account and deliveries, so that nobody claims the account and sees the bill
    meanwhile."""
    bill = session.get_one(BillRow, bill_id)
    lock_rows(session, CustomerAccount, CustomerAccount.id == bill.account_id)
    locked = session.get_one(BillRow, bill_id, populate_existing=True, with_for_update=ROW_LOCK)
    lock_rows(session, Delivery, Delivery.bill_id == bill_id)
    return locked


def _is_worked(session: Session, conflict: Conflict) -> bool:
    """Whether a chunk around the item is unfinished: it would take the item's bill for one of its own."""
    around = Conflict.seq.between(Chunk.first_seq, Chunk.last_seq)
    working = exists().where(
        Conflict.id == conflict.id, Chunk.feed_id == Conflict.feed_id, around, Chunk.state != "done"
    )
    return bool(session.scalar(select(working)))


def _supersede(session: Session, first: BillRow, decision: Decision) -> None:
    change_state(session, BillRow, first.id, REPLACEABLE, "superseded", decision.at, by=decision.by, why=decision.why)
    stopped = select(Delivery.id).where(Delivery.bill_id == first.id, Delivery.state.in_([*OPEN_STATES, "failed"]))
    for delivery_id in session.scalars(stopped).all():
        change_state(
            session, Delivery, delivery_id, [*OPEN_STATES, "failed"], "cancelled", decision.at, by=decision.by,
            why=decision.why, reason=decision.why, batch_id=None,
        )  # fmt: skip
    clear_attachments(session, first.feed_id, [first.item_seq])


def _create_bill(
    session: Session, encryptor: Encryptor, feed: Feed, conflict: Conflict, terms: ReleaseTerms, decision: Decision
) -> int:
    """Create the item's bill, with a chunk of its own; returns its id."""
    item = session.get_one(Item, (conflict.feed_id, conflict.seq), populate_existing=True)
    create_bills(session, encryptor, feed, [item], terms, decision.at)
    created = select(BillRow.id).where(BillRow.feed_id == conflict.feed_id, BillRow.item_seq == conflict.seq)
    bill_id = session.scalars(created).one()
    _end_item(session, conflict, "bill", bill_id)
    record(session, "bill", bill_id, "released", decision.at, by=decision.by, why=decision.why)
    session.execute(insert(Chunk).values(feed_id=feed.id, first_seq=conflict.seq, last_seq=conflict.seq))
    return bill_id


def _reassess_others(session: Session, settled: Conflict, bill_id: int, decision: Decision) -> None:
    """Point other conflicts about this number to the new bill; those with the same content end as duplicates."""
    others = conflicts_about(session, settled.first_id)
    for conflict in others:
        item = session.get_one(Item, (conflict.feed_id, conflict.seq))
        if says_the_same(session, [(item, bill_id)]):
            _end_item(session, conflict, "duplicate", bill_id)
            clear_attachments(session, conflict.feed_id, [conflict.seq])
            _close(session, conflict, "known", decision)
    point_to(session, others, bill_id)


def _end_item(session: Session, conflict: Conflict, outcome: str, bill_id: int | None = None) -> None:
    values: dict[str, Any] = {"outcome": outcome, "bill_id": bill_id, "content": None}
    here = (Item.feed_id == conflict.feed_id, Item.seq == conflict.seq, Item.outcome == "conflict")
    session.execute(update(Item).where(*here).values(**values))


def _close(session: Session, conflict: Conflict, state: str, decision: Decision) -> None:
    change_state(
        session, Conflict, conflict.id, "open", state, decision.at, by=decision.by, why=decision.why,
        decided_by=decision.by, reason=decision.why, settled_at=decision.at,
    )  # fmt: skip

"""Returned mail: what follows when the post brings a letter back. Each return is recorded once, whoever tells of it.

The letter is no longer posted: a named person, or another address, decides how it goes on. Unless its addressee has
refused it or not fetched it, its address is suppressed: the account's next letters are held until another one is known,
its holders are asked for it, and the issuer is told.
"""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from bill import Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.address_obstacles import address_suppressed
from delivery.channels.paper.letter_address import letter_address
from delivery.feedback.ask_for_address import ask_for_address
from delivery.reminders.bill_reminders import OVER
from payments.amounts_due import amount_due_of
from store.accounts.account_notice import AccountNotice, NewNotice, append_notice
from store.accounts.address_suppression import suppress_address
from store.accounts.customer_account import CustomerAccount
from store.accounts.return_reason import WRONG_ADDRESS, ReturnReason
from store.bills.bill import BillRow
from store.db.event import record, record_all
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import Delivery, record_receipt
from store.issuer import Issuer
from store.outbox.account_events import record_bill_event

#: So long a returned letter waits for another address before a named person must have decided.
TIME_TO_ANSWER: Final = timedelta(days=14)

#: `recorded`; `known`: told before; `not_posted`: no such letter has left.
ReturnOutcome = Literal["recorded", "known", "not_posted"]


def letter_returned(
    session: Session, delivery_id: int, reason: ReturnReason, now: datetime, by: str, words: str = "",
    calendar: Calendar | None = None,
) -> ReturnOutcome:  # fmt: skip
    """Record that the post brought a letter back, for this reason. *by* is who tells it: the print house, or a named
    person; *words* is what they add. Send the wake-up signal after the commit."""
    letter = session.get(Delivery, delivery_id, populate_existing=True)
    if letter is None or letter.channel != "paper" or letter.sent_at is None:
        return "not_posted"
    bill = session.get_one(BillRow, letter.bill_id)
    lock_rows(session, CustomerAccount, CustomerAccount.id == bill.account_id)
    if not record_receipt(session, delivery_id, "returned", now, words):
        return "known"
    account = session.get_one(CustomerAccount, bill.account_id, populate_existing=True)
    is_over = amount_due_of(session, bill, (calendar or Calendar()).day_of(now)).kind in OVER
    why = Reason.of("letter_came_back", return_reason=reason)
    answered_by = by if is_over else ""  # a bill that is paid needs no other letter
    change_state(
        session, Delivery, delivery_id, ["sent", "delivered"], "failed", now, by=by, why=why, reason=why,
        decided_by=answered_by,
    )  # fmt: skip
    _is_posted_no_more(session, bill.id, delivery_id)
    if reason in WRONG_ADDRESS and not _has_moved_since(session, account.id, letter.sent_at):
        _doubt_address(session, account, bill, delivery_id, reason, now, by, words)
    record_bill_event(session, bill, "letter.returned", now, reason=reason, words=words[:500])
    return "recorded"


def _is_posted_no_more(session: Session, bill_id: int, delivery_id: int) -> None:
    """The bill has been posted only while another letter of it is on its way."""
    other = aliased(Delivery)
    on_its_way = exists().where(
        other.bill_id == bill_id, other.id != delivery_id, other.channel == "paper", other.sent_at.is_not(None),
        other.state.in_(["sent", "delivered"]),
    )  # fmt: skip
    mine = update(BillRow).where(BillRow.id == bill_id, ~on_its_way)
    session.execute(mine.values(posted_at=None), execution_options={"synchronize_session": False})


def _has_moved_since(session: Session, account_id: int, sent_at: datetime) -> bool:
    """Whether another address became known after the letter had left, or that of an estate: then it went to the one of
    before."""
    known = exists().where(
        AccountNotice.account_id == account_id, AccountNotice.kind.in_(["address_known", "to_estate"]),
        AccountNotice.at > sent_at,
    )  # fmt: skip
    return bool(session.scalar(select(known)))


def _doubt_address(
    session: Session, account: CustomerAccount, bill: BillRow, delivery_id: int, reason: ReturnReason, now: datetime,
    by: str, words: str,
) -> None:  # fmt: skip
    """Suppress the address that the letter went to, hold the account's letters that have not left, and ask."""
    address = letter_address(account, session.get_one(Issuer, account.issuer_id), bill, "FR")
    is_new = suppress_address(session, account.id, address, reason, now, by)
    why = address_suppressed(reason, now)
    record(session, "account", account.id, "address suppressed", now, by=by, why=why)
    append_notice(session, NewNotice(
        account_id=account.id, kind="moved", at=now, key=f"delivery {delivery_id}", by=by, channel="paper",
        words=words or reason,
    ))  # fmt: skip
    _hold_ready_letters(session, account.id, why, now)
    if is_new and reason != "deceased":
        ask_for_address(session, account.id, now)


def _hold_ready_letters(session: Session, account_id: int, why: Reason, now: datetime) -> None:
    """Hold the account's letters that would leave with the next lot; those in a closed batch leave."""
    bills = select(BillRow.id).where(BillRow.account_id == account_id)
    ids = lock_rows(
        session, Delivery, Delivery.bill_id.in_(bills), Delivery.channel == "paper", Delivery.state == "ready"
    )
    if ids:
        mine = update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "ready")
        session.execute(
            mine.values(state="failed", reason=why, batch_id=None), execution_options={"synchronize_session": False}
        )
        record_all(session, "delivery", ids, "failed", now, why=why)

"""Hold back the letters of an account on a named person's decision, those that have not left and those to come, and let
them go again. What reaches people on line goes on.

All letters pass `delivery.channels.paper.print_batch.join_batch`: there those of a held account fail, and are held by
whoever decided.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason
from store.accounts.account_notice import AccountNoticeKind, NewNotice, append_notice
from store.accounts.customer_account import CustomerAccount
from store.accounts.letter_hold import end_hold, keep_hold
from store.bills.bill import PRESENTABLE, BillRow
from store.db.event import record, record_all
from store.db.row_locks import lock_rows
from store.delivery import Delivery

#: The code of the reason of letters that a named person keeps back.
HELD: Final = "letters_held"
_LET_GO: Final = Reason("letters_let_go")


def held_for(reason: str) -> Reason:
    """The reason of a letter that a named person keeps back, in their words."""
    return Reason.of("letters_held", words=reason)


def hold_letters_back(session: Session, account_id: int, by: str, reason: str, now: datetime) -> int | None:
    """Hold the account's letters. Returns how many of those that have not left stay; None if somebody holds them
    already."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    if not keep_hold(session, account_id, by, reason, now):
        return None
    _tell(session, account_id, "letters_held", by, reason, now)
    bills = select(BillRow.id).where(BillRow.account_id == account_id)
    letters = lock_rows(
        session, Delivery, Delivery.bill_id.in_(bills), Delivery.channel == "paper", Delivery.state == "ready"
    )
    _move(session, letters, "ready", "failed", held_for(reason), by, now, batch_id=None, decided_by=by)
    return len(letters)


def let_letters_go(session: Session, account_id: int, by: str, reason: str, now: datetime) -> int | None:
    """Let the account's letters go with the next batch, those of bills that nobody has seen meanwhile. Returns how many
    go; None if nobody held them."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    if not end_hold(session, account_id):
        return None
    _tell(session, account_id, "letters_let_go", by, reason, now)
    bills = select(BillRow.id).where(BillRow.account_id == account_id, BillRow.viewed_at.is_(None))
    letters = lock_rows(
        session, Delivery, Delivery.bill_id.in_(bills.where(BillRow.state.in_(PRESENTABLE))),
        Delivery.channel == "paper", Delivery.state == "failed", Delivery.batch_id.is_(None),
        Delivery.reason_code == HELD,
    )  # fmt: skip
    _move(session, letters, "failed", "ready", _LET_GO, by, now, due_at=now, decided_by="")
    return len(letters)


def _move(
    session: Session, letters: list[int], came_from: str, to: str, why: Reason, by: str, now: datetime, **also: object
) -> None:
    """Change the state of these letters, which are locked, with an event each."""
    if letters:
        changed = update(Delivery).where(Delivery.id.in_(letters), Delivery.state == came_from)
        session.execute(changed.values(state=to, reason=why, **also), execution_options={"synchronize_session": False})
        record_all(session, "delivery", letters, to, now, by=by, why=why)


def _tell(session: Session, account_id: int, kind: AccountNoticeKind, by: str, reason: str, now: datetime) -> None:
    record(session, "account", account_id, kind.replace("_", " "), now, by=by, why=reason)
    append_notice(session, NewNotice(
        account_id=account_id, kind=kind, at=now, by=by, channel="staff", basis="decision", words=reason
    ))  # fmt: skip

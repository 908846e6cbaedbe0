"""What follows for deliveries under way when an issuer says that its customer has paper by right, or has died."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.waiting_letters import post_waiting_letters
from store.bills.bill import BillRow
from store.db.event import record_all
from store.db.row_locks import lock_rows
from store.delivery import Delivery

_PAPER_BY_RIGHT = Reason("paper_by_right")
_DIED = Reason("holder_died")
_NOT_BEGUN = ("waiting", "ready")


def follow_paper_rights(session: Session, account_ids: Collection[int], now: datetime) -> int:
    """Post at once the letters of these accounts that wait for a reader, and cancel the mails that have not gone.
    Returns how many deliveries changed."""
    letters = post_waiting_letters(session, account_ids, _PAPER_BY_RIGHT, now)
    return letters + _cancel_mails(session, account_ids, _PAPER_BY_RIGHT, now)


def hold_letters_of_dead(session: Session, account_ids: Collection[int], now: datetime) -> int:
    """Hold the letters of these accounts that have not left, for a named person, and cancel their mails. Returns how
    many deliveries changed."""
    letters = _open_ones(session, account_ids, Delivery.channel == "paper")
    _change(session, letters, "failed", _DIED, now, batch_id=None)
    return len(letters) + _cancel_mails(session, account_ids, _DIED, now)


def _cancel_mails(session: Session, account_ids: Collection[int], why: Reason, now: datetime) -> int:
    mails = _open_ones(session, account_ids, Delivery.channel == "email")
    _change(session, mails, "cancelled", why, now)
    return len(mails)


def _open_ones(session: Session, account_ids: Collection[int], *conditions: ColumnElement[bool]) -> list[int]:
    """Lock the deliveries of these accounts' bills that have not begun, and return their ids."""
    if not account_ids:
        return []
    bills = select(BillRow.id).where(BillRow.account_id.in_(account_ids))
    return lock_rows(session, Delivery, Delivery.bill_id.in_(bills), Delivery.state.in_(_NOT_BEGUN), *conditions)


def _change(session: Session, ids: list[int], to: str, why: Reason, now: datetime, **also: object) -> None:
    if not ids:
        return
    mine = update(Delivery).where(Delivery.id.in_(ids), Delivery.state.in_(_NOT_BEGUN))
    session.execute(mine.values(state=to, reason=why, **also), execution_options={"synchronize_session": False})
    record_all(session, "delivery", ids, to, now, why=why)

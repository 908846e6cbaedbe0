"""What follows for deliveries under way when an issuer says that its customer has paper by right, or has died, or has
not."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bill import Reason
from consumers.heirs.end_heir import end_heirs_of_living
from delivery.bereavement_reasons import KEPT
from delivery.waiting_letters import post_waiting_letters
from store.bills.bill import PRESENTABLE, BillRow
from store.db.event import record_all
from store.db.row_locks import lock_rows
from store.delivery import MESSAGE_CHANNELS, Delivery

_PAPER_BY_RIGHT = Reason("paper_by_right")
_DIED = Reason("holder_died")
_ALIVE = Reason("death_taken_back")
#: Why an heir's access ends, in the words of its trail.
_TAKEN_BACK = "Décès démenti par l’émetteur"
_NOT_BEGUN = ("waiting", "ready")


def follow_paper_rights(session: Session, account_ids: Collection[int], now: datetime) -> int:
    """Post at once the letters of these accounts that wait for a reader, and cancel the mails that have not gone.
    Returns how many deliveries changed."""
    letters = post_waiting_letters(session, account_ids, _PAPER_BY_RIGHT, now)
    return letters + _cancel_mails(session, account_ids, _PAPER_BY_RIGHT, now)


def hold_letters_of_dead(session: Session, account_ids: Collection[int], now: datetime) -> int:
    """Hold the letters of these accounts that have not left, for a named person, and cancel their mails. Returns how
    many deliveries changed."""
    letters = hold_letters(session, account_ids, _DIED, now)
    return letters + _cancel_mails(session, account_ids, _DIED, now)


def hold_letters(session: Session, account_ids: Collection[int], why: Reason, now: datetime, by: str = "") -> int:
    """Hold the letters of these accounts that have not left: for a named person, or by the one named *by*. Returns how
    many."""
    letters = _open_ones(session, account_ids, Delivery.channel == "paper")
    _change(session, letters, "failed", why, now, by or "road", batch_id=None, decided_by=by)
    return len(letters)


def release_letters_of_living(session: Session, account_ids: Collection[int], now: datetime) -> int:
    """Let the letters of these accounts go that were held for a death which their issuer has taken back; their heirs
    follow them no longer. Returns how many letters."""
    if not account_ids:
        return 0
    end_heirs_of_living(session, account_ids, "issuer", _TAKEN_BACK, now)
    bills = select(BillRow.id).where(BillRow.account_id.in_(account_ids), BillRow.viewed_at.is_(None))
    held = lock_rows(
        session, Delivery, Delivery.bill_id.in_(bills.where(BillRow.state.in_(PRESENTABLE))),
        Delivery.state == "failed", Delivery.channel == "paper", Delivery.batch_id.is_(None),
        Delivery.reason_code.in_([_DIED.code, KEPT]),
    )  # fmt: skip
    if held:
        mine = update(Delivery).where(Delivery.id.in_(held), Delivery.state == "failed")
        session.execute(
            mine.values(state="ready", reason=_ALIVE, due_at=now, decided_by=""),
            execution_options={"synchronize_session": False},
        )
        record_all(session, "delivery", held, "ready", now, why=_ALIVE)
    return len(held)


def _cancel_mails(session: Session, account_ids: Collection[int], why: Reason, now: datetime) -> int:
    mails = _open_ones(session, account_ids, Delivery.channel.in_(MESSAGE_CHANNELS))
    _change(session, mails, "cancelled", why, now)
    return len(mails)


def _open_ones(session: Session, account_ids: Collection[int], *conditions: ColumnElement[bool]) -> list[int]:
    """Lock the deliveries of these accounts' bills that have not begun, and return their ids."""
    if not account_ids:
        return []
    bills = select(BillRow.id).where(BillRow.account_id.in_(account_ids))
    return lock_rows(session, Delivery, Delivery.bill_id.in_(bills), Delivery.state.in_(_NOT_BEGUN), *conditions)


def _change(
    session: Session, ids: list[int], to: str, why: Reason, now: datetime, by: str = "road", **also: object
) -> None:
    if not ids:
        return
    mine = update(Delivery).where(Delivery.id.in_(ids), Delivery.state.in_(_NOT_BEGUN))
    session.execute(mine.values(state=to, reason=why, **also), execution_options={"synchronize_session": False})
    record_all(session, "delivery", ids, to, now, by=by, why=why)

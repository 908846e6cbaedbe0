"""Suspend a later holder of an account at an earlier holder's request; the issuer settles the dispute.

An earlier holder may suspend a later one, never the reverse.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import Reason
from consumers.co_holders import order_of
from consumers.mandate_endings import end_mandate_of_signer
from consumers.paperless_consent import BACK_TO_PAPER
from store.access_grants.ended_contracts import end_grants_on
from store.accounts.consent import give
from store.accounts.consumer import Consumer, Enrolment, end_holding, enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute, DisputeDecision, dispute_about
from store.accounts.joint_holder_notice import notify_holder, shortened_name
from store.base import insert_new
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.db.state_change import change_state
from store.leaving.space_closing import has_left
from store.outbox.account_events import record_holder_event

#: The longest message of a suspended holder to the issuer, in characters.
LONGEST_WORDS: Final = 1000


def suspend_holder(session: Session, account: CustomerAccount, earlier: Consumer, later_id: int, now: datetime) -> bool:
    """Suspend the later holder: they see nothing of the account, get no mail about it and cannot claim it; what they
    granted on it ends. Returns False if they did not come later, are suspended already, or hold the account by the
    issuer's decision."""
    _lock(session, account)
    if earlier.id not in _holders(session, account) or not may_suspend(session, account.id, earlier.id, later_id):
        return False
    done = session.execute(
        update(Enrolment)
        .where(Enrolment.account_id == account.id, Enrolment.consumer_id == later_id)
        .where(Enrolment.ended_at.is_(None), Enrolment.suspended_at.is_(None))
        .values(suspended_at=now)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        return False
    row = {
        "issuer_id": account.issuer_id, "account_id": account.id, "earlier_id": earlier.id, "later_id": later_id,
        "opened_at": now, "asked_at": None, "settled_at": None,
    }  # fmt: skip
    insert_new(session, Dispute, [row])
    end_mandate_of_signer(session, account.id, later_id, now)
    end_grants_on(session, account.id, later_id, now, f"consumer {earlier.id}")
    _record(session, account, "holder suspended", earlier.id, later_id, now)
    return True


def may_suspend(session: Session, account_id: int, mine: int, other: int) -> bool:
    """Whether *mine* may suspend *other*: *other* came later, and the issuer has not decided for them."""
    last = dispute_about(session, account_id, other)
    is_decided = last is not None and last.state in {"restored", "replaced"}
    return order_of(session, account_id, mine, other) == "later" and not is_decided


def lift_suspension(
    session: Session, account: CustomerAccount, earlier: Consumer, later_id: int, now: datetime
) -> bool:
    """Lift a suspension. Returns False if it was not made by this holder, or is over."""
    _lock(session, account)
    dispute = dispute_about(session, account.id, later_id)
    if dispute is None or dispute.earlier_id != earlier.id or earlier.id not in _holders(session, account):
        return False
    by = f"consumer {earlier.id}"
    if not change_state(session, Dispute, dispute.id, "open", "lifted", now, by=by, decided_by=by, settled_at=now):
        return False
    _restore(session, account.id, later_id, now)
    _record(session, account, "holder restored", earlier.id, later_id, now)
    notify_holder(session, later_id, account, "lifted", shortened_name(earlier.name), now)
    return True


def ask_issuer(session: Session, account_id: int, later: Consumer, words: str, now: datetime) -> bool:
    """The suspended holder asks the issuer to decide, once. Returns False if no dispute is open or it was asked
    already."""
    dispute = dispute_about(session, account_id, later.id)
    if dispute is None:
        return False
    asked = session.execute(
        update(Dispute)
        .where(Dispute.id == dispute.id, Dispute.state == "open", Dispute.asked_at.is_(None))
        .values(asked_at=now, words=words[:LONGEST_WORDS])
    )
    if asked.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "dispute", dispute.id, "asked", now, by=f"consumer {later.id}")
    return True


def settle_dispute(
    session: Session, dispute_id: int, verdict: DisputeDecision, by: str, reason: str, now: datetime
) -> bool:
    """A named person settles a dispute: both hold the account, or only the earlier, or only the later. A removed holder
    may be restored afterwards. Both are notified. Returns False if somebody else settled it first."""
    dispute = session.get(Dispute, dispute_id)
    account = session.get(CustomerAccount, dispute.account_id) if dispute else None
    if dispute is None or account is None:
        return False
    _lock(session, account)
    before = ["open", "removed"] if verdict == "restored" else ["open"]
    if not change_state(
        session, Dispute, dispute.id, before, verdict, now, by=by, why=reason, decided_by=by,
        reason=Reason.said(reason), settled_at=now,
    ):  # fmt: skip
        return False
    earlier = session.get_one(Consumer, dispute.earlier_id)
    later = session.get_one(Consumer, dispute.later_id)
    if verdict == "removed":
        _end(session, account.id, later.id, by, now)
        notify_holder(session, later.id, account, "removed", "", now)
    else:
        _restore(session, account.id, later.id, now)
        notify_holder(session, later.id, account, "restored", "", now)
        if verdict == "replaced":
            _end(session, account.id, earlier.id, by, now, bar=True)
            notify_holder(session, earlier.id, account, "removed", "", now)
        elif earlier.id in _holders(session, account):
            notify_holder(session, earlier.id, account, "kept", later.name, now)
    if verdict in {"removed", "replaced"}:
        record_holder_event(session, account, "account.left", now, "operator")
    if account.paperless and not _holders(session, account):
        give(session, account, None, "paper", now, BACK_TO_PAPER.version, basis="no_reader", way="staff", by=by)
    record(session, "account", account.id, f"holders {verdict}", now, by=by, why=reason)
    return True


def _restore(session: Session, account_id: int, consumer_id: int, now: datetime) -> None:
    mine = (Enrolment.account_id == account_id, Enrolment.consumer_id == consumer_id)
    session.execute(update(Enrolment).where(*mine).values(suspended_at=None))
    if not has_left(session, consumer_id):
        enrol(session, consumer_id, account_id, now)  # where the enrolment had ended


def _end(session: Session, account_id: int, consumer_id: int, by: str, now: datetime, *, bar: bool = False) -> None:
    """End an enrolment. A suspended holder, or one barred now (*bar*), cannot come back with the next letter."""
    mine = (Enrolment.account_id == account_id, Enrolment.consumer_id == consumer_id)
    end_holding(session, consumer_id, account_id, now, by)
    end_mandate_of_signer(session, account_id, consumer_id, now)
    if bar:
        session.execute(update(Enrolment).where(*mine).values(suspended_at=now))


def _holders(session: Session, account: CustomerAccount) -> set[int]:
    return {each.id for each in holders_of(session, [account.id]).get(account.id, [])}


def _lock(session: Session, account: CustomerAccount) -> None:
    """Lock the account, so that two people act on it one after the other."""
    session.get_one(CustomerAccount, account.id, with_for_update=ROW_LOCK, populate_existing=True)


def _record(session: Session, account: CustomerAccount, what: str, earlier: int, later: int, now: datetime) -> None:
    why = Reason.of("other_holder", consumer_id=later)
    record(session, "account", account.id, what, now, by=f"consumer {earlier}", why=why)

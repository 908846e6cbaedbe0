"""Records views of bills and bounced e-mails, with their effects. Each is recorded once, even when reported twice."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.feedback.suppress_email_address import suppress_email_address
from delivery.feedback.what_counts_as_seen import Look, LookKind
from delivery.replace_failed import replace_failed
from store.accounts.consumer import UNWANTED
from store.bills.bill import BillRow
from store.db.event import record, record_all
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Delivery, create_deliveries, record_receipt

#: Why a letter is owed whoever looks: its account went back to paper, or has a right to it
#: (`delivery.waiting_letters`), or somebody has asked for one.
_OWED_ON_PAPER: Final = ("paper_after_withdrawal", "paper_by_right", "sent_again")
#: Looks of people who hold the account, or for one who does: a link in a message to a person, and a grant, are good
#: while they do.
_OF_HOLDERS: Final[frozenset[LookKind]] = frozenset({"holder", "one_bill_link", "looks_for_holder"})


def bill_viewed(
    session: Session, bill: BillRow, consumer_id: int, now: datetime, calendar: Calendar | None = None
) -> bool:  # fmt: skip
    """Record that a signed-in holder saw a bill. Returns False when this consumer had seen it before."""
    return bill_looked_at(session, bill, Look("holder", consumer_id), now, calendar)


def bill_looked_at(
    session: Session, bill: BillRow, look: Look, now: datetime, calendar: Calendar | None = None
) -> bool:  # fmt: skip
    """Record a look at a bill if it counts as seen (`delivery.feedback.what_counts_as_seen`): the one door for all
    looks. Returns False, changing nothing, for one that does not count, when this person had seen the
    bill before, and for a bill that its reader brought in.

    Each holder has read it or not for themselves. The first view of a bill cancels its waiting reminders, and its
    letter until the batch's cut-off; the letter of an account that wants paper is kept, also where it has asked for it
    since or has a right to it, and so are reminders of instalments.
    """
    if not look.counts or bill.is_imported:
        return False
    present = session.scalar(
        select(Delivery).where(
            Delivery.bill_id == bill.id, Delivery.person_id == look.seen_by, Delivery.channel == "portal",
            Delivery.purpose == "present",
        )
    )  # fmt: skip
    if present is not None and present.state == "delivered":
        return False
    first = session.execute(
        update(BillRow).where(BillRow.id == bill.id, BillRow.viewed_at.is_(None)).values(viewed_at=now)
    )
    is_first = first.rowcount == 1  # type: ignore[attr-defined]
    is_later_holder = present is None and look.seen_by is not None and look.kind in _OF_HOLDERS
    if present is None and not is_first and not is_later_holder:
        return False
    why = Reason.of("viewed", day=(calendar or Calendar()).day_of(now).isoformat())
    if present is not None:
        _presented(session, present, why, now)
    elif is_later_holder:
        _seen_by_later_holder(session, bill, look.seen_by, now)
    record(session, "bill", bill.id, "viewed", now, by=look.by)
    _cancel_what_waits(session, bill, look.seen_by, why, now)
    return True


def _presented(session: Session, present: Delivery, why: Reason, now: datetime) -> None:
    record_receipt(session, present.id, "viewed", now)
    change_state(
        session, Delivery, present.id, ["waiting", "ready", "attempting", "sent"], "delivered", now,
        why=why, sent_at=present.sent_at or now, delivered_at=now,
    )  # fmt: skip


def _seen_by_later_holder(session: Session, bill: BillRow, consumer_id: int | None, now: datetime) -> None:
    """Keep that somebody saw a bill which was there before they held the account. It was never presented to them, so
    that no figure of what was presented changes."""
    seen: dict[str, object] = {
        "bill_id": bill.id, "issuer_id": bill.issuer_id, "person_id": consumer_id, "channel": "portal",
        "purpose": "present", "state": "delivered", "reason": Reason("shown_to_holder"), "due_at": now, "made_at": now,
        "delivered_at": now,
    }  # fmt: skip
    create_deliveries(session, [seen])


def _cancel_what_waits(session: Session, bill: BillRow, reader: int | None, why: Reason, now: datetime) -> None:
    open_message = and_(
        Delivery.channel.not_in(["portal", "paper"]),
        Delivery.state.in_(["waiting", "ready"]),
        Delivery.purpose.not_like("due-%"),
        or_(Delivery.purpose.like("remind-%"), Delivery.person_id == reader),
    )
    letter_states = ["waiting", "ready"] if bill.channel == "portal" else ["waiting"]
    open_letter = and_(
        Delivery.channel == "paper", Delivery.state.in_(letter_states), Delivery.reason_code.not_in(_OWED_ON_PAPER)
    )  # fmt: skip
    _cancel(session, and_(Delivery.bill_id == bill.id, or_(open_message, open_letter)), why, now)


def _cancel(session: Session, condition: ColumnElement[bool], why: Reason, now: datetime) -> None:
    ids = lock_rows(session, Delivery, condition)
    if not ids:
        return
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state="cancelled", batch_id=None))
    record_all(session, "delivery", ids, "cancelled", now, why=why)


def mail_bounced(session: Session, delivery_id: int, words: str, now: datetime) -> bool:
    """Record that an e-mail was refused for good. Returns False when that was known.

    The consumer's address is suppressed, open e-mails about this bill to it are cancelled, and the reader is
    told by the next channel, else by post, unless another holder was notified. *words* is the server's answer.
    """
    if not record_receipt(session, delivery_id, "bounced", now, words):
        return False
    failed = session.get_one(Delivery, delivery_id)
    why = Reason.of("email_bounced", answer=words)
    change_state(
        session,
        Delivery,
        delivery_id,
        [*OPEN_STATES, "sent"],
        "failed",
        now,
        why=why,
        lease_owner=None,
        lease_until=0.0,
    )
    if failed.person_id is not None:
        suppress_email_address(session, failed.person_id, words, now)
    _cancel(session, _open_mails_like(failed), why, now)
    replace_failed(session, failed, why, now)
    return True


def mail_complained(session: Session, delivery_id: int, now: datetime, words: str = "") -> bool:
    """Record that a person reported an e-mail as spam. Returns False when that was known.

    No other e-mail goes to that address: it is suppressed as unwanted, and open e-mails about this bill to it are
    cancelled. A bill must not become silent by it: its reader is told by the next channel, else by post, unless
    somebody is told otherwise. The e-mail itself has arrived: its delivery is as it was. *words* is what the report
    says.
    """
    if not record_receipt(session, delivery_id, "complained", now, words):
        return False
    reported = session.get_one(Delivery, delivery_id)
    why = Reason("email_unwanted")
    if reported.person_id is not None:
        suppress_email_address(session, reported.person_id, UNWANTED, now)
    _cancel(session, _open_mails_like(reported), why, now)
    replace_failed(session, reported, why, now)
    return True


def _open_mails_like(delivery: Delivery) -> ColumnElement[bool]:
    """SQL condition: an e-mail about the same bill to the same person that was not sent yet."""
    return and_(
        Delivery.bill_id == delivery.bill_id, Delivery.person_id == delivery.person_id, Delivery.channel == "email",
        Delivery.state.in_(["waiting", "ready"]),
    )  # fmt: skip

"""Enquiries: a consumer asks the issuer about a bill, and a named member of the issuer answers. Pages call one a
« question »."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    case,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.bills.bill import BillRow
from store.bills.enquiry_subject import ENQUIRY_SUBJECTS, EnquirySubject
from store.db.event import record_all
from store.db.row_counting import count_some
from store.db.row_locks import lock_rows
from store.issuer import of_issuer

#: `open`: it waits for the issuer; `answered`: the issuer had the last word; `closed` by either, or since the asker
#: left the account. A further word of the asker opens it again.
ENQUIRY_STATES: Final = ("open", "answered", "closed")
EnquiryState = Literal["open", "answered", "closed"]

#: The longest words of one entry, in characters.
LONGEST_WORDS: Final = 4000


class Enquiry(Base):
    """A thread about one bill. Only its asker, the members of its issuer, and operators read it: other holders of the
    account do not.

    *waiting_since* is the asker's first word that has no answer yet (of an answered one: that was answered). *entries*
    counts the words of both; who writes says which was the last they read. *seen_at*: the asker has read the answer.
    *disputed_at*: the asker disputes the amount; in force while it is open. *once* names the form it was sent by.
    """

    __tablename__ = "enquiry"
    __table_args__ = (
        CheckConstraint(f"state IN {ENQUIRY_STATES}", name="state"),
        CheckConstraint(f"subject IN {ENQUIRY_SUBJECTS}", name="subject"),
        UniqueConstraint("consumer_id", "once"),
        Index("ix_enquiry_state_issuer_id_waiting_since_id", "state", "issuer_id", "waiting_since", "id"),
        Index("ix_enquiry_state_waiting_since_id", "state", "waiting_since", "id"),
        Index("ix_enquiry_consumer_id_state", "consumer_id", "state"),
        Index("ix_enquiry_bill_id", "bill_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))  # who asks
    subject: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    once: Mapped[str] = mapped_column(String(40))
    entries: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    waiting_since: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]

    @property
    def is_disputed(self) -> bool:
        """Whether the asker disputes the amount and waits for the issuer."""
        return self.disputed_at is not None and self.state == "open"

    @property
    def is_news(self) -> bool:
        """Whether there is an answer that its asker has not read."""
        return self.state == "answered" and self.seen_at is None


class EnquiryEntry(Base):
    """What one of the two wrote, the *n*-th of its enquiry: the asker (*staff_id* is None), or a member of the issuer,
    with the *name* that the asker reads."""

    __tablename__ = "enquiry_entry"
    __table_args__ = (UniqueConstraint("enquiry_id", "n"), UniqueConstraint("enquiry_id", "once"))

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"))
    n: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    once: Mapped[str] = mapped_column(String(40))


def enquiry_by_form(session: Session, consumer_id: int, once: str) -> Enquiry | None:
    """The enquiry that this consumer has sent by this form; None if none."""
    return session.scalar(select(Enquiry).where(Enquiry.consumer_id == consumer_id, Enquiry.once == once))


def enquiries_about(session: Session, consumer_id: int, bill_id: int) -> list[Enquiry]:
    """This consumer's enquiries about a bill, newest first."""
    mine = (Enquiry.bill_id == bill_id, Enquiry.consumer_id == consumer_id)
    return list(session.scalars(select(Enquiry).where(*mine).order_by(Enquiry.id.desc())))


def enquiries_of_bill(session: Session, bill_id: int) -> list[Enquiry]:
    """All enquiries about a bill, whoever asks, newest first."""
    return list(session.scalars(select(Enquiry).where(Enquiry.bill_id == bill_id).order_by(Enquiry.id.desc())))


def enquiries_of(session: Session, consumer_id: int, before: int | None = None, limit: int = 20) -> list[Enquiry]:
    """This consumer's enquiries, newest first, by keyset (*before* is the last id of the page before)."""
    query = select(Enquiry).where(Enquiry.consumer_id == consumer_id)
    query = query if before is None else query.where(Enquiry.id < before)
    return list(session.scalars(query.order_by(Enquiry.id.desc()).limit(limit)))


def unread_answers(session: Session, consumer_id: int) -> list[Enquiry]:
    """This consumer's enquiries with an answer that they have not read, oldest answer first."""
    news = (Enquiry.consumer_id == consumer_id, Enquiry.state == "answered", Enquiry.seen_at.is_(None))
    return list(session.scalars(select(Enquiry).where(*news).order_by(Enquiry.answered_at, Enquiry.id)))


def entries_of(session: Session, enquiry_ids: Collection[int]) -> dict[int, list[EnquiryEntry]]:
    """What was written in each of these enquiries, first to last, by enquiry id."""
    found: dict[int, list[EnquiryEntry]] = {each: [] for each in enquiry_ids}
    query = select(EnquiryEntry).where(EnquiryEntry.enquiry_id.in_(enquiry_ids))
    for entry in session.scalars(query.order_by(EnquiryEntry.enquiry_id, EnquiryEntry.n)) if enquiry_ids else ():
        found[entry.enquiry_id].append(entry)
    return found


def enquiries_in_line(
    session: Session, state: EnquiryState, issuer_id: int | None = None, after: int | None = None, limit: int = 20,
    subject: EnquirySubject | None = None,
) -> list[Enquiry]:  # fmt: skip
    """Enquiries in one state, of one issuer or (None) of all: the open ones that wait longest first, of the others the
    latest first; by keyset (*after* is the last id of the page before)."""
    query, key = _in_state(select(Enquiry), state, issuer_id), (Enquiry.waiting_since, Enquiry.id)
    if subject is not None:
        query = query.where(Enquiry.subject == subject)
    is_first_in = state == "open"
    last = session.get(Enquiry, after) if after is not None else None
    if last is not None:
        here, there = tuple_(*key), tuple_(last.waiting_since, last.id)
        query = query.where(here > there if is_first_in else here < there)
    order = key if is_first_in else tuple(each.desc() for each in key)
    return list(session.scalars(query.order_by(*order).limit(limit)))


def count_enquiries(session: Session, issuer_id: int | None = None) -> int:
    """Count the enquiries that wait for the issuer, `MOST_COUNTED` at most."""
    return count_some(session, _in_state(select(Enquiry.id), "open", issuer_id))


def oldest_enquiry_since(session: Session, issuer_id: int | None = None) -> datetime | None:
    """Since when the oldest enquiry that waits for the issuer has waited; None if none waits."""
    first = next(iter(enquiries_in_line(session, "open", issuer_id, limit=1)), None)
    return first.waiting_since if first else None


def disputes_of_bills(session: Session, bill_ids: Collection[int]) -> dict[int, datetime]:
    """Since when each of these bills is disputed, whoever of its holders does: from its first dispute on, also where
    that ended and another is in force. A bill that is not disputed now is left out."""
    is_waiting = func.max(case((Enquiry.state == "open", 1), else_=0)) == 1
    query = (
        select(Enquiry.bill_id, func.min(Enquiry.disputed_at))
        .where(Enquiry.bill_id.in_(bill_ids), Enquiry.disputed_at.is_not(None))
        .group_by(Enquiry.bill_id)
        .having(is_waiting)
    )
    rows = session.execute(query) if bill_ids else ()
    return {bill_id: since for bill_id, since in rows if since is not None}


def first_disputes(session: Session, bill_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these bills that is or was disputed was so first."""
    disputed = (Enquiry.bill_id.in_(bill_ids), Enquiry.disputed_at.is_not(None))
    query = select(Enquiry.bill_id, func.min(Enquiry.disputed_at)).where(*disputed).group_by(Enquiry.bill_id)
    rows = session.execute(query) if bill_ids else ()
    return {bill_id: first for bill_id, first in rows if first is not None}


def see_answer(session: Session, enquiry_id: int, now: datetime) -> None:
    """The asker has read the answer."""
    news = (Enquiry.id == enquiry_id, Enquiry.state == "answered", Enquiry.seen_at.is_(None))
    session.execute(update(Enquiry).where(*news).values(seen_at=now))


def close_enquiries_of(session: Session, consumer_id: int, account_id: int, now: datetime, by: str) -> None:
    """Close what this consumer has asked about the bills of an account, which they hold no longer."""
    bills = select(BillRow.id).where(BillRow.account_id == account_id)
    mine = (Enquiry.consumer_id == consumer_id, Enquiry.state.in_(["open", "answered"]), Enquiry.bill_id.in_(bills))
    ids = lock_rows(session, Enquiry, *mine)
    session.execute(update(Enquiry).where(Enquiry.id.in_(ids)).values(state="closed", closed_at=now))
    record_all(session, "enquiry", ids, "closed", now, by=by)


def _in_state(query: Select[Any], state: EnquiryState, issuer_id: int | None) -> Select[Any]:
    query = query.where(Enquiry.state == state)
    return query.where(of_issuer(Enquiry.issuer_id, issuer_id))

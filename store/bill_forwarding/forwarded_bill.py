"""Which bills were forwarded to which address: each at most once, whatever is queued twice."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ForeignKey, Index, and_, exists, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Enrolment, is_in_force
from store.base import Base, insert_new
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import IMPORTED_CHANNEL, PRESENTABLE, BillRow
from store.db.constant_in_sql import is_one_of
from store.feeds.feed import Feed
from store.job import Job, request_job

#: The kind of the background jobs that forward a bill.
FORWARD_BILL: Final = "forward_bill"
#: A bill that came longer ago is new to nobody: longer than a feed waits for a person, or an outage lasts.
LOOKED_BACK: Final = timedelta(days=90)


class ForwardedBill(Base):
    """A bill for an address, and the job that sends it. A job's attempts, answer and moment are the mail's."""

    __tablename__ = "forwarded_bill"
    __table_args__ = (Index("ix_forwarded_bill_job_id", "job_id"),)

    forward_id: Mapped[int] = mapped_column(ForeignKey("forward_address.id"), primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("errand.id"))
    queued_at: Mapped[datetime]


class ForwardCounts(NamedTuple):
    """What went to an address: how many bills, the last when, and how many could not be sent."""

    sent: int = 0
    last_sent_at: datetime | None = None
    failed: int = 0


def queue_forwards(session: Session, now: datetime, limit: int) -> int:
    """Ask for a mail of each new bill that an address waits for, at most *limit*. Returns how many. New are bills that
    were released after the address confirmed and after the consumer had the account. What people bring in themselves
    came from nobody, and goes nowhere: it could come back by mail."""
    released_at = func.coalesce(Feed.released_at, BillRow.received_at)
    known = exists().where(
        ForwardedBill.forward_id == ForwardAddress.id, ForwardedBill.bill_id == BillRow.id
    )  # fmt: skip
    query = (
        select(ForwardAddress.id, BillRow.id)
        .join(
            Enrolment,
            and_(
                Enrolment.consumer_id == ForwardAddress.consumer_id,
                or_(ForwardAddress.account_id.is_(None), ForwardAddress.account_id == Enrolment.account_id),
            ),
        )
        .join(BillRow, BillRow.account_id == Enrolment.account_id)
        .join(Feed, Feed.id == BillRow.feed_id)
        .where(ForwardAddress.state == "confirmed", is_in_force(), is_one_of(BillRow.state, PRESENTABLE), ~known)
        .where(BillRow.received_at > now - LOOKED_BACK, released_at >= ForwardAddress.confirmed_at)
        .where(released_at >= Enrolment.enrolled_at, BillRow.channel.is_distinct_from(IMPORTED_CHANNEL))
        .order_by(BillRow.id, ForwardAddress.id)
        .limit(limit)
    )
    queued = 0
    for forward_id, bill_id in session.execute(query).all():
        job = request_job(session, FORWARD_BILL, {"forward_id": forward_id, "bill_id": bill_id}, now)
        session.flush()
        row = {"forward_id": forward_id, "bill_id": bill_id, "job_id": job.id, "queued_at": now}
        if insert_new(session, ForwardedBill, [row]):
            queued += 1
        else:
            session.delete(job)  # another worker was first
    return queued


def forward_counts(session: Session, forward_ids: Collection[int]) -> defaultdict[int, ForwardCounts]:
    """What went to each of these addresses."""
    query = (
        select(ForwardedBill.forward_id, func.count(Job.sent_at), func.max(Job.sent_at))
        .join(Job, Job.id == ForwardedBill.job_id)
        .where(ForwardedBill.forward_id.in_(forward_ids))
        .group_by(ForwardedBill.forward_id)
    )
    failed = (
        select(ForwardedBill.forward_id, func.count())
        .join(Job, Job.id == ForwardedBill.job_id)
        .where(ForwardedBill.forward_id.in_(forward_ids), Job.state == "failed")
        .group_by(ForwardedBill.forward_id)
    )
    unsent: dict[int, int] = dict(session.execute(failed).tuples().all())
    found: defaultdict[int, ForwardCounts] = defaultdict(ForwardCounts)
    for forward_id, sent, last in session.execute(query):
        found[forward_id] = ForwardCounts(sent, last, unsent.get(forward_id, 0))
    return found

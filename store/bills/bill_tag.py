"""A consumer's own tags on bills. Nobody else sees them: no other holder of the account, no issuer, no operator.

Tags are compared folded, without case and accents, and shown as they were typed.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import BigInteger, ForeignKey, Index, String, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new
from store.bills.bill import BillRow
from store.search.word_forms import fold_text

#: The most tags of one consumer on one bill, and characters of a tag.
MOST_TAGS: Final = 20
LONGEST_TAG: Final = 40
#: Characters of its folded form, in which one may become several: « ½ » is `1⁄2`.
LONGEST_FOLDED: Final = 160
#: The most different tags of one consumer that are listed.
_MOST_LISTED: Final = 200

#: What became of a new tag.
Tagging = Literal["tagged", "empty", "known", "too_many"]


class BillTag(Base):
    """A consumer's tag on a bill."""

    __tablename__ = "bill_tag"
    __table_args__ = (Index("ix_bill_tag_consumer_id_bill_id", "consumer_id", "bill_id"),)

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    folded: Mapped[str] = mapped_column(String(LONGEST_FOLDED), primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_TAG))  # as typed
    tagged_at: Mapped[datetime]


def folded_tag(name: str) -> str:
    """The form in which tags are compared, which is its own; "" for a name without letters, digits or signs."""
    return " ".join(fold_text(name).split())[:LONGEST_FOLDED].rstrip()


def tag_bill(session: Session, consumer_id: int, bill_id: int, name: str, at: datetime) -> Tagging:
    """Put the consumer's tag on a bill. Lock the consumer's row before, so that two tags at once are counted."""
    name = name[:LONGEST_TAG]
    folded = folded_tag(name)
    if not folded:
        return "empty"
    mine = (BillTag.consumer_id == consumer_id, BillTag.bill_id == bill_id)
    has = set(session.scalars(select(BillTag.folded).where(*mine)))
    if folded in has:
        return "known"
    if len(has) >= MOST_TAGS:
        return "too_many"
    row = {
        "consumer_id": consumer_id, "folded": folded, "bill_id": bill_id, "name": name, "tagged_at": at,
    }  # fmt: skip
    return "tagged" if insert_new(session, BillTag, [row]) else "known"


def untag_bill(session: Session, consumer_id: int, bill_id: int, name: str) -> None:
    """Take the consumer's tag off a bill. One that is not there is no error."""
    mine = (BillTag.consumer_id == consumer_id, BillTag.bill_id == bill_id)
    session.execute(delete(BillTag).where(*mine, BillTag.folded == folded_tag(name)))


def tags_of_bill(session: Session, consumer_id: int, bill_id: int) -> list[str]:
    """The consumer's tags on a bill as typed, in the order of the alphabet."""
    mine = (BillTag.consumer_id == consumer_id, BillTag.bill_id == bill_id)
    return list(session.scalars(select(BillTag.name).where(*mine).order_by(BillTag.folded)))


def tags_of_consumer(session: Session, consumer_id: int) -> dict[str, str]:
    """The consumer's tags in the order of the alphabet: as typed last, by their folded form."""
    return dict(session.connection().execute(_TAGS, {"consumer_id": consumer_id}).tuples().all())


_TAGS: Final = (
    select(BillTag.folded, BillTag.name)
    .where(BillTag.consumer_id == bindparam("consumer_id", type_=BigInteger))
    .group_by(BillTag.folded, BillTag.name)
    .order_by(BillTag.folded, func.max(BillTag.tagged_at))
    .limit(_MOST_LISTED)
)


def forget_tags(session: Session, consumer_id: int, account_ids: Collection[int]) -> None:
    """Delete the consumer's tags on the bills of these accounts."""
    bills = select(BillRow.id).where(BillRow.account_id.in_(account_ids))
    session.execute(delete(BillTag).where(BillTag.consumer_id == consumer_id, BillTag.bill_id.in_(bills)))

"""Refuse items that share a bill number inside one feed with different content.

Applies to formats in which a bill is put together from rows: such items may be parts of one bill, and none of them can
be trusted. None is released.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bill import fatal
from store.feeds.item import Item, keep_findings
from store.vault.attachment_staging import clear_attachments

REPEATED: Final = "NUMBER-REPEATED"
_SLICE: Final = 500
T = TypeVar("T")


def refuse_duplicate_numbers(session: Session, feed_id: int) -> int:
    """Refuse every staged item with such a number, with a finding each; returns how many."""
    content = func.coalesce(Item.content_sha256, Item.body_sha256)
    of_feed = select(Item.number).where(Item.feed_id == feed_id, Item.number.is_not(None)).group_by(Item.number)
    twice = of_feed.having(func.count() > 1)  # an index-only query; most feeds have none
    query = of_feed.where(Item.number.in_(twice)).having(func.count(content.distinct()) > 1)
    return sum(_refuse(session, feed_id, numbers) for numbers in _slices(session.scalars(query).all()))


def _slices(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split into as many values as one statement may have."""
    return (values[at : at + _SLICE] for at in range(0, len(values), _SLICE))


def _refuse(session: Session, feed_id: int, numbers: Sequence[str | None]) -> int:
    is_of_these = (Item.feed_id == feed_id) & Item.number.in_(numbers)
    items = session.execute(select(Item.seq, Item.number, Item.place).where(is_of_these, Item.outcome.is_(None))).all()
    sentence = (
        "bill {bill} comes several times in this feed, and not the same each time: none of them is taken; send it "
        "once, whole"
    )
    keep_findings(
        session,
        feed_id,
        [(seq, number, fatal(REPEATED, sentence, place, bill=number or "")) for seq, number, place in items],
    )
    for slice_ in _slices([seq for seq, _, _ in items]):
        clear_attachments(session, feed_id, slice_)
    refused = update(Item).where(is_of_these, Item.outcome.is_(None)).values(outcome="rejected", content=None)
    session.execute(refused, execution_options={"synchronize_session": False})
    return len(items)

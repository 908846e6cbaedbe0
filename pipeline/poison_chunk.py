"""Poison: a chunk that killed its workers, or raised, again and again. One bill of it is to blame."""

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from bill import Reason
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_of_chunk
from store.db.leases import assert_lease
from store.db.state_change import change_state
from store.feeds.chunk import Chunk, pass_on


def set_poison_apart(session: Session, chunk: Chunk, why: Reason, now: datetime) -> None:
    """Split the chunk into chunks of one bill, to be worked one by one. A chunk of one bill is not split: its bill is
    set to failed for the reason *why*, for a person to look at. Raises LeaseLost if another worker has the chunk."""
    assert_lease(session, Chunk, chunk.id)
    state = "released" if chunk.work == "render" else "rendered"
    rows = bills_of_chunk(session, chunk.feed_id, chunk.first_seq, chunk.last_seq, state)
    if chunk.first_seq == chunk.last_seq or not rows:
        for row in rows:
            change_state(session, BillRow, row.id, state, "failed", now, why=why)
        pass_on(session, chunk, None)
    else:
        _split(session, chunk, [row.item_seq for row in rows])


def _split(session: Session, chunk: Chunk, seqs: list[int]) -> None:
    """The chunk keeps its first item; each other one of *seqs* gets a chunk of its own."""
    others = [
        {"feed_id": chunk.feed_id, "first_seq": seq, "last_seq": seq, "work": chunk.work}
        for seq in seqs
        if seq != chunk.first_seq
    ]
    session.execute(update(Chunk).where(Chunk.id == chunk.id).values(last_seq=chunk.first_seq))
    if others:
        session.execute(insert(Chunk), others)
    pass_on(session, chunk, chunk.work)

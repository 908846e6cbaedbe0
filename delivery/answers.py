"""The print house's answers: a lot was printed as announced, or its counts disagree and a person must look."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from delivery.outbox import Answer, answer_to
from store import Store
from store.base import insert_new
from store.claims import move
from store.delivery import Delivery, Receipt
from store.event import record_all
from store.print_batch import PrintBatch, batches_in


def read_answers(store: Store, outbox: Path, now: datetime) -> int:
    """Read what the print house has put into the outbox; how many batches were acknowledged or disputed.

    An answer that cannot be read is shown with the batch, and read again next time: it may be half written.
    """
    with store.reading() as session:
        waiting = batches_in(session, "handed_over")
    heard = 0
    for batch in waiting:
        answer = answer_to(outbox, batch.name)
        if isinstance(answer, Answer):
            with store.writing() as session:
                heard += _hear(session, batch, answer, now)
        elif answer is not None and answer != batch.answer:
            with store.writing() as session:
                session.execute(update(PrintBatch).where(PrintBatch.id == batch.id).values(answer=answer))
    return heard


def _hear(session: Session, batch: PrintBatch, answer: Answer, now: datetime) -> bool:
    said = f"{answer.letters} plis, {answer.sheets} feuilles"
    if (answer.letters, answer.sheets) != (batch.letters, batch.sheets):
        why = f"annoncé : {batch.letters} plis, {batch.sheets} feuilles ; imprimé : {said}"
        return move(session, PrintBatch, batch.id, "handed_over", "disputed", now, why=why, answer=why)
    if not move(
        session, PrintBatch, batch.id, "handed_over", "acknowledged", now, why=said, answer=said, acknowledged_at=now
    ):
        return False
    mine = (Delivery.batch_id == batch.id, Delivery.state == "sent")
    ids = list(session.scalars(select(Delivery.id).where(*mine)))
    session.execute(update(Delivery).where(*mine).values(state="delivered", delivered_at=now))
    receipts = [{"delivery_id": each, "kind": "printed", "at": now, "words": batch.name} for each in ids]
    insert_new(session, Receipt, receipts)
    record_all(session, "delivery", ids, "delivered", now, why=batch.name)
    return True

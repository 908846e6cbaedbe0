"""Reads the print house's acknowledgements: a batch was printed as announced, or its counts disagree.

A disagreement marks the batch `disputed` for a person. A letter that the answer names as not printed joins the next
batch.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.channels.paper.print_batch import join_next_batch
from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import Answer, answer_to, manifest_named
from store import Store
from store.base import insert_new
from store.db.event import record_all
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import Delivery, Receipt
from store.print_batch import PrintBatch, batches_in


def read_answers(store: Store, outbox: Path, now: datetime) -> int:
    """Read the acknowledgements in the outbox folder. Returns how many batches were acknowledged or disputed.

    An unreadable answer is shown with its batch and read again next time: it may still be being written.
    """
    with store.reading() as session:
        waiting = batches_in(session, "handed_over")
    recorded = 0
    for batch in waiting:
        answer = answer_to(outbox, batch.name)
        if isinstance(answer, Answer):
            manifest = manifest_named(outbox, batch.name) if answer.missing else None
            with store.writing() as session:
                recorded += _record_answer(session, batch, answer, manifest, now)
        elif answer is not None and answer != batch.answer:
            with store.writing() as session:
                session.execute(update(PrintBatch).where(PrintBatch.id == batch.id).values(answer=answer))
    return recorded


def _record_answer(
    session: Session, batch: PrintBatch, answer: Answer, manifest: PrintManifest | None, now: datetime
) -> bool:
    missing = _missing(batch, answer, manifest)
    if missing is None:
        why = _disagreement(batch, answer)
        return change_state(session, PrintBatch, batch.id, "handed_over", "disputed", now, why=why, answer=why)
    said = _agreement(answer)
    if not change_state(
        session, PrintBatch, batch.id, "handed_over", "acknowledged", now, why=said, answer=said, acknowledged_at=now
    ):
        return False
    _mark_delivered(session, batch, missing, now)
    for delivery_id in missing:
        lost = Reason("letter_not_printed")
        if change_state(session, Delivery, delivery_id, "sent", "failed", now, by="print house", why=lost, reason=lost):
            join_next_batch(session, delivery_id, "print house", lost, now)
    return True


def _agreement(answer: Answer) -> Reason:
    if answer.missing:
        again = len(set(answer.missing))
        return Reason.of("lot_printed_in_part", letters=answer.letters, sheets=answer.sheets, again=again)
    return Reason.of("lot_printed", letters=answer.letters, sheets=answer.sheets)


def _disagreement(batch: PrintBatch, answer: Answer) -> Reason:
    counts = {
        "announced_letters": batch.letters, "announced_sheets": batch.sheets,
        "printed_letters": answer.letters, "printed_sheets": answer.sheets,
    }  # fmt: skip
    if answer.missing:
        return Reason.of("lot_differs_in_part", **counts, again=len(set(answer.missing)))
    return Reason.of("lot_differs", **counts)


def _missing(batch: PrintBatch, answer: Answer, manifest: PrintManifest | None) -> list[int] | None:
    """Return the deliveries to print again, or None when the answer's counts differ from what was announced."""
    sets = set(answer.missing)
    pieces = [piece for piece in manifest.pieces if piece.n in sets] if manifest else []
    letters = answer.letters + len(pieces)
    sheets = answer.sheets + sum(piece.sheets for piece in pieces)
    if len(pieces) != len(sets) or (letters, sheets) != (batch.letters, batch.sheets):
        return None
    return [piece.delivery for piece in pieces]


def _mark_delivered(session: Session, batch: PrintBatch, missing: Collection[int], now: datetime) -> None:
    mine = and_(Delivery.batch_id == batch.id, Delivery.state == "sent", Delivery.id.not_in(missing))
    ids = lock_rows(session, Delivery, mine)
    session.execute(update(Delivery).where(mine).values(state="delivered", delivered_at=now))
    receipts = [{"delivery_id": each, "kind": "printed", "at": now, "words": batch.name} for each in ids]
    insert_new(session, Receipt, receipts)
    record_all(session, "delivery", ids, "delivered", now, why=batch.name)

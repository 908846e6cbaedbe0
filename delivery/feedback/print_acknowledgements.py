"""Reads the print house's acknowledgements: a batch was printed as announced, or its counts disagree.

A disagreement marks the batch `disputed` for a person. A letter that the answer names as not printed joins the next
batch.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, update
from sqlalchemy.orm import Session

from delivery.channels.paper.print_batch import print_again
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
    said = _spell_counts(answer.letters, answer.sheets)
    if answer.missing:
        said += f", {len(set(answer.missing))} à refaire"
    missing = _missing(batch, answer, manifest)
    if missing is None:
        why = f"annoncé : {_spell_counts(batch.letters, batch.sheets)} ; imprimé : {said}"
        return change_state(session, PrintBatch, batch.id, "handed_over", "disputed", now, why=why, answer=why)
    if not change_state(
        session, PrintBatch, batch.id, "handed_over", "acknowledged", now, why=said, answer=said, acknowledged_at=now
    ):
        return False
    _mark_delivered(session, batch, missing, now)
    for delivery_id in missing:
        why = "le pli n’a pas été imprimé"
        if change_state(session, Delivery, delivery_id, "sent", "failed", now, by="print house", why=why, reason=why):
            print_again(session, delivery_id, "print house", why, now)
    return True


def _spell_counts(letters: int, sheets: int) -> str:
    return f"{letters} pli{'s' * (letters > 1)}, {sheets} feuille{'s' * (sheets > 1)}"


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

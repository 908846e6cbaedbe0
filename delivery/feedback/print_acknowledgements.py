"""Reads the print houses' answers, each once: a batch was printed as announced, or what is said disagrees.

A disagreement marks the batch `disputed` for a person: counts that differ from what was announced, and a second answer
that says otherwise or stands in a file of its own, as if the lot had been printed twice. A letter that an answer names
as not printed joins the next batch. An answer about no lot of ours is kept for a person too.
"""

import logging
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.channels.paper.print_batch import join_next_batch
from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import Answer, answers_in, lot_answered, manifest_named, read_answer
from store import Store
from store.base import insert_new
from store.db.event import record, record_all
from store.db.row_locks import ROW_LOCK, lock_rows
from store.db.state_change import change_state
from store.delivery import Delivery, Receipt
from store.print_answer import LONGEST_FILE_NAME, PrintAnswer, answers_about, keep_answer, read_files
from store.print_batch import PrintBatch

log = logging.getLogger(__name__)

_BY: Final = "print house"
_LOT: Final = re.compile(r"lot-(\d{1,18})-")
_ANSWERED: Final = ("acknowledged", "disputed")


def read_answers(store: Store, outboxes: Mapping[str, Path], now: datetime) -> int:
    """Read the answers in the houses' outbox folders, by slug. Returns how many changed something.

    An unreadable answer is shown with its batch and read again next time: it may still be being written. A folder that
    cannot be read keeps no other house waiting.
    """
    return sum(_read_new(store, house, outbox, now) for house, outbox in outboxes.items())


def _read_new(store: Store, house: str, outbox: Path, now: datetime) -> int:
    try:
        found = answers_in(outbox)
    except OSError as error:
        log.warning("answers of print house %s wait: %s", house, error)
        return 0
    if not found:
        return 0
    with store.reading() as session:
        known = read_files(session, house, found)
    recorded = 0
    for file, stamp in sorted(found.items()):
        if (file, stamp) not in known and len(file) <= LONGEST_FILE_NAME:
            recorded += _read_one(store, house, outbox, file, stamp, now)
    return recorded


def _read_one(store: Store, house: str, outbox: Path, file: str, stamp: int, now: datetime) -> bool:
    try:
        answer, sha256 = read_answer(outbox / file)
    except OSError as error:
        log.warning("%s of print house %s waits: %s", file, house, error)
        return False
    lot = lot_answered(file)
    with store.reading() as session:
        batch = session.scalar(select(PrintBatch).where(PrintBatch.name == lot, PrintBatch.house == house))
        if batch is None and _is_being_handed_over(session, lot):
            return False  # its rows come after its files
    unread = answer if isinstance(answer, Reason) else None
    if batch is not None and unread is not None and not _says_something_else(batch, file):
        return _show_unreadable(store, batch, unread)
    if isinstance(answer, Reason):
        answer = Answer(letters=0, sheets=0)
    manifest = manifest_named(outbox, lot) if batch is not None and answer.missing else None
    row = {
        "house": house, "file": file, "sha256": sha256, "stamp": stamp, "batch_id": batch.id if batch else None,
        "read_at": now, "letters": answer.letters, "sheets": answer.sheets, "missing": list(answer.missing),
    }  # fmt: skip
    with store.writing() as session:
        if batch is not None:
            lock_rows(session, PrintBatch, PrintBatch.id == batch.id)
            batch = session.get_one(PrintBatch, batch.id, populate_existing=True)
        kept = keep_answer(session, row)
        if kept is None:
            return False
        if batch is None:
            tell_stray(session, kept, now)
            return True
        if unread is not None:
            return _dispute(session, batch, unread, now)
        if batch.state == "handed_over":
            return _record_answer(session, batch, answer, manifest, now)
        return _record_further_answer(session, batch, kept, now)


def _is_being_handed_over(session: Session, lot: str) -> bool:
    number = _LOT.match(lot)
    batch = session.get(PrintBatch, int(number[1])) if number else None
    return batch is not None and batch.state == "closed"


def _says_something_else(batch: PrintBatch, file: str) -> bool:
    """Whether the file stands beside the answer that the batch has, and disputes it whatever it says."""
    return batch.state in _ANSWERED and file != f"{batch.name}.ack.json"


def _show_unreadable(store: Store, batch: PrintBatch, why: Reason) -> bool:
    """Show why the answer cannot be read, while the batch waits for one. It is no answer yet."""
    if batch.state == "handed_over" and why != batch.answer:
        with store.writing() as session:
            waits = (PrintBatch.id == batch.id, PrintBatch.state == "handed_over")
            session.execute(update(PrintBatch).where(*waits).values(answer=why))
    return False


def tell_stray(session: Session, answer: PrintAnswer, now: datetime) -> None:
    """Tell operators of a file that is about no lot of ours, or that nobody can read."""
    log.warning("%s of print house %s is about no lot of ours", answer.file, answer.house)
    why = Reason.of("answer_of_no_lot", file=answer.file)
    record(session, "print_answer", answer.id, "stray", now, by=_BY, why=why)


def _record_answer(
    session: Session, batch: PrintBatch, answer: Answer, manifest: PrintManifest | None, now: datetime
) -> bool:
    missing = _missing(batch, answer, manifest)
    if missing is None:
        why = _disagreement(batch, answer)
        return change_state(
            session, PrintBatch, batch.id, "handed_over", "disputed", now, by=_BY, why=why, answer=why
        )  # fmt: skip
    said = _agreement(answer)
    if not change_state(
        session, PrintBatch, batch.id, "handed_over", "acknowledged", now, by=_BY, why=said, answer=said,
        acknowledged_at=now,
    ):  # fmt: skip
        return False
    mark_printed(session, batch, missing, now)
    for delivery_id in missing:
        lost = Reason("letter_not_printed")
        if change_state(session, Delivery, delivery_id, "sent", "failed", now, by=_BY, why=lost, reason=lost):
            join_next_batch(session, delivery_id, _BY, lost, now)
    return True


def _record_further_answer(session: Session, batch: PrintBatch, answer: PrintAnswer, now: datetime) -> bool:
    """Dispute a batch that was answered before, unless this is the same answer in the same file, or answers were not
    kept yet when the first was read."""
    first = answers_about(session, batch.id)[0]
    is_same = (first.letters, first.sheets, first.missing) == (answer.letters, answer.sheets, answer.missing)
    if first.id == answer.id or (is_same and first.file == answer.file):
        return False
    figures = {
        "first_letters": first.letters, "first_sheets": first.sheets, "printed_letters": answer.letters,
        "printed_sheets": answer.sheets,
    }  # fmt: skip
    why = Reason.of("lot_answered_alike", **figures) if is_same else Reason.of("lot_answered_otherwise", **figures)
    return _dispute(session, batch, why, now)


def _dispute(session: Session, batch: PrintBatch, why: Reason, now: datetime) -> bool:
    return change_state(session, PrintBatch, batch.id, _ANSWERED, "disputed", now, by=_BY, why=why, answer=why)


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


def acknowledge_test_batch(session: Session, batch_id: int, now: datetime) -> bool:
    """Answer for the print house that a test side has not: every letter of the batch counts as printed."""
    batch = session.get_one(PrintBatch, batch_id, with_for_update=ROW_LOCK, populate_existing=True)
    said = Reason.of("lot_printed", letters=batch.letters, sheets=batch.sheets)
    if not change_state(
        session, PrintBatch, batch_id, "handed_over", "acknowledged", now, by=_BY, why=said, answer=said,
        acknowledged_at=now,
    ):  # fmt: skip
        return False
    mark_printed(session, batch, (), now)
    return True


def mark_printed(session: Session, batch: PrintBatch, missing: Collection[int], now: datetime) -> None:
    """Record that the batch's letters were printed, but for the *missing* deliveries and those that failed since."""
    mine = and_(Delivery.batch_id == batch.id, Delivery.state == "sent", Delivery.id.not_in(missing))
    ids = lock_rows(session, Delivery, mine)
    session.execute(update(Delivery).where(mine).values(state="delivered", delivered_at=now))
    receipts = [{"delivery_id": each, "kind": "printed", "at": now, "words": batch.name} for each in ids]
    insert_new(session, Receipt, receipts)
    record_all(session, "delivery", ids, "delivered", now, why=batch.name)

"""Finds the letter of each piece of returned mail, and records its return. A piece that names no letter, or somebody
else's, changes nothing and is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.print_outbox import manifest_named
from delivery.feedback.returned_mail import ReturnOutcome, letter_returned
from delivery.feedback.returns.returned_mail_file import ReturnedPiece
from delivery.feedback.returns.sheet_mark import MODULUS
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.issuer import Issuer, issuer_by_slug, of_issuer
from store.print_batch import PrintBatch, house_of_side, is_of_print_house

#: `unknown`: no letter of ours. `no_reason`: nobody knows the reason that is written.
PieceOutcome = ReturnOutcome | Literal["unknown", "no_reason"]
#: Marks count lots modulo MODULUS: the latest of so many turns are looked for.
_TURNS: Final = 10


class TakenPiece(NamedTuple):
    """A piece, what became of it, and its letter's bill where there is one."""

    piece: ReturnedPiece
    outcome: PieceOutcome
    bill: BillRow | None = None


class ReturnSource(NamedTuple):
    """Who tells of returned mail: *by* is recorded; a member of an issuer's knows the letters of *issuer_id* alone.
    *outboxes* have the manifests of lots, by the houses' slugs."""

    by: str
    outboxes: Mapping[str, Path]
    issuer_id: int | None = None
    calendar: Calendar = Calendar()


def take_piece(session: Session, piece: ReturnedPiece, source: ReturnSource, now: datetime) -> TakenPiece:
    """Record one return. Send the wake-up signal after the commit."""
    letter = letter_of_piece(session, piece, source)
    if letter is None:
        return TakenPiece(piece, "unknown")
    bill = session.get_one(BillRow, letter.bill_id)
    if piece.reason is None:
        return TakenPiece(piece, "no_reason", bill)
    outcome = letter_returned(session, letter.id, piece.reason, now, source.by, piece.words, source.calendar)
    return TakenPiece(piece, outcome, bill)


def take_pieces(
    session: Session, pieces: Sequence[ReturnedPiece], source: ReturnSource, now: datetime
) -> list[TakenPiece]:  # fmt: skip
    """Record these returns, in their order."""
    return [take_piece(session, each, source, now) for each in pieces]


def letter_of_piece(session: Session, piece: ReturnedPiece, source: ReturnSource) -> Delivery | None:
    """The letter that a piece names, in the source's scope; None if there is none, or several."""
    if piece.delivery is not None:
        letter = session.get(Delivery, piece.delivery)
        if letter is not None and piece.lot is not None and letter.batch_id != piece.lot:
            return None
    elif piece.lot is not None and piece.n is not None:
        letter = _letter_in_lot(session, piece.lot, piece.n, piece.sets, source)
    else:
        letter = _letter_of_bill(session, piece, source)
    if letter is None or letter.channel != "paper" or not _is_in_scope(session, letter, source):
        return None
    return letter


def _is_in_scope(session: Session, letter: Delivery, source: ReturnSource) -> bool:
    """Whether the source may tell of this letter. The post brings back none of a test side: only its own member says
    so."""
    if source.issuer_id is not None:
        return letter.issuer_id == source.issuer_id
    return not session.get_one(Issuer, letter.issuer_id).is_test_side


def _letter_in_lot(session: Session, lot: int, n: int, sets: int | None, source: ReturnSource) -> Delivery | None:
    ids = [lot] if sets is None else [lot + turn * MODULUS for turn in range(_TURNS)]
    handed_over = select(PrintBatch).where(PrintBatch.id.in_(ids), PrintBatch.name != "", _house_of(session, source))
    for batch in session.scalars(handed_over.order_by(PrintBatch.id.desc())):
        if sets is not None and batch.letters % MODULUS != sets:
            continue
        named = select(Delivery).where(Delivery.batch_id == batch.id, Delivery.mail_piece == n)
        return session.scalars(named).one_or_none() or _letter_in_manifest(session, batch, n, source)
    return None


def _house_of(session: Session, source: ReturnSource) -> ColumnElement[bool]:
    """SQL condition: a lot that the source knows, of print houses or of its own test side."""
    mine = session.get_one(Issuer, source.issuer_id) if source.issuer_id is not None else None
    return PrintBatch.house == house_of_side(mine.id) if mine is not None and mine.is_test_side else is_of_print_house()


def _letter_in_manifest(session: Session, batch: PrintBatch, n: int, source: ReturnSource) -> Delivery | None:
    """A letter of a lot from before letters knew their sets, while its manifest is in the outbox."""
    outbox = source.outboxes.get(batch.house)
    manifest = manifest_named(outbox, batch.name) if outbox is not None else None
    found = [piece.delivery for piece in manifest.pieces if piece.n == n] if manifest is not None else []
    letter = session.get(Delivery, found[0]) if found else None
    return letter if letter is not None and letter.batch_id == batch.id else None


def _letter_of_bill(session: Session, piece: ReturnedPiece, source: ReturnSource) -> Delivery | None:
    """The latest letter that has left of the one bill of this number."""
    if not piece.bill:
        return None
    issuer_id = source.issuer_id
    if piece.issuer:
        issuer = issuer_by_slug(session, piece.issuer)
        if issuer is None:
            return None
        issuer_id = issuer.id
    letters = (
        select(Delivery)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .where(BillRow.number == piece.bill, Delivery.channel == "paper", Delivery.sent_at.is_not(None))
    )
    letters = letters.where(of_issuer(BillRow.issuer_id, issuer_id))
    found = session.scalars(letters.order_by(Delivery.id.desc()).limit(20)).all()
    return found[0] if found and len({each.bill_id for each in found}) == 1 else None

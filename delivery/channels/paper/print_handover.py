"""Hands a closed print batch over: writes its PDFs and manifest into the print house's outbox, from where they are
carried on to a house that does not look there itself.

All letters are read first (`delivery.channels.paper.read_batch_letters`), sorted into print runs, then composed one by
one from the spool. A letter that cannot be read or composed fails with its reason, and the batch goes without it.

Files are written, and carried, before rows, so no row names a missing file. After a crash in between, or while the
house cannot be reached, the announced lot is found and kept as it is, so no letter is printed twice.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bill import MailPieceNumber, Reason
from consumers.claim_code import digest, letter_code
from delivery.channels.paper.letter_address import AddressIncomplete
from delivery.channels.paper.letter_data import PrintRoom, Unprintable
from delivery.channels.paper.postal_presort import TooThick, WeighedMailPiece, runs_of
from delivery.channels.paper.print_house_profile import PrintHouse
from delivery.channels.paper.print_manifest import MailPiece, PrintManifest, Ticket, as_bytes
from delivery.channels.paper.print_outbox import LotFileDraft, announced, write_lot
from delivery.channels.paper.read_batch_letters import LETTER_ERRORS, LetterErrors, read_letters, record_error
from delivery.channels.paper.unsorted_letters_spool import Spool
from store import Store
from store.bills.bill import BillRow
from store.campaigns.letter_invitation import letters_left
from store.db.event import record_all
from store.db.leases import assert_lease
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import AGAIN, Attempt, Delivery
from store.issuer import Issuer
from store.print_batch import PrintBatch
from store.vault.key_ring import KeyRing
from store.vault.pdf_segment import PDFChanged

#: Rows that are written at a time.
_GROUP: Final = 1000
#: Attempts at a batch of which nothing can be printed, before its letters fail.
MOST_ATTEMPTS: Final = 3


def hand_over(store: Store, batch_id: int, room: PrintRoom, now: datetime) -> None:
    """Write a claimed, closed batch into the outbox and record it in the rows. Idempotent: the same batch gives the
    same lot, also after a crash. Raises LeaseLost when another worker has the batch by now."""
    for _ in handing_over(store, batch_id, room, lambda: now):
        pass


def handing_over(store: Store, batch_id: int, room: PrintRoom, clock: Callable[[], datetime]) -> Iterator[None]:
    """Do the same step by step: yields after each letter, so that other work can run in between. *clock* gives an aware
    moment."""
    lot = _announced(store, batch_id, room.outbox)
    if lot is None:
        with Spool(room.outbox) as spool:
            lot = yield from _read_and_write(store, batch_id, room, spool, clock)
    if lot is not None and room.carrier is not None:
        yield from room.carrier.carry(room.outbox, lot)
    with _holding_lease(store, batch_id) as session:
        if lot is None:
            _record_empty(session, batch_id, clock())
        else:
            _record_handover(session, batch_id, lot, store.keys, clock())


def _read_and_write(
    store: Store, batch_id: int, room: PrintRoom, spool: Spool, clock: Callable[[], datetime]
) -> Generator[None, None, PrintManifest | None]:
    """Read all letters, then write the lot. Returns None when no letter can be printed."""
    with _holding_lease(store, batch_id) as session:
        _fix_code_roots(session, batch_id, store.keys)
    letters, broken = yield from read_letters(store, batch_id, room, spool)
    _fail_broken(store, batch_id, broken, clock())
    while letters:
        try:
            return (yield from _write_runs(store, batch_id, letters, room, spool))
        except _LettersBroken as error:
            _fail_broken(store, batch_id, error.errors, clock())
            letters = [each for each in letters if each.place.delivery not in error.errors]
    return None


def _fix_code_roots(session: Session, batch_id: int, keys: KeyRing) -> None:
    """Record in each letter which root makes its code, before any is composed: a reprint bears the same code."""
    mine = (Delivery.batch_id == batch_id, Delivery.code_root.is_(None))
    lock_rows(session, Delivery, *mine)
    session.execute(update(Delivery).where(*mine).values(code_root=keys.present.id))


class _LettersBroken(Exception):  # noqa: N818
    """Some letters could not be composed; *errors* by delivery id."""

    def __init__(self, errors: LetterErrors) -> None:
        super().__init__(f"{len(errors)} letters")
        self.errors = errors


def _fail_broken(store: Store, batch_id: int, broken: Mapping[int, Exception], now: datetime) -> None:
    """Fail the letters that cannot be printed. When every letter of the batch failed and an error is not a letter's
    own, the printer itself is at fault: that error is raised, until MOST_ATTEMPTS."""
    if not broken:
        return
    with _holding_lease(store, batch_id) as session:
        batch = session.get_one(PrintBatch, batch_id)
        strange = [error for error in broken.values() if not isinstance(error, LETTER_ERRORS)]
        if strange and len(broken) == batch.letters and batch.attempts < MOST_ATTEMPTS:
            raise strange[0]
        for delivery_id, error in broken.items():
            _fail_letter(session, batch_id, delivery_id, _reason(error), now)


def _reason(error: Exception) -> Reason:
    if isinstance(error, TooThick | AddressIncomplete | Unprintable | PDFChanged) and error.reason is not None:
        return error.reason
    if isinstance(error, LETTER_ERRORS):
        return Reason.of("pdf_unreadable", error=str(error))
    return Reason.of("letter_not_composed", error=f"{type(error).__name__}: {error}")


@contextmanager
def _holding_lease(store: Store, batch_id: int) -> Iterator[Session]:
    """A transaction that holds the batch's lease. Raises LeaseLost when another worker has it, as after a pause longer
    than the lease."""
    with store.writing() as session:
        assert_lease(session, PrintBatch, batch_id)
        yield session


def _announced(store: Store, batch_id: int, outbox: Path) -> PrintManifest | None:
    """Return the lot with exactly this batch's letters that is already in the outbox, if any."""
    query = (
        select(Delivery.id, Issuer.slug, BillRow.number)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Delivery.batch_id == batch_id, Delivery.state == "attempting")
    )
    manifests = announced(outbox, batch_id)
    if not manifests:
        return None
    with store.reading() as session:
        letters = {row._tuple() for row in session.execute(query)}
    for manifest in manifests:
        if letters and letters == {(piece.delivery, piece.issuer, piece.bill) for piece in manifest.pieces}:
            return manifest
    return None


def _write_runs(
    store: Store, batch_id: int, letters: list[WeighedMailPiece], room: PrintRoom, spool: Spool
) -> Generator[None, None, PrintManifest]:
    with store.reading() as session:
        closed_at = session.get_one(PrintBatch, batch_id).closed_at
    assert closed_at is not None
    files, first = [], 1
    for number, run in enumerate(runs_of(letters, room.house), 1):
        compose = partial(_compose, run, room, spool, (batch_id, number, first, len(letters)))
        files.append(LotFileDraft(_ticket(run, room.house), compose))
        first += len(run)
    announcing = _holding_lease(store, batch_id)
    return (yield from write_lot(room.outbox, batch_id, closed_at.isoformat(), files, announcing))


def _ticket(run: list[WeighedMailPiece], house: PrintHouse) -> Ticket:
    envelope = run[0].envelope
    return Ticket(
        paper="A4", paper_grams=house.paper_grams, sides=2 if house.duplex else 1, fold=envelope.fold,
        envelope=envelope.name,
    )  # fmt: skip


def _compose(
    run: Sequence[WeighedMailPiece], room: PrintRoom, spool: Spool, place: tuple[int, int, int, int], out: BinaryIO
) -> Generator[None, None, list[MailPiece]]:
    """Print the letters of a run into one PDF. *place* is the lot's number, the file's, its first set, and the lot's
    number of sets. Raises _LettersBroken."""
    lot, file, first, sets = place
    stream = room.printer.begin(out, duplex=room.house.duplex)
    printed: list[MailPiece] = []
    broken: LetterErrors = {}
    page = 1
    for n, piece in enumerate(run, first):
        with record_error(piece.place.delivery, broken):
            letter = spool.get(piece.place.delivery)
            number = MailPieceNumber(lot, n, sets)
            sheets = stream.add(spool.prefix(letter), letter.body, letter.overlay, number, letter.large_print)
            if sheets != piece.sheets:
                raise Unprintable("the sheets are not those that were counted", reason=Reason("sheets_differ"))
            pages = piece.sheets * (2 if room.house.duplex else 1)
            printed.append(
                MailPiece(
                    n=n, file=file, delivery=piece.place.delivery, issuer=letter.issuer, bill=letter.bill,
                    country=piece.place.country, postcode=piece.place.postcode, postal_class=piece.postal_class,
                    first_page=page, pages=pages, sheets=piece.sheets, grams=piece.grams, scaled=piece.scaled,
                    has_code=letter.overlay.claim_code is not None, envelope_message=letter.envelope_message,
                    insert=letter.insert,
                )
            )  # fmt: skip
            page += pages
        yield
    if broken:
        raise _LettersBroken(broken)
    stream.close()
    return printed


def _record_handover(session: Session, batch_id: int, manifest: PrintManifest, keys: KeyRing, now: datetime) -> None:
    """Record the handover in one transaction: the batch, its letters, their attempts, their claim codes' digests and
    places in the lot."""
    done = change_state(
        session, PrintBatch, batch_id, "closed", "handed_over", now, why=manifest.name, handed_over_at=now,
        name=manifest.name, letters=manifest.letters, sheets=manifest.sheets,
        manifest_sha256=hashlib.sha256(as_bytes(manifest)).hexdigest(), lease_owner=None, lease_until=0.0,
    )  # fmt: skip
    if not done:
        return
    ids = [piece.delivery for piece in manifest.pieces]
    of_batch = Delivery.batch_id == batch_id
    posted = select(Delivery.bill_id).where(of_batch)
    lock_rows(session, BillRow, BillRow.id.in_(posted))
    lock_rows(session, Delivery, of_batch)
    for start in range(0, len(manifest.pieces), _GROUP):
        pieces = manifest.pieces[start : start + _GROUP]
        session.execute(update(Delivery), [{"id": each.delivery, "mail_piece": each.n} for each in pieces])
        group = [piece.delivery for piece in pieces if piece.has_code]
        if group:
            letters = session.scalars(select(Delivery).where(Delivery.id.in_(group)))
            codes = [{"id": each.id, "claim_digest": digest(letter_code(keys, each))} for each in letters]
            session.execute(update(Delivery), codes)
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id.in_(select(Delivery.id).where(of_batch)), Attempt.outcome.is_(None))
        .values(outcome="sent", ended_at=now, answer=manifest.name)
    )
    session.execute(update(Delivery).where(of_batch, Delivery.state == "attempting").values(state="sent", sent_at=now))
    letters_left(session, batch_id, now)
    first = func.coalesce(BillRow.posted_at, now)
    session.execute(update(BillRow).where(BillRow.id.in_(posted)).values(posted_at=first))
    first_ones = posted.where(Delivery.purpose.not_like(f"{AGAIN}-%"))  # a duplicate does not change the bill's channel
    session.execute(update(BillRow).where(BillRow.id.in_(first_ones)).values(channel="paper"))
    record_all(session, "delivery", ids, "sent", now, why=manifest.name)


def _fail_letter(session: Session, batch_id: int, delivery_id: int, why: Reason, now: datetime) -> None:
    """Fail one letter that cannot be printed; it is held for a person and the others go."""
    lock_rows(session, Delivery, Delivery.id == delivery_id)
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id == delivery_id, Attempt.outcome.is_(None))
        .values(outcome="refused", ended_at=now, reason=why)
    )
    unprinted: dict[str, Any] = {"batch_id": None, "code_root": None}
    if change_state(session, Delivery, delivery_id, "attempting", "failed", now, why=why, reason=why, **unprinted):
        session.execute(update(PrintBatch).where(PrintBatch.id == batch_id).values(letters=PrintBatch.letters - 1))


def _record_empty(session: Session, batch_id: int, now: datetime) -> None:
    why = Reason("nothing_printable")
    if change_state(
        session, PrintBatch, batch_id, "closed", "handed_over", now, why=why, handed_over_at=now, lease_owner=None,
        lease_until=0.0,
    ):  # fmt: skip
        change_state(session, PrintBatch, batch_id, "handed_over", "acknowledged", now, answer=why, acknowledged_at=now)

"""Handover: a closed batch becomes PDFs and their manifest in the outbox of the print house.

Every letter is read before any is printed (`delivery.channels.paper.read_letters`); they are sorted and divided into
runs, and composed one by one out of the spool. One that cannot be read or composed, whatever is wrong with it, is set
apart with its reason, and the lot is made without it.

The files come first and the rows after them, so that a row never speaks of a file that is not there. Between the two a
crash may come: the lot that was announced is then found again and taken as it is, so that no letter is printed twice.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bill import SetNumber
from consumers.claim_code import claim_code, digest
from delivery.channels.paper.letter_data import PrintRoom, Unprintable
from delivery.channels.paper.print_house_profile import PrintHouse
from delivery.channels.paper.print_manifest import MailPiece, Manifest, Ticket, as_bytes
from delivery.channels.paper.print_outbox import File, announced, write_lot
from delivery.channels.paper.print_runs import TooThick, WeighedMailPiece, runs_of
from delivery.channels.paper.print_spool import Spool
from delivery.channels.paper.read_letters import ITS_OWN, Reasons, caught, read_letters
from store import Store
from store.bills.bill import BillRow
from store.db.event import record_all
from store.db.leases import assert_lease
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import Attempt, Delivery
from store.issuer import Issuer
from store.print_batch import PrintBatch

#: Rows that are written at a time.
_GROUP: Final = 1000
#: A batch of which nothing can be printed is tried so often before its letters are set apart.
MOST_ATTEMPTS: Final = 3


def hand_over(store: Store, batch_id: int, room: PrintRoom, now: datetime) -> None:
    """Write a closed batch's lot into the outbox, and say so in the rows. Whoever claimed the batch calls this
    (LeaseLost where somebody else has it by now); a crash anywhere, and the same again, give the same lot."""
    for _ in handing_over(store, batch_id, room, lambda: now):
        pass


def handing_over(store: Store, batch_id: int, room: PrintRoom, clock: Callable[[], datetime]) -> Iterator[None]:
    """The same; between its letters others may have their turn."""
    lot = _announced(store, batch_id, room.outbox)
    if lot is None:
        with Spool(room.outbox) as spool:
            lot = yield from _made(store, batch_id, room, spool, clock)
    with _ours(store, batch_id) as session:
        if lot is None:
            _nothing_left(session, batch_id, clock())
        else:
            _handed_over(session, batch_id, lot, room.secret, clock())


def _made(
    store: Store, batch_id: int, room: PrintRoom, spool: Spool, clock: Callable[[], datetime]
) -> Generator[None, None, Manifest | None]:
    """Read all letters, then write the lot; None when none of them can be printed."""
    letters, broken = yield from read_letters(store, batch_id, room, spool)
    _set_apart(store, batch_id, broken, clock())
    while letters:
        try:
            return (yield from _written(store, batch_id, letters, room, spool))
        except _LettersBroken as error:
            _set_apart(store, batch_id, error.reasons, clock())
            letters = [each for each in letters if each.place.delivery not in error.reasons]
    return None


class _LettersBroken(Exception):  # noqa: N818
    """Some letters could not be composed: why, by delivery."""

    def __init__(self, reasons: Reasons) -> None:
        super().__init__(f"{len(reasons)} letters")
        self.reasons = reasons


def _set_apart(store: Store, batch_id: int, broken: Mapping[int, Exception], now: datetime) -> None:
    """Letters that cannot be printed are left out. Where all of a batch fail, and of something that is no letter's own,
    it is the press that is jammed: that is raised, the first times."""
    if not broken:
        return
    with _ours(store, batch_id) as session:
        batch = session.get_one(PrintBatch, batch_id)
        strange = [error for error in broken.values() if not isinstance(error, ITS_OWN)]
        if strange and len(broken) == batch.letters and batch.attempts < MOST_ATTEMPTS:
            raise strange[0]
        for delivery_id, error in broken.items():
            _leave_out(session, batch_id, delivery_id, _reason(error), now)


def _reason(error: Exception) -> str:
    if isinstance(error, TooThick):
        return str(error)
    if isinstance(error, ITS_OWN):
        return f"le PDF archivé ne peut être relu : {error}"
    return f"le pli ne peut être composé : {type(error).__name__}: {error}"


@contextmanager
def _ours(store: Store, batch_id: int) -> Iterator[Session]:
    """A transaction in which the batch is ours, and nobody takes it over; LeaseLost where somebody else has it by now,
    as after a process that was stopped for longer than its lease."""
    with store.writing() as session:
        assert_lease(session, PrintBatch, batch_id)
        yield session


def _announced(store: Store, batch_id: int, outbox: Path) -> Manifest | None:
    """The lot of this batch's letters that lies in the outbox already."""
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


def _written(
    store: Store, batch_id: int, letters: list[WeighedMailPiece], room: PrintRoom, spool: Spool
) -> Generator[None, None, Manifest]:
    with store.reading() as session:
        closed_at = session.get_one(PrintBatch, batch_id).closed_at
    assert closed_at is not None
    files, first = [], 1
    for number, run in enumerate(runs_of(letters, room.house), 1):
        compose = partial(_compose, run, room, spool, (batch_id, number, first, len(letters)))
        files.append(File(_ticket(run, room.house), compose))
        first += len(run)
    announcing = _ours(store, batch_id)
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
    """Print the letters of a run into one PDF; _LettersBroken when some cannot be. *place* is the lot, the file, the
    first set in it, and the number of sets of the lot."""
    lot, file, first, sets = place
    stream = room.press.begin(out, duplex=room.house.duplex)
    printed: list[MailPiece] = []
    broken: Reasons = {}
    page = 1
    for n, piece in enumerate(run, first):
        with caught(piece.place.delivery, broken):
            letter = spool.get(piece.place.delivery)
            if stream.add(spool.prefix(letter), letter.body, letter.overlay, SetNumber(lot, n, sets)) != piece.sheets:
                raise Unprintable("il n’a pas les feuilles qui ont été comptées")
            pages = piece.sheets * (2 if room.house.duplex else 1)
            printed.append(
                MailPiece(
                    n=n, file=file, delivery=piece.place.delivery, issuer=letter.issuer, bill=letter.bill,
                    country=piece.place.country, postcode=piece.place.postcode, postal_class=piece.postal_class,
                    first_page=page, pages=pages, sheets=piece.sheets, grams=piece.grams, scaled=piece.scaled,
                    has_code=letter.overlay.claim_code is not None,
                )
            )  # fmt: skip
            page += pages
        yield
    if broken:
        raise _LettersBroken(broken)
    stream.close()
    return printed


def _handed_over(session: Session, batch_id: int, manifest: Manifest, secret: bytes, now: datetime) -> None:
    """One transaction: the batch, its letters, their attempts, their claim codes' digests."""
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
        group = [piece.delivery for piece in manifest.pieces[start : start + _GROUP] if piece.has_code]
        if group:
            codes = [{"id": each, "claim_digest": digest(claim_code(secret, each))} for each in group]
            session.execute(update(Delivery), codes)
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id.in_(select(Delivery.id).where(of_batch)), Attempt.outcome.is_(None))
        .values(outcome="sent", ended_at=now, answer=manifest.name)
    )
    session.execute(update(Delivery).where(of_batch, Delivery.state == "attempting").values(state="sent", sent_at=now))
    first = func.coalesce(BillRow.posted_at, now)
    session.execute(update(BillRow).where(BillRow.id.in_(posted)).values(channel="paper", posted_at=first))
    record_all(session, "delivery", ids, "sent", now, why=manifest.name)


def _leave_out(session: Session, batch_id: int, delivery_id: int, why: str, now: datetime) -> None:
    """One letter that cannot be printed does not hold the others back; it is held for a person."""
    lock_rows(session, Delivery, Delivery.id == delivery_id)
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id == delivery_id, Attempt.outcome.is_(None))
        .values(outcome="refused", ended_at=now, answer=why)
    )
    if change_state(session, Delivery, delivery_id, "attempting", "failed", now, why=why, reason=why, batch_id=None):
        session.execute(update(PrintBatch).where(PrintBatch.id == batch_id).values(letters=PrintBatch.letters - 1))


def _nothing_left(session: Session, batch_id: int, now: datetime) -> None:
    why = "aucun pli n’a pu être imprimé"
    if change_state(
        session, PrintBatch, batch_id, "closed", "handed_over", now, why=why, handed_over_at=now, lease_owner=None,
        lease_until=0.0,
    ):  # fmt: skip
        change_state(session, PrintBatch, batch_id, "handed_over", "acknowledged", now, answer=why, acknowledged_at=now)

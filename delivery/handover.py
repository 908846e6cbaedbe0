"""Handover: a closed batch becomes one PDF and its manifest in the outbox of the print house.

The files come first and the rows after them, so that a row never speaks of a file that is not there. Between the
two a crash may come: the lot that was announced is then found again and taken as it is, so that no letter is printed
twice.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from delivery.claim_code import claim_code, digest
from delivery.letter import Letter, OpenPress, face_of, letters_of
from delivery.outbox import MailPiece, Manifest, announced, as_bytes, write_lot
from store import Store
from store.bill import BillRow
from store.blobs import BlobMissing
from store.claims import kept, move
from store.delivery import Attempt, Delivery
from store.event import record_all
from store.print_batch import PrintBatch
from store.seal import SealBroken
from store.segment import Archive, PDFChanged


class LetterBroken(Exception):  # noqa: N818
    """A letter's PDF cannot be read back: the others are handed over without it."""

    def __init__(self, delivery_id: int, why: str) -> None:
        super().__init__(why)
        self.delivery_id = delivery_id


def hand_over(
    store: Store, batch_id: int, press: OpenPress, outbox: Path, secret: bytes, public_url: str, now: datetime
) -> None:
    """Write a closed batch's lot into the outbox, and say so in the rows. Whoever claimed the batch calls this; a
    crash anywhere, and the same again, give the same lot."""
    with kept(store, PrintBatch, batch_id):
        while True:
            try:
                lot = _lot(store, batch_id, press, outbox, secret, public_url)
                break
            except LetterBroken as error:
                with store.writing() as session:
                    _leave_out(session, batch_id, error, now)
        with store.writing() as session:
            if lot is None:
                _nothing_left(session, batch_id, now)
            else:
                _handed_over(session, batch_id, lot, secret, now)


def _lot(
    store: Store, batch_id: int, press: OpenPress, outbox: Path, secret: bytes, public_url: str
) -> Manifest | None:
    """The batch's lot: the one that lies in the outbox already, else a new one; None when no letter is left."""
    with store.reading() as session:
        batch = session.get_one(PrintBatch, batch_id)
        letters = letters_of(session, batch)
        if not letters:
            return None
        for manifest in announced(outbox, batch_id):
            if _contents(manifest) == {(each.delivery.id, each.issuer.slug, each.bill.number) for each in letters}:
                return manifest
        assert batch.closed_at is not None
        compose = partial(_compose, store.archive(session), letters, batch_id, press, secret, public_url)
        return write_lot(outbox, batch_id, batch.closed_at.isoformat(), compose)


def _contents(manifest: Manifest) -> set[tuple[int, str, str]]:
    return {(piece.delivery, piece.issuer, piece.bill) for piece in manifest.pieces}


def _compose(
    archive: Archive, letters: Sequence[Letter], lot: int, press: OpenPress, secret: bytes, public_url: str,
    out: BinaryIO,
) -> list[MailPiece]:  # fmt: skip
    """Lay a face over each archived bill and print them into one PDF."""
    stream = press(out)
    pieces: list[MailPiece] = []
    page = 1
    for n, letter in enumerate(letters, 1):
        try:
            prefix, suffix = archive.parts(letter.bill)
        except (PDFChanged, BlobMissing, SealBroken) as error:
            raise LetterBroken(letter.delivery.id, f"le PDF archivé ne peut être relu : {error}") from error
        face = face_of(letter, (lot, n, len(letters)), secret, public_url)
        sheets = stream.add(prefix, suffix, face)
        pieces.append(
            MailPiece(
                n=n, delivery=letter.delivery.id, issuer=letter.issuer.slug, bill=letter.bill.number,
                postcode=letter.account.postal_address.postcode, sheets=sheets, first_page=page,
                has_code=face.claim_code is not None,
            )
        )  # fmt: skip
        page += sheets
    stream.close()
    return pieces


def _handed_over(session: Session, batch_id: int, manifest: Manifest, secret: bytes, now: datetime) -> None:
    """One transaction: the batch, its letters, their attempts, their claim codes' digests."""
    done = move(
        session, PrintBatch, batch_id, "closed", "handed_over", now, why=manifest.name, handed_over_at=now,
        name=manifest.name, letters=manifest.letters, sheets=manifest.sheets, pdf_sha256=manifest.sha256,
        manifest_sha256=hashlib.sha256(as_bytes(manifest)).hexdigest(), lease_owner=None, lease_until=0.0,
    )  # fmt: skip
    if not done:
        return
    ids = [piece.delivery for piece in manifest.pieces]
    digests = [
        {"id": piece.delivery, "claim_digest": digest(claim_code(secret, piece.delivery))}
        for piece in manifest.pieces
        if piece.has_code
    ]
    if digests:
        session.execute(update(Delivery), digests)
    of_batch = Delivery.batch_id == batch_id
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id.in_(select(Delivery.id).where(of_batch)), Attempt.outcome.is_(None))
        .values(outcome="sent", ended_at=now, answer=manifest.name)
    )
    session.execute(update(Delivery).where(of_batch, Delivery.state == "attempting").values(state="sent", sent_at=now))
    posted = select(Delivery.bill_id).where(of_batch)
    session.execute(update(BillRow).where(BillRow.id.in_(posted)).values(channel="paper"))
    record_all(session, "delivery", ids, "sent", now, why=manifest.name)


def _leave_out(session: Session, batch_id: int, broken: LetterBroken, now: datetime) -> None:
    """One letter that cannot be printed does not hold the others back; it is held for a person."""
    why = str(broken)
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id == broken.delivery_id, Attempt.outcome.is_(None))
        .values(outcome="refused", ended_at=now, answer=why)
    )
    move(session, Delivery, broken.delivery_id, "attempting", "failed", now, why=why, reason=why, batch_id=None)
    session.execute(update(PrintBatch).where(PrintBatch.id == batch_id).values(letters=PrintBatch.letters - 1))


def _nothing_left(session: Session, batch_id: int, now: datetime) -> None:
    why = "aucun pli n’a pu être imprimé"
    if move(
        session, PrintBatch, batch_id, "closed", "handed_over", now, why=why, handed_over_at=now, lease_owner=None,
        lease_until=0.0,
    ):  # fmt: skip
        move(session, PrintBatch, batch_id, "handed_over", "acknowledged", now, answer=why, acknowledged_at=now)

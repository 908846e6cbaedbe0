"""Reads the letters of a closed batch: each archived PDF is decrypted, verified and parsed once, and put into the
spool.

An error of one letter is recorded for it and stops no other.
"""

import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from bill import Overlay, PostalAddress, country_code
from delivery.channels.paper.issuer_pdf_time_limit import PdfTimeBudget
from delivery.channels.paper.letter_address import AddressIncomplete, incomplete_address, letter_address
from delivery.channels.paper.letter_data import (
    Letter,
    PrintablePages,
    PrintRoom,
    Unprintable,
    large_print_of,
    letter_ids,
    letters_of,
    overlay_of,
)
from delivery.channels.paper.postal_presort import Destination, TooThick, WeighedMailPiece, piece_of
from delivery.channels.paper.print_house_profile import PrintHouse
from delivery.channels.paper.unsorted_letters_spool import ReadyLetter, Spool
from store import Store
from store.blobs.blob_store import BlobMissing
from store.outage_or_fault import MOST_MEMORY_OUTAGES, is_outage
from store.print_batch import PrintBatch
from store.vault.encryption import DecryptionFailed
from store.vault.key_ring import KeyRing
from store.vault.pdf_segment import Archive, PDFChanged

log = logging.getLogger(__name__)

#: Letters that are read in one transaction.
_TOGETHER: Final = 50
#: Errors that concern one letter alone; their message tells what is wrong.
LETTER_ERRORS: Final = (PDFChanged, BlobMissing, DecryptionFailed, Unprintable, TooThick, AddressIncomplete)

LetterErrors = dict[int, Exception]


class LettersRead(NamedTuple):
    """The letters that are in the spool, and the error of each other one by delivery id."""

    ready: list[WeighedMailPiece]
    broken: LetterErrors


def read_letters(store: Store, batch_id: int, room: PrintRoom, spool: Spool) -> Generator[None, None, LettersRead]:
    """Read a batch's letters into the spool; yields after each so that other work can run.

    What is due is as known when the batch was closed, so a lot that is made twice is the same lot.
    """
    found, budget = LettersRead([], {}), PdfTimeBudget()
    with store.reading() as session:
        batch = session.get_one(PrintBatch, batch_id)
        closed_at, setbacks = batch.closed_at, batch.setbacks
        ids = letter_ids(session, batch_id)
    assert closed_at is not None
    for start in range(0, len(ids), _TOGETHER):
        with store.reading() as session:
            archive = store.archive(session)
            for letter in letters_of(session, ids[start : start + _TOGETHER], closed_at):
                with record_error(letter.delivery.id, found.broken, setbacks):
                    found.ready.append(_read(letter, archive, store.keys, room, spool, budget))
                yield
    return found


@contextmanager
def record_error(delivery_id: int, broken: LetterErrors, setbacks: int = MOST_MEMORY_OUTAGES) -> Iterator[None]:
    """Record any error of one letter in *broken*; raise an outage. *setbacks* is how many outages the batch had in a
    row."""
    try:
        yield
    except Exception as error:
        if is_outage(error, setbacks):
            raise
        if not isinstance(error, LETTER_ERRORS):
            log.exception("letter %s cannot be composed", delivery_id)
        broken[delivery_id] = error


def _read(
    letter: Letter, archive: Archive, keys: KeyRing, room: PrintRoom, spool: Spool, budget: PdfTimeBudget
) -> WeighedMailPiece:
    address = letter_address(letter.account, letter.issuer, letter.bill, room.house.country)
    if lacks := incomplete_address(address):
        raise AddressIncomplete(lacks)
    prefix, suffix = archive.parts(letter.bill)
    pages = _pages(letter, prefix, suffix, room, budget)
    place, large_print = _place(letter, address), large_print_of(letter, room.printer)
    piece = _piece(place, pages, len(large_print), room.house)
    if piece is None:
        large_print = ()
        piece = piece_of(place, pages.pages, pages.scaled, room.house, is_foreign=not prefix)
    carrier = piece.envelope.needs_carrier or bool(large_print) or not prefix
    overlay = overlay_of(letter, keys, room.public_url, carrier=carrier, home_country=room.house.country)
    ready = ReadyLetter(
        spool.number_of(prefix), pages.body, overlay, letter.issuer.slug, letter.bill.number, large_print,
        *_paper_codes(letter, overlay),
    )  # fmt: skip
    spool.put(letter.delivery.id, ready)
    return piece


def _paper_codes(letter: Letter, overlay: Overlay) -> tuple[str, str]:
    """Return the codes of the message on the letter's envelope and of its insert; "" for none. A letter that bears no
    code invites nobody."""
    invitation = letter.invitation
    if invitation is None or overlay.claim_code is None:
        return "", ""
    code = invitation.paper_code
    return (code, "") if invitation.lever == "envelope" else ("", code) if invitation.lever == "insert" else ("", "")


def _piece(place: Destination, pages: PrintablePages, large_print: int, house: PrintHouse) -> WeighedMailPiece | None:
    """Return the mail piece with so many pages of large print, which stand on sheets of their own behind a carrier
    page. None when there are none, or no envelope takes them all: then the bill goes without."""
    if not large_print:
        return None
    try:
        return piece_of(place, house.full_sheets(large_print) + pages.pages, pages.scaled, house, is_foreign=True)
    except TooThick:
        return None


def _pages(letter: Letter, prefix: bytes, suffix: bytes, room: PrintRoom, budget: PdfTimeBudget) -> PrintablePages:
    if prefix:
        return room.printer.read(prefix, suffix)
    issuer_id = letter.issuer.id
    budget.check(issuer_id)
    try:
        pages = room.printer.read(prefix, suffix)
    except Unprintable as error:
        budget.record(issuer_id, error.seconds)
        raise
    budget.record(issuer_id, pages.seconds)
    return pages


def _place(letter: Letter, address: PostalAddress) -> Destination:
    account, country = letter.account, country_code(address.country)
    return Destination(country, address.french_postcode, account.holder.casefold(), account.id, letter.delivery.id)

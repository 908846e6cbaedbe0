"""The manifest of a print lot: its files, how each is printed, every letter in it, and checks that the sums agree."""

from collections import Counter
from typing import Literal

import msgspec


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be printed and inserted. *paper_grams* is in grams a square metre."""

    paper: str
    paper_grams: float
    sides: Literal[1, 2]
    fold: str
    envelope: str


class LotFile(msgspec.Struct, frozen=True, kw_only=True):
    """One PDF of a lot, for one run of the inserter. Its sets are numbered from *first_set* without gaps; *size* is in
    bytes."""

    pdf: str
    sha256: str
    size: int
    first_set: int
    letters: int
    pages: int
    sheets: int
    ticket: Ticket


class MailPiece(msgspec.Struct, frozen=True, kw_only=True):
    """One letter, set *n* of the lot. *file* and *first_page* count from 1; *pages* include blank backs; *scaled*:
    pages that were not A4; *has_code*: a claim code is printed on it; *envelope_message*, *insert*: the codes of what a
    campaign has printed on its envelope, or put beside it; "" for nothing."""

    n: int
    file: int
    delivery: int
    issuer: str
    bill: str
    country: str
    postcode: str
    postal_class: str
    first_page: int
    pages: int
    sheets: int
    grams: float
    scaled: int
    has_code: bool
    envelope_message: str = ""
    insert: str = ""


class PrintManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of a lot, for the print house to verify. *postage* is the number of letters by postal class."""

    lot: int
    name: str
    closed_at: str
    letters: int
    sheets: int
    postage: dict[str, int]  # letters by postal class
    files: list[LotFile]
    pieces: list[MailPiece]


def as_bytes(manifest: PrintManifest) -> bytes:
    """Return the manifest as the JSON that is written."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def postage_of(pieces: list[MailPiece]) -> dict[str, int]:
    """Return the number of letters of each postal class."""
    return dict(sorted(Counter(piece.postal_class for piece in pieces).items()))

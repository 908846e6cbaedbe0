"""The manifest of a lot: what each file holds and how it is to be handled, what each letter is, and sums that agree."""

from collections import Counter
from typing import Literal

import msgspec


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be handled. *paper_grams* is by the square metre."""

    paper: str
    paper_grams: float
    sides: Literal[1, 2]
    fold: str
    envelope: str


class LotFile(msgspec.Struct, frozen=True, kw_only=True):
    """One PDF of a lot: one run of the inserter, its sets numbered from *first_set* without a gap."""

    pdf: str
    sha256: str
    size: int
    first_set: int
    letters: int
    pages: int
    sheets: int
    ticket: Ticket


class MailPiece(msgspec.Struct, frozen=True, kw_only=True):
    """One letter, the set *n* of the lot. *first_page* counts from 1 in its *file*, blank backs among its *pages*;
    *scaled*: pages that were not A4; *has_code*: the claim code is printed on it."""

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


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a lot consists of, for the print house to count after."""

    lot: int
    name: str
    closed_at: str
    letters: int
    sheets: int
    postage: dict[str, int]  # letters by postal class
    files: list[LotFile]
    pieces: list[MailPiece]


def as_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is written."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def postage_of(pieces: list[MailPiece]) -> dict[str, int]:
    """How many letters each postal class has."""
    return dict(sorted(Counter(piece.postal_class for piece in pieces).items()))


def disagreements(manifest: Manifest) -> list[str]:
    """Where the sums of a manifest do not agree, in words; none where all is well."""
    wrong = []
    if [piece.n for piece in manifest.pieces] != list(range(1, manifest.letters + 1)):
        wrong.append(f"the sets are not numbered from 1 to {manifest.letters}")
    if sum(piece.sheets for piece in manifest.pieces) != manifest.sheets:
        wrong.append(f"the letters' sheets do not add up to {manifest.sheets}")
    if postage_of(manifest.pieces) != manifest.postage:
        wrong.append("the postal classes do not add up")
    for number, file in enumerate(manifest.files, 1):
        wrong += _wrong_in(file, [piece for piece in manifest.pieces if piece.file == number])
    if sum(file.letters for file in manifest.files) != manifest.letters:
        wrong.append(f"the files' letters do not add up to {manifest.letters}")
    return wrong


def _wrong_in(file: LotFile, pieces: list[MailPiece]) -> list[str]:
    wrong = []
    if [piece.n for piece in pieces] != list(range(file.first_set, file.first_set + file.letters)):
        wrong.append(f"{file.pdf} does not hold its {file.letters} sets")
    if sum(piece.sheets for piece in pieces) != file.sheets:
        wrong.append(f"{file.pdf}: its letters' sheets do not add up to {file.sheets}")
    at = 1
    for piece in pieces:
        if piece.first_page != at or piece.pages != piece.sheets * file.ticket.sides:
            wrong.append(f"{file.pdf}: set {piece.n} does not lie where it should")
        at += piece.pages
    if at - 1 != file.pages:
        wrong.append(f"{file.pdf}: its letters' pages do not add up to {file.pages}")
    return wrong

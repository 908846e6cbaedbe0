"""The outbox: the folder from which the print house takes lots, and into which it puts its answers.

A lot is `lot-000231-<sha>.pdf` and, written after it, `lot-000231-<sha>.json`, its manifest: a PDF without a manifest
was never announced and is not printed. Both are there whole or not at all. The name is made of the content, so that
the same lot handed over twice is one lot. The print house answers with `lot-000231-<sha>.ack.json`.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

_NAME_DIGITS: Final = 12
_LARGEST_ANSWER: Final = 1 << 20
_PIECE: Final = 1 << 20


class MailPiece(msgspec.Struct, frozen=True, kw_only=True):
    """One letter of a lot. *first_page* counts from 1; a sheet is a page;
    *has_code*: the claim code is printed on it."""

    n: int
    delivery: int
    issuer: str
    bill: str
    postcode: str
    sheets: int
    first_page: int
    has_code: bool


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a lot consists of, for the print house to count after."""

    lot: int
    name: str
    pdf: str
    sha256: str
    size: int
    closed_at: str
    letters: int
    sheets: int
    pieces: list[MailPiece]


class Answer(msgspec.Struct, frozen=True):
    """What the print house says it has printed."""

    letters: int
    sheets: int


def announced(outbox: Path, lot: int) -> list[Manifest]:
    """The manifests of this lot that lie in the outbox already: a crash may have come between them and our rows."""
    found = []
    for path in sorted(outbox.glob(f"{_stem(lot)}-*.json")):
        if not path.name.endswith(".ack.json"):
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=Manifest))
            except msgspec.DecodeError:
                continue
    return found


def write_lot(
    outbox: Path, lot: int, closed_at: str, compose: Callable[[BinaryIO], list[MailPiece]]
) -> Manifest:  # fmt: skip
    """Write the PDF that *compose* writes, then its manifest; the manifest."""
    outbox.mkdir(parents=True, exist_ok=True)
    with _draft(outbox, f"{_stem(lot)}.pdf") as (draft, out):
        pieces = compose(out)
    sha256, size = _sum(draft), draft.stat().st_size
    name = f"{_stem(lot)}-{sha256[:_NAME_DIGITS]}"
    for orphan in outbox.glob(f"{_stem(lot)}-*.pdf"):
        if not orphan.with_suffix(".json").exists():
            orphan.unlink()
    _settle(draft, outbox / f"{name}.pdf")
    manifest = Manifest(
        lot=lot, name=name, pdf=f"{name}.pdf", sha256=sha256, size=size, closed_at=closed_at, letters=len(pieces),
        sheets=sum(piece.sheets for piece in pieces), pieces=pieces,
    )  # fmt: skip
    with _draft(outbox, f"{_stem(lot)}.json") as (draft, out):
        out.write(as_bytes(manifest))
    _settle(draft, outbox / f"{name}.json")
    return manifest


def as_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is written."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def answer_to(outbox: Path, name: str) -> Answer | str | None:
    """The print house's answer to a lot; what is wrong with it, when it cannot be read; None while there is none."""
    path = outbox / f"{name}.ack.json"
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_ANSWER)
    except FileNotFoundError:
        return None
    try:
        return msgspec.json.decode(content, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return f"réponse illisible : {error}"


def _stem(lot: int) -> str:
    return f"lot-{lot:06d}"


@contextmanager
def _draft(outbox: Path, name: str) -> Iterator[tuple[Path, Any]]:
    """A file that nobody looks at yet; on disk when the context ends."""
    path = outbox / f".{name}.{os.getpid()}.part"
    try:
        with path.open("wb") as out:
            yield path, out
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _settle(draft: Path, path: Path) -> None:
    draft.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()

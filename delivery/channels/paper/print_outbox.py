"""The print house's outbox folder: writes lots of PDFs with their manifest, and reads the print house's answers.

A lot is `lot-000231-<sha>-1.pdf`, `-2.pdf` … and then its manifest `lot-000231-<sha>.json`. A PDF that no manifest
names is not printed. Each file appears whole or not at all. The name comes from the content, so the same lot written
twice is one lot. The print house answers with `lot-000231-<sha>.ack.json`, and with `.ack-2.json` … where it has more
to say.
"""

import hashlib
import os
import re
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, NamedTuple
from uuid import uuid4

import msgspec

from bill import Reason
from delivery.channels.paper.print_manifest import LotFile, MailPiece, PrintManifest, Ticket, as_bytes, postage_of
from store.blobs.mounted_folder_check import assert_mounted
from untrusted.encodings.byte_order_mark import as_utf8

_NAME_DIGITS: Final = 12
#: Bytes of an answer; a longer one is none.
LARGEST_ANSWER: Final = 1 << 22
#: A lot's first answer, and further ones: `lot-….ack.json`, `lot-….ack-2.json`.
_ANSWER: Final = re.compile(r"lot-[0-9A-Za-z_-]{1,80}\.ack(?:-\d{1,3})?\.json")


#: No lot has more letters or sheets.
_Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]


class Answer(msgspec.Struct, frozen=True):
    """The print house's answer: letters and sheets printed; *missing* are the sets that it could not print."""

    letters: _Count
    sheets: _Count
    missing: tuple[_Count, ...] = ()


class LotFileDraft(NamedTuple):
    """A PDF to write: its ticket, and the generator that writes its letters."""

    ticket: Ticket
    compose: Callable[[BinaryIO], Generator[None, None, list[MailPiece]]]


def announced(outbox: Path, lot: int) -> list[PrintManifest]:
    """Return the manifests of this lot that are already in the outbox, as after a crash. Raises Unavailable when the
    folder is not the mounted one: an announced lot would be overlooked."""
    assert_mounted(outbox)
    names = (path for path in sorted(outbox.iterdir()) if path.name.startswith(f"{_stem(lot)}-"))
    found = (_read(path) for path in names if path.suffix == ".json" and "." not in path.stem)
    return [manifest for manifest in found if manifest is not None]


def manifest_named(outbox: Path, name: str) -> PrintManifest | None:
    """Return the manifest of the lot of this name; None when it is missing or unreadable."""
    return _read(outbox / f"{name}.json")


def write_lot(
    outbox: Path, lot: int, closed_at: str, files: Sequence[LotFileDraft], announcing: AbstractContextManager[object]
) -> Generator[None, None, PrintManifest]:
    """Write a lot's PDFs, then its manifest. Returns the manifest; yields after each letter so that other work can run.

    Files get their final names only within *announcing*, which raises when this process no longer may write.
    """
    assert_mounted(outbox)
    with ExitStack() as drafts:
        written = []
        for number, file in enumerate(files, 1):
            draft, out = drafts.enter_context(_draft(outbox, f"{_stem(lot)}-{number}.pdf"))
            pieces = yield from file.compose(out)
            _flush_to_disk(out)
            written.append((draft, file.ticket, pieces, _sha256_of(draft)))
        name = f"{_stem(lot)}-{_name_of([sha256 for *_, sha256 in written])}"
        manifest = _manifest(lot, name, closed_at, written)
        with announcing:
            _delete_leftovers(outbox, lot, {draft for draft, *_ in written})
            for (draft, *_), entry in zip(written, manifest.files, strict=True):
                _rename_durably(draft, outbox / entry.pdf)
            draft, out = drafts.enter_context(_draft(outbox, f"{_stem(lot)}.json"))
            out.write(as_bytes(manifest))
            _flush_to_disk(out)
            _rename_durably(draft, outbox / f"{name}.json")
    return manifest


def answers_in(outbox: Path) -> dict[str, int]:
    """Return the names of the print house's answers in the outbox, each with the time of its last change in
    nanoseconds. A link, a pipe or a folder of such a name is none. Raises OSError when the folder cannot be read."""
    with os.scandir(outbox) as entries:
        files = (entry for entry in entries if _ANSWER.fullmatch(entry.name) and entry.is_file(follow_symlinks=False))
        return {entry.name: entry.stat().st_mtime_ns for entry in files}


def lot_answered(file: str) -> str:
    """Return the name of the lot that an answer's file is about."""
    return file.partition(".")[0]


def read_answer(path: Path) -> tuple[Answer | Reason, str]:
    """Return an answer, or why it is unreadable, and the SHA-256 of the file. Raises OSError."""
    with path.open("rb") as file:
        content = file.read(LARGEST_ANSWER)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return msgspec.json.decode(as_utf8(content), type=Answer), sha256
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Reason.of("answer_unreadable", error=str(error)), sha256


def _manifest(
    lot: int, name: str, closed_at: str, written: Sequence[tuple[Path, Ticket, list[MailPiece], str]]
) -> PrintManifest:
    files: list[LotFile] = []
    everything: list[MailPiece] = []
    for number, (draft, ticket, pieces, sha256) in enumerate(written, 1):
        files.append(
            LotFile(
                pdf=f"{name}-{number}.pdf", sha256=sha256, size=draft.stat().st_size, first_set=len(everything) + 1,
                letters=len(pieces), pages=sum(piece.pages for piece in pieces),
                sheets=sum(piece.sheets for piece in pieces), ticket=ticket,
            )
        )  # fmt: skip
        everything += pieces
    return PrintManifest(
        lot=lot, name=name, closed_at=closed_at, letters=len(everything), sheets=sum(file.sheets for file in files),
        postage=postage_of(everything), files=files, pieces=everything,
    )  # fmt: skip


def _read(path: Path) -> PrintManifest | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=PrintManifest)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _delete_leftovers(outbox: Path, lot: int, drafts: Collection[Path]) -> None:
    """Delete what a crash left of this lot: PDFs that no manifest names, and drafts other than these."""
    named = {file.pdf for manifest in announced(outbox, lot) for file in manifest.files}
    for orphan in (*outbox.glob(f"{_stem(lot)}-*.pdf"), *outbox.glob(f".{_stem(lot)}[-.]*.part")):
        if orphan.name not in named and orphan not in drafts:
            orphan.unlink(missing_ok=True)


def _stem(lot: int) -> str:
    return f"lot-{lot:06d}"


def _name_of(digests: list[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:_NAME_DIGITS]


@contextmanager
def _draft(outbox: Path, name: str) -> Iterator[tuple[Path, Any]]:
    """A hidden file with a unique name, deleted when the context ends unless it was renamed."""
    path = outbox / f".{name}.{uuid4().hex}.part"
    try:
        with path.open("wb") as out:
            yield path, out
    finally:
        path.unlink(missing_ok=True)


def _flush_to_disk(out: Any) -> None:
    out.flush()
    os.fsync(out.fileno())


def _rename_durably(draft: Path, path: Path) -> None:
    draft.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Finds letters that were handed over but whose files are gone from the outbox before the print house acknowledged
them."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from delivery.channels.paper.print_manifest import LotFile, PrintManifest
from delivery.channels.paper.print_outbox import manifest_named
from store.delivery import Delivery
from store.print_batch import batches_in

#: With more lost letters than this, the batch counts as lost as a whole.
MOST_NAMED: Final = 50_000


class LostLetters(NamedTuple):
    """Batches lost as a whole, and single lost letters (delivery ids) of other batches."""

    batches: list[int]
    letters: list[int]

    def has(self, letter: Delivery) -> bool:
        """Whether this letter is among them."""
        return letter.batch_id in self.batches or letter.id in self.letters


ALL_THERE: Final = LostLetters([], [])


class _Files(msgspec.Struct):
    """A manifest without its letters: only its files are decoded."""

    files: list[LotFile]


def lost_letters(
    session: Session, outboxes: Mapping[str, Path], batch_ids: Collection[int | None] | None = None
) -> LostLetters:
    """Return the handed-over, unacknowledged batches and letters whose files are missing or unreadable in their print
    house's outbox. Batches of a house without an outbox are not looked at. With *batch_ids*, looks at these only."""
    lost = LostLetters([], [])
    for batch in batches_in(session, "handed_over"):
        outbox = outboxes.get(batch.house)
        if outbox is None or not batch.name or (batch_ids is not None and batch.id not in batch_ids):
            continue  # nothing was handed over, nobody asks for it, or nobody knows where it lies
        missing = _missing_files(outbox, batch.name)
        if missing is None:
            lost.batches.append(batch.id)
        elif missing:
            letters = _letters_in(missing, manifest_named(outbox, batch.name))
            if len(lost.letters) + len(letters) > MOST_NAMED:
                lost.batches.append(batch.id)
            else:
                lost.letters.extend(letters)
    return lost


def _missing_files(outbox: Path, name: str) -> list[int] | None:
    """Return the numbers of a batch's missing files; None when its manifest is missing."""
    try:
        files = msgspec.json.decode((outbox / f"{name}.json").read_bytes(), type=_Files).files
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return [number for number, file in enumerate(files, 1) if not _is_whole(outbox / file.pdf, file.size)]


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _letters_in(files: list[int], manifest: PrintManifest | None) -> list[int]:
    return [piece.delivery for piece in manifest.pieces if piece.file in files] if manifest else []

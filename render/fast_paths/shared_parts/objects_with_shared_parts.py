"""Writes a bill's objects, and remembers what parts of their bytes other bills have too."""

from collections.abc import Sequence

from render.fast_paths.shared_parts.deflate_pieces import deflate_pieces
from render.pdf.pdf_objects import STREAM_ENDS, TEXT, ObjectRun, Objects


class SuffixObjects(Objects):
    """The objects of a bill. Runs of objects and constant pieces of streams are shared parts: other bills have the same
    bytes, which say nothing of any bill."""

    def __init__(self, number: int, offset: int) -> None:
        super().__init__(number, offset)
        self._shared_places: list[int] = []

    def add_pieces(self, entries: bytes, pieces: Sequence[bytes]) -> int:
        """Do as `Objects.add_pieces` does; each constant piece is a shared part."""
        parts = deflate_pieces(pieces, TEXT)
        number, length, first = self._begin(), sum(map(len, parts)), len(self._written)
        head = b"%d 0 obj\n<</Length %d/Filter/FlateDecode%b>>\nstream\n" % (number, length, entries)
        self._written += [head, *parts, STREAM_ENDS]
        self._shared_places += range(first + 2, first + 1 + len(parts), 2)
        self._end += len(head) + length + len(STREAM_ENDS)
        return number

    def add_run(self, run: ObjectRun) -> None:
        """Do as `Objects.add_run` does; the run is a shared part."""
        self._shared_places.append(len(self._written))
        super().add_run(run)

    def parts(self) -> list[bytes]:
        """Return what was written as a list that alternates own and shared parts; the first and the last are own."""
        parts: list[bytes] = []
        at = 0
        for place in self._shared_places:
            parts += (b"".join(self._written[at:place]), self._written[place])
            at = place + 1
        return [*parts, b"".join(self._written[at:])]

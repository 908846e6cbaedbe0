"""The body of a request as it comes in: a little of it in memory, more of it in an unnamed file."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from store.blobs.unnamed_file import open_unnamed

#: The most bytes held in memory. Nothing larger comes before it was let in.
IN_MEMORY: Final = 128 * 1024


class ReceivedBody:
    """A buffer for waitress' body receivers. *folder* is where the unnamed file lies: on the disk of the blobs it can
    become one without being copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO = BytesIO()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def is_on_disk(self) -> bool:
        return not isinstance(self._file, BytesIO)

    def append(self, piece: bytes) -> None:
        """Add bytes that came. Raises OSError if the disk takes no more."""
        if not self.is_on_disk and self._size + len(piece) > IN_MEMORY:
            on_disk = open_unnamed(self._folder)
            on_disk.write(self._file.getvalue())  # type: ignore[attr-defined]
            self._file = on_disk
        self._file.write(piece)
        self._size += len(piece)

    def getfile(self) -> BinaryIO:
        """Returns the body to be read, from its beginning."""
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        self._file.close()

"""A whole upload, out of its sender's reach until it is a feed."""

import shutil
from pathlib import Path
from typing import NamedTuple


class Taken(NamedTuple):
    """A folder of its own, in which lie the file and what its checksum files announced (`.sha256`, `.md5` …: no
    file that begins with a dot is ever taken)."""

    folder: Path
    name: str

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @property
    def announced(self) -> dict[str, str]:
        """The announced digests in hex, by algorithm."""
        return {path.name[1:]: path.read_text() for path in self.folder.glob(".*")}

    def forget(self) -> None:
        """It is a feed, or refused: nothing of it is left here."""
        shutil.rmtree(self.folder, ignore_errors=True)


def find_taken(folder: Path) -> Taken | None:
    """What lies in a folder; None when a server died before the file came in, or while it was forgotten."""
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    return Taken(folder, names[0]) if names else None

"""A complete upload that was moved out of the upload folder and waits to become a feed."""

import shutil
from pathlib import Path
from typing import NamedTuple

from bill import ControlTotals
from doors.declared_totals import CONTROL_FILES, read_control_file


class ClaimedUpload(NamedTuple):
    """A folder with one uploaded file, its announced digests (`.sha256`, `.md5` …) and its control file
    (`.control.json`). Uploaded names never begin with a dot."""

    folder: Path
    name: str

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @property
    def announced(self) -> dict[str, str]:
        """The announced digests in hex, by algorithm."""
        beside = [path for path in self.folder.glob(".*") if path.name not in CONTROL_FILES]
        return {path.name[1:]: path.read_text() for path in beside}

    def declared(self) -> ControlTotals | None:
        """The totals in its control file, or None; raises DeclarationError if it cannot be read."""
        for ending in CONTROL_FILES:
            if (path := self.folder / ending).exists():
                return read_control_file(f"{self.name}{ending}", path.read_bytes())
        return None

    def forget(self) -> None:
        """Delete the folder: the file is a feed now, or refused."""
        shutil.rmtree(self.folder, ignore_errors=True)


def claimed_upload_in(folder: Path) -> ClaimedUpload | None:
    """The claimed upload in a folder; None if a server was killed before the file was moved in, or while it was
    deleted."""
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    return ClaimedUpload(folder, names[0]) if names else None

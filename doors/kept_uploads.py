"""Uploaded files that were taken in (`archive`) or refused (`rejected`), kept some days for their sender to look at."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

#: How long a file is kept. The bytes of a feed are in the blob store as well, as long as the service needs them.
KEPT_FOR: Final = timedelta(days=7)
#: The most files and bytes of one folder; beyond, the oldest go first.
MOST_KEPT_FILES: Final = 1_000
MOST_KEPT_BYTES: Final = 4 << 30


class _KeptFile(NamedTuple):
    path: Path
    size: int
    since: datetime


class KeptUploads:
    """One such folder of one issuer. Its sender may list, fetch and remove files, and puts nothing there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Create it if missing, readable by this user only."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, path: Path, kept_name: str, now: datetime) -> None:
        """Move a file in (from the same file system), then delete what is too old or too much."""
        self.make()
        path.rename(self.folder / kept_name)
        self.tidy(now)

    def tidy(self, now: datetime) -> None:
        """Delete files that are too old, and the oldest of too many or too large ones."""
        size = 0
        for n, kept in enumerate(sorted(self._files(), key=lambda each: each.since, reverse=True)):
            size += kept.size
            if now - kept.since > KEPT_FOR or n >= MOST_KEPT_FILES or size > MOST_KEPT_BYTES:
                kept.path.unlink(missing_ok=True)

    def _files(self) -> list[_KeptFile]:
        found: list[_KeptFile] = []
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):  # its sender has removed it
                status = path.lstat()
                found.append(_KeptFile(path, status.st_size, datetime.fromtimestamp(status.st_ctime, UTC)))
        return found


def kept_name(name: str, now: datetime) -> str:
    """What an uploaded file is called where it is kept: with the moment, so that no file takes another's place."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}Z-{name}"

"""Check that a folder's disk is mounted, by a mark file inside it.

Without the mark it may be the empty mount point: then files are not lost, and nothing may be written there.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from store.outage_or_fault import Unavailable

MARK: Final = ".facteur"


def mark(folder: Path, *, may_begin: bool = True) -> None:
    """Create the folder if it is missing, and put the mark file into it. With *may_begin* False (it must have content
    by now) an empty folder is left unmarked."""
    with suppress(OSError):  # the first use of the folder reports the error
        folder.mkdir(parents=True, exist_ok=True)
        if may_begin or any(folder.iterdir()):
            (folder / MARK).touch()


def assert_mounted(folder: Path) -> None:
    """Raise Unavailable if the folder has no mark file."""
    if not (folder / MARK).exists():
        raise Unavailable(
            f"{folder} has no file {MARK}: is its disk mounted? If it is the right folder all the same: "
            f"touch {folder / MARK}"
        )

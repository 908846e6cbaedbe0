"""Where the tests keep their stores: in memory, since a disk that syncs each commit took most of their time."""

import shutil
from pathlib import Path
from typing import Final

_ENOUGH: Final = 4 << 30


def memory_folder() -> Path | None:
    """A folder that is kept in memory, if there is one with room for the stores of all tests under way."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > _ENOUGH else None

"""Files without a name: nothing of them is left when the process dies, and their bytes can be given a name without
being copied."""

import os
import tempfile
from io import UnsupportedOperation
from pathlib import Path
from typing import BinaryIO, cast


def open_unnamed(folder: Path) -> BinaryIO:
    """Open an empty file without a name on the folder's disk, for writing and reading. The folder is created if it is
    missing. Only files of Linux (open(2), O_TMPFILE) can be named later; elsewhere it is a common temporary file."""
    folder.mkdir(parents=True, exist_ok=True)
    flag = getattr(os, "O_TMPFILE", 0)
    if flag:
        try:
            descriptor = os.open(folder, flag | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError:
            pass  # a file system that knows none: NFS, for one
        else:
            return cast("BinaryIO", os.fdopen(descriptor, "w+b"))
    return cast("BinaryIO", tempfile.TemporaryFile(dir=folder))


def name_file(file: object, path: Path) -> bool:
    """Give an open unnamed file this name, on the same disk. Returns False if it cannot have one: it is no file, it
    has a name, or it lies on another disk. Its bytes must be flushed."""
    try:
        descriptor = cast("BinaryIO", file).fileno()
        if os.fstat(descriptor).st_nlink:
            return False
        # With a folder's descriptor Python calls linkat with AT_SYMLINK_FOLLOW, which open(2) asks for.
        here = os.open(path.parent, os.O_RDONLY)
    except (AttributeError, UnsupportedOperation, OSError):
        return False
    try:
        os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=here, follow_symlinks=True)
    except OSError:
        return False
    finally:
        os.close(here)
    return True

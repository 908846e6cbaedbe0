"""One SFTP session: list, upload, rename, download and remove files in the issuer's own upload folder.

A sender's path never reaches the file system: each is reduced to one checked name in the upload folder, or in one of
the two folders that are seen in it (`archive`, `rejected`: to be fetched and removed), or refused.
Every operation without a method here ends in `map_path`, which refuses.
"""

import asyncio
import os
import posixpath
import stat
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncssh
from asyncssh import SFTPAttrs, SFTPName

from doors.complete_uploads import ANSWERS, UploadFolder, files_of
from doors.feed_drop import LARGEST_FEED
from doors.sftp.open_handles import OpenHandles
from doors.upload_names import LONGEST_FILE_NAME, is_name, is_temporary

#: The most files and bytes in an upload folder, our answers aside.
MOST_FILES: Final = 2_000
MOST_BYTES: Final = 2 * LARGEST_FEED
#: Bytes written between two measurements of the upload folder.
MEASURED_EVERY: Final = 16 << 20

_FLAGS: Final = {
    asyncssh.FXF_CREAT: os.O_CREAT,
    asyncssh.FXF_TRUNC: os.O_TRUNC,
    asyncssh.FXF_EXCL: os.O_EXCL,
    asyncssh.FXF_APPEND: os.O_APPEND,
}


@dataclass
class Handle:
    """An open file of the upload folder."""

    name: str
    descriptor: int
    is_writing: bool
    grown: int = 0  # bytes written since the upload folder was measured
    has_failed: bool = False  # a part could not be written: the file stays incomplete


class SFTPSession(asyncssh.SFTPServer):
    """One sender's session in its upload folder. *arrived* collects the files that it renames into place; *opened*
    counts what its issuer has open in all its sessions."""

    def __init__(
        self, channel: Any, upload_folder: UploadFolder, arrived: set[tuple[str, str]], opened: OpenHandles
    ) -> None:
        super().__init__(channel)
        self._uploads = upload_folder
        self._opened_by_issuer = opened
        opened.sessions += 1
        self._arrived = arrived
        self._handles: list[Handle] = []
        self._is_over = False
        upload_folder.make()

    def map_path(self, path: bytes) -> bytes:  # noqa: ARG002
        raise asyncssh.SFTPPermissionDenied("that is not done at this door: put files, and rename them into place")

    # -- names -------------------------------------------------------------------------------------------------

    def realpath(self, path: bytes) -> bytes:
        return b"/" + posixpath.normpath(b"/" + path).lstrip(b"/")

    def _place(self, path: bytes) -> tuple[Path, str]:
        """The folder and the single file name that a path means, in which the upload folder is the root; raises an
        SFTP error for any other path. The name is "" for a folder itself."""
        try:
            text = self.realpath(path)[1:].decode()
        except UnicodeDecodeError as error:
            raise asyncssh.SFTPFailure("file names are UTF-8 here") from error
        first, _, name = text.partition("/")
        if first in self._uploads.kept and (not name or is_name(name, LONGEST_FILE_NAME)):
            return self._uploads.kept[first].folder, name
        if text and not is_name(text):
            raise asyncssh.SFTPNoSuchFile("there is no such folder, and names have at most 200 printable characters")
        return self._uploads.folder, text

    def _file(self, path: bytes) -> Path:
        """The file that a path means; raises an SFTP error for a folder."""
        folder, name = self._place(path)
        if not name:
            raise asyncssh.SFTPFailure("that is a folder")
        return folder / name

    def _free_name(self, path: bytes) -> str:
        """The name that a path means in the upload folder itself, if the sender may write under that name."""
        folder, name = self._place(path)
        if folder != self._uploads.folder:
            raise asyncssh.SFTPPermissionDenied("nothing is put there: put files into the folder above")
        if not name:
            raise asyncssh.SFTPNoSuchFile("a file has a name")
        if name.endswith(ANSWERS):
            raise asyncssh.SFTPPermissionDenied("names that end so are for our answers")
        return name

    # -- looking -----------------------------------------------------------------------------------------------

    def scandir(self, path: bytes) -> AsyncIterator[SFTPName]:
        folder, name = self._place(path)
        if name:
            raise asyncssh.SFTPNoSuchFile("there is no such folder")
        return self._opened_by_issuer.open_listing(self._listed(folder))

    async def _listed(self, folder: Path) -> AsyncGenerator[SFTPName, None]:
        for dots in (b".", b".."):
            yield SFTPName(dots, attrs=_attrs(folder.stat()))
        if folder == self._uploads.folder:
            for name, kept in self._uploads.kept.items():
                yield SFTPName(name.encode(), attrs=_attrs(kept.folder.stat()))
        for entry in files_of(folder):
            with suppress(FileNotFoundError):  # it was taken in, or deleted, meanwhile
                yield SFTPName(entry.name.encode(), attrs=_attrs(entry.stat(follow_symlinks=False)))

    def lstat(self, path: bytes) -> SFTPAttrs:
        folder, name = self._place(path)
        return _attrs((folder / name).lstat())

    def stat(self, path: bytes) -> SFTPAttrs:
        return self.lstat(path)

    def fstat(self, file_obj: object) -> SFTPAttrs:
        return _attrs(os.fstat(_handle(file_obj).descriptor))

    # -- putting and fetching ----------------------------------------------------------------------------------

    def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> Handle:  # noqa: ARG002
        self._opened_by_issuer.open_file()
        try:
            handle = self._open(path, pflags)
        except BaseException:
            self._opened_by_issuer.close_file()
            raise
        self._handles.append(handle)
        return handle

    def _open(self, path: bytes, pflags: int) -> Handle:
        if pflags & (asyncssh.FXF_WRITE | asyncssh.FXF_APPEND):
            return self._begin(self._free_name(path), pflags)
        file = self._file(path)
        return Handle(file.name, _opened(file, os.O_RDONLY), is_writing=False)

    def _begin(self, name: str, pflags: int) -> Handle:
        self._measure()
        flags = os.O_RDWR if pflags & asyncssh.FXF_READ else os.O_WRONLY
        for theirs, ours in _FLAGS.items():
            flags |= ours if pflags & theirs else 0
        descriptor = _opened(self._uploads.folder / name, flags)
        try:
            self._uploads.begin(name)
        except OSError:
            os.close(descriptor)
            raise
        return Handle(name, descriptor, is_writing=True)

    def open56(self, path: bytes, desired_access: int, flags: int, attrs: SFTPAttrs) -> object:  # noqa: ARG002
        raise asyncssh.SFTPOpUnsupported("this door speaks version 3")

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        return os.pread(_handle(file_obj).descriptor, size, offset)

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        handle = _handle(file_obj)
        try:
            self._put(handle, offset, data)
        except (OSError, asyncssh.SFTPError):
            handle.has_failed = True
            raise
        return len(data)

    def _put(self, handle: Handle, offset: int, data: bytes) -> None:
        if offset + len(data) > LARGEST_FEED:
            raise asyncssh.SFTPFailure(f"a feed has at most {LARGEST_FEED:,} bytes: send it in several")
        handle.grown += len(data)
        if handle.grown >= MEASURED_EVERY:
            self._measure()
            handle.grown = 0
        rest = memoryview(data)
        while rest:
            written = os.pwrite(handle.descriptor, rest, offset)
            rest, offset = rest[written:], offset + written

    def _measure(self) -> None:
        files, size = self._uploads.size()
        if files >= MOST_FILES or size >= MOST_BYTES:
            raise asyncssh.SFTPFailure("the upload folder is full: remove what is unfinished, or wait a little")

    def close(self, file_obj: object) -> None:
        """Close a file. A client closes what it has finished; after a broken connection the server closes the open
        files itself, just before it ends the session: such an upload stays marked as unfinished."""
        handle = _handle(file_obj)
        os.close(handle.descriptor)
        self._opened_by_issuer.close_file()
        asyncio.get_running_loop().call_soon(self._finish, handle)

    def _finish(self, handle: Handle) -> None:
        self._handles.remove(handle)
        if handle.is_writing and not (handle.has_failed or self._is_over):
            self._uploads.end(handle.name)

    def exit(self) -> None:
        self._is_over = True
        self._opened_by_issuer.sessions -= 1

    def setstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        self.lstat(path)
        _ignore(attrs)

    def lsetstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        self.setstat(path, attrs)

    def fsetstat(self, file_obj: object, attrs: SFTPAttrs) -> None:
        self.fstat(file_obj)
        _ignore(attrs)

    async def fsync(self, file_obj: object) -> None:
        """In a thread, on a descriptor of its own: the disk may take its time, and the client may close meanwhile."""
        descriptor = os.dup(_handle(file_obj).descriptor)
        try:
            await asyncio.to_thread(os.fsync, descriptor)
        finally:
            os.close(descriptor)

    # -- putting into place ------------------------------------------------------------------------------------

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        if (self._uploads.folder / self._free_name(newpath)).exists():
            raise asyncssh.SFTPFileAlreadyExists("a file of this name is there already")
        self.posix_rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        old, new = self._free_name(oldpath), self._free_name(newpath)
        self._uploads.rename(old, new)
        for handle in self._handles:
            handle.name = new if handle.name == old else handle.name
        if not is_temporary(new):
            self._arrived.add((self._uploads.slug, new))

    def remove(self, path: bytes) -> None:
        file = self._file(path)
        if file.parent == self._uploads.folder:
            self._uploads.remove(file.name)
        else:
            file.unlink()

    # -- what would lead elsewhere -----------------------------------------------------------------------------

    def readlink(self, path: bytes) -> bytes:
        return self.map_path(path)

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:  # noqa: ARG002
        self.map_path(newpath)

    def link(self, oldpath: bytes, newpath: bytes) -> None:  # noqa: ARG002
        self.map_path(newpath)


def _handle(file_obj: object) -> Handle:
    assert isinstance(file_obj, Handle)
    return file_obj


def _opened(file: Path, flags: int) -> int:
    return os.open(file, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _attrs(status: os.stat_result) -> SFTPAttrs:
    """Size, times and type of a file; not which user runs this server."""
    kind = stat.S_IFDIR | 0o700 if stat.S_ISDIR(status.st_mode) else stat.S_IFREG | 0o600
    return SFTPAttrs(
        size=status.st_size, permissions=kind, uid=0, gid=0, atime=int(status.st_atime), mtime=int(status.st_mtime)
    )


def _ignore(attrs: SFTPAttrs) -> None:
    """Ignore times and permissions that a client sets; refuse a change of size."""
    if attrs.size is not None:
        raise asyncssh.SFTPOpUnsupported("a file's size is changed by writing it")

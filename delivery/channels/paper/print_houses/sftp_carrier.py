"""Carries lots to a print house's SFTP server, and fetches its answers.

Each file is uploaded under a hidden name and then renamed, the manifest last, so that the house never sees half a file
or half a lot. What a broken connection left is gone on with. The server must have one of the configured host keys.
"""

import asyncio
import hashlib
import logging
import os
import re
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import asyncssh

from delivery.channels.paper.print_houses.background_coroutine import in_background
from delivery.channels.paper.print_houses.configured_houses import SftpAccess
from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import LARGEST_ANSWER
from store.blobs.mounted_folder_check import assert_mounted
from store.outage_or_fault import Unavailable

log = logging.getLogger(__name__)

#: Files that a print house writes: answers, and returned mail.
_FROM_HOUSE: Final = re.compile(r"lot-\d{6,}-[0-9a-f]{12}\.(?:ack|ack-\d{1,3}|returned)\.json")
#: Bytes that are sent before the server has confirmed them. A file is gone on with from the last whole window.
_WINDOW: Final = 1 << 20
#: Seconds until a server that does not answer is left alone, and until one that does not take or give a window.
_PATIENCE: Final = 10
_PATIENCE_WITH_WINDOW: Final = 60
_KEEPALIVE: Final = 15
_Told = TypeVar("_Told")


class SftpCarrier:
    """The way to one print house's server (`LotCarrier`)."""

    def __init__(self, access: SftpAccess) -> None:
        self._access = access

    def carry(self, outbox: Path, manifest: PrintManifest) -> Iterator[None]:
        """Upload a lot; yields meanwhile. A lot whose manifest or answer is there already is left alone. Raises
        Unavailable."""
        assert_mounted(outbox)
        return in_background(self._carry(outbox, manifest))

    def fetch(self, outbox: Path) -> int:
        """Download what the house has written since the last time; returns the number of files. Raises Unavailable."""
        assert_mounted(outbox)
        return asyncio.run(self._fetch(outbox))

    async def _carry(self, outbox: Path, manifest: PrintManifest) -> None:
        folder, name = self._access.folder, manifest.name
        async with _connected(self._access) as server:
            for known in (f"{folder}/{name}.json", f"{folder}/{name}.ack.json"):
                if await _size(server, known) is not None:
                    return
            for file in manifest.files:
                await _upload(server, outbox / file.pdf, folder, file.sha256)
            await _upload(server, outbox / f"{name}.json", folder)

    async def _fetch(self, outbox: Path) -> int:
        fetched = 0
        async with _connected(self._access) as server:
            for entry in await server.answer(server.sftp.readdir(self._access.folder)):
                name, size, at = str(entry.filename), entry.attrs.size or 0, entry.attrs.mtime or 0
                if not _FROM_HOUSE.fullmatch(name) or _is_known(outbox / name, size, at):
                    continue
                if size > LARGEST_ANSWER:
                    log.warning("%s of %s is too large for an answer: %s bytes", name, self._access.host, size)
                    continue
                await _download(server, f"{self._access.folder}/{name}", outbox / name, at)
                fetched += 1
        return fetched


class _Server(NamedTuple):
    """The house's server. It may keep a connection and not answer: then it is hung up on, and whatever waits fails."""

    connection: asyncssh.SSHClientConnection
    sftp: asyncssh.SFTPClient

    async def answer(self, request: Awaitable[_Told], is_window: bool = False) -> _Told:
        """Wait for the answer to a request, of some bytes or of a window of a file."""
        seconds = _PATIENCE_WITH_WINDOW if is_window else _PATIENCE
        alarm = asyncio.get_running_loop().call_later(seconds, self.connection.abort)
        try:
            return await request
        finally:
            alarm.cancel()


@asynccontextmanager
async def _connected(access: SftpAccess) -> AsyncIterator[_Server]:
    """A session with the house's server. Whatever goes wrong in it is Unavailable: nobody's letter is to blame."""
    try:
        trusted = [asyncssh.import_public_key(line) for line in access.host_keys]
        async with asyncssh.connect(
            access.host, access.port, username=access.user, client_keys=[str(access.key_file)],
            known_hosts=(trusted, [], []), preferred_auth="publickey", agent_path=None, config=[],
            connect_timeout=_PATIENCE, login_timeout=_PATIENCE, keepalive_interval=_KEEPALIVE,
        ) as connection:  # fmt: skip
            async with asyncio.timeout(_PATIENCE):
                sftp = await connection.start_sftp_client()
            yield _Server(connection, sftp)
    except (OSError, asyncssh.Error, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Unavailable(f"print house {access.user}@{access.host}:{access.port}: {error}") from error


async def _upload(server: _Server, source: Path, folder: str, sha256: str | None = None) -> None:
    """Upload a file, unless it is there whole. With its *sha256*, what is there of it is gone on with."""
    target, part, size = f"{folder}/{source.name}", f"{folder}/.{source.name}.part", source.stat().st_size
    if await _size(server, target) == size:
        return
    begun = await _begun(server, part, size) if sha256 else 0
    await _write(server, source, part, begun)
    if begun and await _sha256_of(server, part) != sha256:
        await _write(server, source, part, 0)
    if await _size(server, part) != size:
        raise Unavailable(f"{part} has not {size} bytes on the print house's server")
    await _rename(server, part, target)


async def _begun(server: _Server, part: str, size: int) -> int:
    """Return from where on the file is still to be sent: before the window in which the connection broke."""
    there = await _size(server, part) or 0
    return max(there - 1, 0) // _WINDOW * _WINDOW if there <= size else 0


async def _write(server: _Server, source: Path, part: str, begun: int) -> None:
    flags = asyncssh.FXF_WRITE | asyncssh.FXF_CREAT | (0 if begun else asyncssh.FXF_TRUNC)
    out = await server.answer(server.sftp.open(part, flags, encoding=None))
    with source.open("rb") as file:
        file.seek(begun)
        while window := await asyncio.to_thread(file.read, _WINDOW):
            await server.answer(out.write(window, begun), is_window=True)
            begun += len(window)
    with suppress(asyncssh.SFTPOpUnsupported):
        await server.answer(out.fsync(), is_window=True)
    await server.answer(out.close())


async def _rename(server: _Server, part: str, target: str) -> None:
    """Give an uploaded file its name. What stands under it is replaced: it was not whole."""
    try:
        await server.answer(server.sftp.posix_rename(part, target))
    except asyncssh.SFTPOpUnsupported:
        with suppress(asyncssh.SFTPNoSuchFile):
            await server.answer(server.sftp.remove(target))
        await server.answer(server.sftp.rename(part, target))


async def _size(server: _Server, path: str) -> int | None:
    try:
        return (await server.answer(server.sftp.stat(path))).size
    except asyncssh.SFTPNoSuchFile:
        return None


async def _sha256_of(server: _Server, path: str) -> str:
    digest = hashlib.sha256()
    file = await server.answer(server.sftp.open(path, "rb"))
    while window := await server.answer(file.read(_WINDOW), is_window=True):
        assert isinstance(window, bytes)
        digest.update(window)
    await server.answer(file.close())
    return digest.hexdigest()


def _is_known(path: Path, size: int, at: int) -> bool:
    try:
        known = path.stat()
    except FileNotFoundError:
        return False
    return (known.st_size, int(known.st_mtime)) == (size, at)


async def _download(server: _Server, source: str, target: Path, at: int) -> None:
    """Write the file whole, with the server's time, by which it is known again."""
    draft = target.with_name(f".{target.name}.part")
    try:
        file = await server.answer(server.sftp.open(source, "rb"))
        content = await server.answer(file.read(LARGEST_ANSWER), is_window=True)
        await server.answer(file.close())
        assert isinstance(content, bytes)
        draft.write_bytes(content)
        os.utime(draft, (at, at))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)

"""A print house's SFTP server, real and on this machine, in a thread of its own. It can break off and be looked at."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import asyncssh

from delivery.channels.paper.print_houses.configured_houses import SftpAccess


class SftpPrintHouse:
    """The server's folder, and what was done in it: renames in order, and bytes that were written."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "house"
        (self.root / "lots").mkdir(parents=True)
        self.lots = self.root / "lots"
        self.renamed: list[str] = []
        self.written = 0
        self.break_after: int | None = None
        self.silent_at = ""  # the request that is never answered, though the connection stands
        self.port = 0
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.key_file = folder / "print_key"
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(str(self.key_file))
        self.known_client = key.export_public_key().decode()

    def access(self, **other: Any) -> SftpAccess:
        line = " ".join(self.host_key.export_public_key().decode().split()[:2])
        given = {"host": "127.0.0.1", "port": self.port, "user": "facteur", "folder": "/lots", "host_keys": (line,),
                 "key_file": self.key_file}  # fmt: skip
        return SftpAccess(**given | other)


class _Session(asyncssh.SFTPServer):
    def __init__(self, channel: Any, house: SftpPrintHouse) -> None:
        self._house, self._channel = house, channel
        super().__init__(channel, chroot=str(house.root).encode())

    async def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        await self._think("stat")
        return super().stat(path)  # type: ignore[return-value]

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        await self._think("read")
        return super().read(file_obj, offset, size)  # type: ignore[return-value]

    async def close(self, file_obj: object) -> None:
        await self._think("close")
        super().close(file_obj)

    async def _think(self, request: str) -> None:
        if self._house.silent_at == request:
            await asyncio.sleep(60)

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        house = self._house
        if house.break_after is not None and house.written + len(data) > house.break_after:
            self._channel.get_connection().abort()
            raise asyncssh.SFTPFailure("broken off")
        house.written += len(data)
        return super().write(file_obj, offset, data)  # type: ignore[return-value]

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._house.renamed.append(Path(newpath.decode()).name)
        super().rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._house.renamed.append(Path(newpath.decode()).name)
        super().posix_rename(oldpath, newpath)


@contextmanager
def serving(folder: Path) -> Iterator[SftpPrintHouse]:
    """The server runs while the context lasts."""
    house, ready, loop = SftpPrintHouse(folder), Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        async with asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[house.host_key],
            authorized_client_keys=asyncssh.import_authorized_keys(house.known_client),
            sftp_factory=lambda channel: _Session(channel, house),
        ) as listener:  # fmt: skip
            house.port = listener.get_port()
            ready.set()
            await ended.wait()

    thread = Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield house
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()

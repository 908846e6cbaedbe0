"""OpenSSH's own sftp-server takes lots and gives answers as ours in the tests does, where it is at hand."""

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import asyncssh
import pytest

from delivery.channels.paper.print_houses.configured_houses import SftpAccess
from delivery.channels.paper.print_houses.sftp_carrier import SftpCarrier
from delivery.channels.paper.print_manifest import LotFile, PrintManifest, Ticket, as_bytes
from store.blobs.mounted_folder_check import mark

NAME = "lot-000231-1a2b3c4d5e6f"
TICKET = Ticket(paper="A4", paper_grams=80, sides=1, fold="three", envelope="DL")
PLACES = ("/usr/lib/openssh", "/usr/libexec/openssh", "/usr/lib/ssh", "/usr/libexec", os.environ.get("PATH", ""))
SFTP_SERVER = shutil.which("sftp-server", path=os.pathsep.join(PLACES))

pytestmark = pytest.mark.skipif(SFTP_SERVER is None, reason="OpenSSH's sftp-server is not installed")


class _Session(asyncssh.SSHServerSession[bytes]):
    """Passes bytes on between the client and OpenSSH's program."""

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._chan = chan

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp"

    def session_started(self) -> None:
        self._child = subprocess.Popen([str(SFTP_SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        Thread(target=self._answer, args=(asyncio.get_running_loop(),), daemon=True).start()

    def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        assert self._child.stdout is not None
        while said := self._child.stdout.read(1 << 16):
            loop.call_soon_threadsafe(self._chan.write, said)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        assert self._child.stdin is not None
        while data:
            data = data[self._child.stdin.write(data) :]

    def connection_lost(self, exc: Exception | None) -> None:
        self._child.kill()
        self._child.wait()


class _Server(asyncssh.SSHServer):
    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Session()


@pytest.fixture
def access(tmp_path: Path) -> Iterator[SftpAccess]:
    """An SSH server of asyncssh that leaves SFTP to OpenSSH's program, as sshd does."""
    host_key, key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    key.write_private_key(str(tmp_path / "print_key"))
    ready, ended, loop, ports = Event(), asyncio.Event(), asyncio.new_event_loop(), list[int]()

    async def serve() -> None:
        async with asyncssh.listen(
            "127.0.0.1", 0, server_factory=_Server, server_host_keys=[host_key], encoding=None,
            authorized_client_keys=asyncssh.import_authorized_keys(key.export_public_key().decode()),
        ) as listener:  # fmt: skip
            ports.append(listener.get_port())
            ready.set()
            await ended.wait()

    thread = Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    (tmp_path / "lots").mkdir()
    yield SftpAccess(
        host="127.0.0.1", port=ports[0], user="facteur", folder=str(tmp_path / "lots"), key_file=tmp_path / "print_key",
        host_keys=(host_key.export_public_key().decode(),),
    )  # fmt: skip
    loop.call_soon_threadsafe(ended.set)
    thread.join(10)
    loop.close()


def test_a_lot_goes_there_and_its_answer_comes_back(access: SftpAccess, tmp_path: Path) -> None:
    outbox, lots, content = tmp_path / "outbox", tmp_path / "lots", os.urandom(1000) * 3000
    mark(outbox)
    (outbox / f"{NAME}-1.pdf").write_bytes(content)
    file = LotFile(
        pdf=f"{NAME}-1.pdf", sha256=hashlib.sha256(content).hexdigest(), size=len(content), first_set=1, letters=1,
        pages=1, sheets=1, ticket=TICKET,
    )  # fmt: skip
    manifest = PrintManifest(
        lot=231, name=NAME, closed_at="", letters=1, sheets=1, postage={}, files=[file], pieces=[]
    )  # fmt: skip
    (outbox / f"{NAME}.json").write_bytes(as_bytes(manifest))
    (lots / f".{NAME}-1.pdf.part").write_bytes(content[: 2 << 20])
    (lots / f"{NAME}-1.pdf").write_bytes(b"half")
    carrier = SftpCarrier(access)
    for _ in carrier.carry(outbox, manifest):
        pass
    assert {path.name: path.read_bytes() for path in lots.iterdir()} == {
        f"{NAME}-1.pdf": content, f"{NAME}.json": as_bytes(manifest),
    }  # fmt: skip
    (lots / f"{NAME}.ack.json").write_text('{"letters": 1, "sheets": 1}')
    assert (carrier.fetch(outbox), carrier.fetch(outbox)) == (1, 0)
    assert json.loads((outbox / f"{NAME}.ack.json").read_bytes()) == {"letters": 1, "sheets": 1}

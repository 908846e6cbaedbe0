"""An SFTP door in a thread of its own, with the water company's upload folder and its key, and OpenSSH's own client."""

import asyncio
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from time import monotonic, sleep

import asyncssh
import pytest

from doors.complete_uploads import UploadFolder
from doors.sftp.sftp_credentials import add_sftp_key
from doors.sftp.sftp_server import serve
from issuers.registry import add_issuer
from store import Store
from store.issuer import Issuer
from tests.conftest import Clock


def real_time() -> datetime:
    """Files are as old as the machine's clock says."""
    return datetime.now(UTC)


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, "it did not happen in time"
        sleep(0.02)


class Door:
    """The door while it is open; `close()` and a new one on the same home are a restart."""

    def __init__(self, store: Store, home: Path, quiet_seconds: float) -> None:
        self._loop = asyncio.new_event_loop()
        bound: SimpleQueue[int | BaseException] = SimpleQueue()
        self._told = asyncio.Event()
        self._thread = threading.Thread(
            target=lambda: self._loop.run_until_complete(self._stand(store, home, quiet_seconds, bound))
        )
        self._thread.start()
        port = bound.get(timeout=60)
        assert isinstance(port, int), port
        self.port = port

    async def _stand(self, store: Store, home: Path, quiet: float, bound: SimpleQueue[int | BaseException]) -> None:
        try:
            key = home.parent / "host_key"
            async with serve(store, "127.0.0.1", 0, home, key, real_time, quiet, 0.05, 0.05) as port:
                bound.put(port)
                await self._told.wait()
        except BaseException as error:
            bound.put(error)
            raise

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._told.set)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "sftp"


@pytest.fixture
def eaux(store: Store, clock: Clock) -> Issuer:
    with store.writing() as session:
        return add_issuer(session, "eaux", "Eaux du Lac", clock())


@pytest.fixture
def upload_folder(home: Path, eaux: Issuer) -> UploadFolder:
    upload_folder = UploadFolder(home, "eaux")
    upload_folder.make()
    return upload_folder


@pytest.fixture
def open_door(store: Store, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Door]]:
    doors: list[Door] = []
    monkeypatch.setattr("doors.sftp.failed_sign_ins.PASSWORD_SECONDS", 0.01)
    monkeypatch.setattr("doors.sftp.ssh_sign_in.KEY_SECONDS", 0.01)

    def opened(quiet_seconds: float = 3600) -> Door:
        doors.append(Door(store, home, quiet_seconds))
        return doors[-1]

    yield opened
    for door in doors:
        if not door._loop.is_closed():
            door.close()


@pytest.fixture
def make_key(store: Store, tmp_path: Path, clock: Clock) -> Callable[[Issuer], Path]:
    """A key pair that opens an issuer's upload folder; the private key's path."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen on this machine (Debian: apt-get install openssh-client)")

    def made(issuer: Issuer) -> Path:
        path = tmp_path / f"key-{issuer.slug}"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "alice@eaux", "-f", path], check=True)
        with store.writing() as session:
            add_sftp_key(session, issuer, path.with_suffix(".pub").read_text(), clock())
        return path

    return made


class OpenSSH:
    """OpenSSH's `sftp`, in batch mode: the client that most senders have."""

    def __init__(self, port: int, key: Path, user: str = "eaux") -> None:
        options = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes"]
        self._command = ["sftp", "-q", "-P", str(port), "-i", str(key), "-F", "/dev/null"]
        for option in options:
            self._command += ["-o", option]
        self._host = f"{user}@127.0.0.1"

    def __call__(self, *lines: str) -> subprocess.CompletedProcess[str]:
        """Run these commands; the first that fails ends the batch with exit code 1."""
        batch = "\n".join(lines)
        command = [*self._command, "-b", "-", self._host]
        return subprocess.run(command, input=batch, capture_output=True, text=True, timeout=60, check=False)

    def start(self, line: str, kilobits: int) -> subprocess.Popen[str]:
        """Begin a command on a slow line, and do not wait."""
        command = [*self._command, "-l", str(kilobits), "-b", "-", self._host]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
        assert process.stdin is not None
        process.stdin.write(line + "\n")
        process.stdin.close()
        return process


@asynccontextmanager
async def connected(port: int, password: str, user: str = "eaux") -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A connection of asyncssh's client, for what OpenSSH's does not let one do."""
    async with asyncssh.connect(
        "127.0.0.1", port, username=user, password=password, known_hosts=None, client_keys=None, config=[]
    ) as connection:
        yield connection


@pytest.fixture
def sftp(open_door: Callable[..., Door], eaux: Issuer, make_key: Callable[[Issuer], Path]) -> Callable[..., OpenSSH]:
    """Opens the door, and a client for the water company."""
    if shutil.which("sftp") is None:
        pytest.skip("no sftp on this machine (Debian: apt-get install openssh-client)")
    key = make_key(eaux)
    return lambda quiet_seconds=3600: OpenSSH(open_door(quiet_seconds).port, key)

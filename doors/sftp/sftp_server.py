"""The SFTP server: one upload folder an issuer, sign-in by key or password, uploads collected every few seconds."""

import asyncio
import logging
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import asyncssh

from doors.complete_uploads import UploadFolder, claim_complete_uploads
from doors.sftp.sftp_credentials import key_that_enters, password_that_enters
from doors.sftp.sftp_session import SFTPSession
from doors.upload_pickup import QUIET_SECONDS, drop_claimed_uploads
from store import Store
from store.issuer_keys.sftp_credential import SFTPKey, note_sftp_use

#: Seconds between two collections of the upload folders.
SWEEP_SECONDS: Final = 2.0

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class _SSHServer(asyncssh.SSHServer):
    """Authenticates senders by an issuer's key or password. An unknown issuer is answered like a wrong key."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._entered_by = 0

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return await asyncio.to_thread(self._may_enter, key_that_enters, username, key)

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        return await asyncio.to_thread(self._may_enter, password_that_enters, username, password)

    def _may_enter(self, asked: Callable[..., SFTPKey | None], username: str, given: Any) -> bool:
        """A key is asked about before its holder has proved to have it: the last that was found is the one used."""
        with self._store.reading() as session:
            found = asked(session, username, given)
        self._entered_by = found.id if found is not None else 0
        return found is not None

    def auth_completed(self) -> None:
        """Write down which key or password was used, in a thread: the sender does not wait for it."""
        asyncio.get_running_loop().run_in_executor(None, self._note_use)

    def _note_use(self) -> None:
        try:
            with self._store.writing() as session:
                note_sftp_use(session, self._entered_by, self._clock())
        except Exception:  # it is a convenience: the next session writes it
            log.warning("the use of SFTP key %s could not be written", self._entered_by, exc_info=True)


def run(
    store: Store, host: str, port: int, home: Path, host_key: Path, clock: Clock,
    quiet_seconds: float = QUIET_SECONDS, ready: Callable[[int], None] | None = None,
) -> None:  # fmt: skip
    """Serve until SIGTERM or SIGINT; *ready* is called with the port. *home* holds one upload folder an issuer;
    *host_key* is created at first start, readable by this user only."""
    asyncio.run(_until_told(store, host, port, home, host_key, clock, quiet_seconds, ready))


async def _until_told(
    store: Store, host: str, port: int, home: Path, host_key: Path, clock: Clock, quiet_seconds: float,
    ready: Callable[[int], None] | None,
) -> None:  # fmt: skip
    told = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    async with serve(store, host, port, home, host_key, clock, quiet_seconds) as bound:
        if ready is not None:
            ready(bound)
        await told.wait()


@asynccontextmanager
async def serve(
    store: Store, host: str, port: int, home: Path, host_key: Path, clock: Clock,
    quiet_seconds: float = QUIET_SECONDS, sweep_seconds: float = SWEEP_SECONDS,
) -> AsyncIterator[int]:  # fmt: skip
    """Serve while the context lasts; yields the port (0 asks for a free one)."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    arrived: set[tuple[str, str]] = set()

    def session(channel: Any) -> SFTPSession:
        return SFTPSession(channel, UploadFolder(home, channel.get_extra_info("username")), arrived)

    listener = await asyncssh.listen(
        host, port, server_factory=lambda: _SSHServer(store, clock), server_host_keys=[open_host_key(host_key)],
        sftp_factory=session, allow_scp=False, agent_forwarding=False, x11_forwarding=False, gss_host=None,
        keepalive_interval=30, keepalive_count_max=4,
    )  # fmt: skip
    sweep = asyncio.create_task(_collect(store, home, clock, quiet_seconds, sweep_seconds, arrived))
    try:
        yield listener.get_port()
    finally:
        listener.close()
        sweep.cancel()
        with suppress(asyncio.CancelledError):
            await sweep
        await listener.wait_closed()


async def _collect(
    store: Store, home: Path, clock: Clock, quiet_seconds: float, sweep_seconds: float, arrived: set[tuple[str, str]]
) -> None:
    """Claim complete uploads, which is quick and happens between two requests, so that nobody writes to them; then make
    feeds of them in a thread, which is slow."""
    while True:
        try:
            claim_complete_uploads(home, clock(), quiet_seconds, arrived)
            arrived.intersection_update(
                {(upload_folder, name) for upload_folder, name in arrived if (home / upload_folder / name).exists()}
            )
            await asyncio.to_thread(drop_claimed_uploads, store, home, clock())
        except Exception:
            log.exception("uploads could not be collected; claimed ones are dropped later")
        await asyncio.sleep(sweep_seconds)


def open_host_key(path: Path) -> asyncssh.SSHKey:
    """The server's own key, created at first start, by which senders recognise the server."""
    if not path.exists():
        _make_host_key(path)
    return asyncssh.read_private_key(path)


def _make_host_key(path: Path) -> None:
    """Write the key to a temporary file, then link it into place: two servers that start together agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(asyncssh.generate_private_key("ssh-ed25519", comment="facteur").export_private_key())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()

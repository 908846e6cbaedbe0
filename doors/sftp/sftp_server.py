"""The SFTP server: one upload folder an issuer, sign-in by key or password, uploads collected every few seconds."""

import asyncio
import logging
import os
import resource
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

import asyncssh

from doors.awaited_report import write_reports
from doors.complete_uploads import UploadFolder, claim_complete_uploads
from doors.sftp.failed_sign_ins import FailedSignIns
from doors.sftp.lenient_write_packets import accept_trailing_bytes
from doors.sftp.open_connections import OpenConnections
from doors.sftp.open_handles import MOST_SESSIONS, HandlesOfIssuers
from doors.sftp.sftp_session import SFTPSession
from doors.sftp.ssh_sign_in import SSHSignIn
from doors.upload_pickup import QUIET_SECONDS, drop_claimed_uploads, tidy_kept_uploads
from store import Store
from store.issuer_keys.sftp_credential import revoked_sftp_keys

#: Seconds between two collections of the upload folders.
SWEEP_SECONDS: Final = 2.0
#: Seconds between two looks at which keys and passwords were revoked: their connections are ended.
REVOKED_SECONDS: Final = 2.0
#: Seconds between two looks at what was kept long enough.
TIDY_SECONDS: Final = 300.0
#: Seconds in which a sender signs in.
SIGN_IN_SECONDS: Final = 60

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


def run(
    store: Store, host: str, port: int, home: Path, host_key: Path, clock: Clock,
    quiet_seconds: float = QUIET_SECONDS, ready: Callable[[int], None] | None = None,
) -> None:  # fmt: skip
    """Serve until SIGTERM or SIGINT; *ready* is called with the port. *home* holds one upload folder an issuer;
    *host_key* is created at first start, readable by this user only."""
    _allow_open_files()
    asyncio.run(_until_told(store, host, port, home, host_key, clock, quiet_seconds, ready))


def _allow_open_files() -> None:
    """Raise the soft limit of open files (often 1,024) to the hard one: each connection and each open file is one, and
    `open_handles` bounds those of an issuer, not of all."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


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
    revoked_seconds: float = REVOKED_SECONDS,
) -> AsyncIterator[int]:  # fmt: skip
    """Serve while the context lasts; yields the port (0 asks for a free one)."""
    accept_trailing_bytes()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    arrived: set[tuple[str, str]] = set()
    connections, failed, handles = OpenConnections(), FailedSignIns(), HandlesOfIssuers()

    def session(channel: Any) -> SFTPSession:
        user = channel.get_extra_info("username")
        opened = SFTPSession(channel, UploadFolder(home, user), arrived, handles.of(user))
        if handles.of(user).sessions > MOST_SESSIONS:
            channel.get_connection().disconnect(asyncssh.DISC_TOO_MANY_CONNECTIONS, "you have too many sessions open")
        return opened

    listener = await asyncssh.listen(
        host, port, server_factory=lambda: SSHSignIn(store, clock, connections, failed),
        server_host_keys=[open_host_key(host_key)],
        sftp_factory=session, allow_scp=False, agent_forwarding=False, x11_forwarding=False, gss_host=None,
        login_timeout=SIGN_IN_SECONDS, keepalive_interval=30, keepalive_count_max=4,
    )  # fmt: skip
    tasks = [
        asyncio.create_task(_collect(store, home, clock, quiet_seconds, sweep_seconds, arrived)),
        asyncio.create_task(_end_revoked(store, connections, revoked_seconds)),
    ]
    try:
        yield listener.get_port()
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listener.wait_closed()


async def _end_revoked(store: Store, connections: OpenConnections, seconds: float) -> None:
    """End the connections of keys and passwords that were revoked, of issuers that have left too."""
    while True:
        await asyncio.sleep(seconds)
        try:
            if open_ids := connections.key_ids():
                connections.end(await asyncio.to_thread(_revoked, store, open_ids))
        except Exception:
            log.exception("revoked keys could not be looked up; that is tried again")


def _revoked(store: Store, key_ids: set[int]) -> set[int]:
    with store.reading() as session:
        return revoked_sftp_keys(session, key_ids)


async def _collect(
    store: Store, home: Path, clock: Clock, quiet_seconds: float, sweep_seconds: float, arrived: set[tuple[str, str]]
) -> None:
    """Claim complete uploads, which is quick and happens between two requests, so that nobody writes to them; then make
    feeds of them in a thread, which is slow."""
    tidy_at = monotonic()
    while True:
        try:
            claim_complete_uploads(home, clock(), quiet_seconds, arrived)
            arrived.intersection_update(
                {(upload_folder, name) for upload_folder, name in arrived if (home / upload_folder / name).exists()}
            )
            await asyncio.to_thread(_drop_and_report, store, home, clock())
            if monotonic() >= tidy_at:
                await asyncio.to_thread(tidy_kept_uploads, home, clock())
                tidy_at = monotonic() + TIDY_SECONDS
        except Exception:
            log.exception("uploads could not be collected; claimed ones are dropped later")
        await asyncio.sleep(sweep_seconds)


def _drop_and_report(store: Store, home: Path, now: datetime) -> None:
    drop_claimed_uploads(store, home, now)
    write_reports(store, home, now)


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

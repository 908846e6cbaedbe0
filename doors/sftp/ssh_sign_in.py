"""How a sender signs in to the SFTP server: by an issuer's key or password. An unknown issuer is answered like a wrong
key, after the same time."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any, Final

import asyncssh

from doors.sftp.failed_sign_ins import KEY_SECONDS, FailedSignIns
from doors.sftp.open_connections import OpenConnections, client_of
from doors.sftp.sftp_credentials import key_that_enters, password_that_enters
from store import Store
from store.issuer_keys.sftp_credential import SFTPKey, note_sftp_use

#: Keys and passwords that one connection may try: an agent offers each key that it holds.
MOST_TRIES: Final = 20

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class SSHSignIn(asyncssh.SSHServer):
    """One connection, until it is over. A right key or password is answered at once; a wrong one is answered late."""

    def __init__(self, store: Store, clock: Clock, connections: OpenConnections, failed: FailedSignIns) -> None:
        self._store, self._clock = store, clock
        self._connections, self._failed = connections, failed
        self._connection: asyncssh.SSHServerConnection | None = None
        self._client = self._user = ""
        self._entered_by = self._wrong = 0

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        if not self._connections.begin(conn):
            log.info("too many connections that have not signed in: one more of %s is ended", client_of(conn))
            asyncio.get_running_loop().call_soon(conn.abort)
            return
        self._connection, self._client = conn, client_of(conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._connection is not None:
            self._connections.forget(self._connection)

    def begin_auth(self, username: str) -> bool:
        self._user = username
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        began = monotonic()
        if await asyncio.to_thread(self._may_enter, key_that_enters, username, key):
            return True
        await self._answer_late(began, KEY_SECONDS)
        return False

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        began = monotonic()
        if await asyncio.to_thread(self._may_enter, password_that_enters, username, password):
            return True
        await self._answer_late(began, self._failed.fail(self._client, username, began))
        return False

    def _may_enter(self, asked: Callable[..., SFTPKey | None], username: str, given: Any) -> bool:
        """A key is asked about before its holder has proved to have it: the last that was found is the one used."""
        with self._store.reading() as session:
            found = asked(session, username, given)
        self._entered_by = found.id if found is not None else 0
        return found is not None

    async def _answer_late(self, began: float, seconds: float) -> None:
        """Wait until so long after the question, however long the look-up took; end a connection that guesses on."""
        self._wrong += 1
        await asyncio.sleep(max(0.0, began + seconds - monotonic()))
        if self._wrong >= MOST_TRIES and self._connection is not None:
            log.info("%s tried %s keys and passwords: the connection is ended", self._client, self._wrong)
            self._connection.abort()

    def auth_completed(self) -> None:
        """Let the sender in, unless its issuer has too many connections. Which key or password was used is written down
        in a thread: the sender does not wait for it."""
        assert self._connection is not None
        if not self._connections.enter(self._connection, self._user, self._entered_by):
            log.info("%s has too many connections: one more is ended", self._user)
            self._connection.disconnect(
                asyncssh.DISC_TOO_MANY_CONNECTIONS, "you have too many connections open: close some"
            )
            return
        asyncio.get_running_loop().run_in_executor(None, self._note_use)

    def _note_use(self) -> None:
        try:
            with self._store.writing() as session:
                note_sftp_use(session, self._entered_by, self._clock())
        except Exception:  # it is a convenience: the next session writes it
            log.warning("the use of SFTP key %s could not be written", self._entered_by, exc_info=True)

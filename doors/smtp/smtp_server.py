"""The SMTP server of the personal addresses for bills (RFC 5321): takes mails for known addresses, relays nothing.

An address that is not known, of another domain, or of a person who does not take mails from this sender, gets one
answer, after the same look-up. A mail is acknowledged once all of it is in the store; while that is down the sender
is asked to try again.
"""

import asyncio
import logging
import signal
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, Final

import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session

from doors.smtp.mail_attachments import LARGEST_MAIL
from doors.smtp.take_mail import take_mail
from store import Store
from store.outage_or_fault import is_outage
from store.rate_limit import Rate, take
from store.received_mail.received_mail import allowed_senders, is_allowed
from store.secret_addresses.mail_address import secret_in
from store.secret_addresses.secret_address import owner_of_secret
from store.vault.key_ring import RATE_LIMITS

#: Connections at a time, of all and of one client; each holds one mail in memory.
MOST_CONNECTIONS: Final = 24
MOST_OF_A_CLIENT: Final = 4
#: Seconds without a command, and of a whole connection.
IDLE_SECONDS: Final = 60
LONGEST_SECONDS: Final = 600
MOST_RECIPIENTS: Final = 10
#: Octets of a line: more than RFC 5321 4.5.3.1.6 allows (1,000), since many mail programs write longer ones.
LONGEST_LINE: Final = 64 << 10
#: Lines of a mail, each of which takes some dozen bytes of memory beside its own: 20 MB of lines of 33 octets.
MOST_LINES: Final = 600_000
#: Commands of one kind in a connection.
COMMANDS: Final = {"*": 20, "RCPT": 50, "NOOP": 10, "VRFY": 5}
#: Recipients that a client may ask for, known or not: a provider's servers send for many people.
ASKED_BY_A_CLIENT: Final = Rate(600, 3600)
#: Mails for one person.
MAILS_OF_A_PERSON: Final = Rate(60, 3600)

UNKNOWN: Final = "550 5.1.1 no such address here"
SLOWER: Final = "451 4.7.1 too many mails: try again later"
DOWN: Final = "451 4.3.0 not now: try again later"
FULL: Final = b"421 4.3.2 too many connections: try again later\r\n"
TAKEN: Final = "250 2.0.0 taken"

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class SmtpDoor(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server listens, for which *domain*, and the files of its certificate for STARTTLS (None: without)."""

    host: str
    port: int
    domain: str
    certificate: Path | None = None
    key: Path | None = None


def run(store: Store, door: SmtpDoor, clock: Clock, ready: Callable[[int], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; *ready* is called with the port. Raises OSError or ssl.SSLError where the
    certificate cannot be used."""
    asyncio.run(_until_told(store, door, clock, ready))


async def _until_told(store: Store, door: SmtpDoor, clock: Clock, ready: Callable[[int], None] | None) -> None:
    told = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    async with serve(store, door, clock) as bound:
        if ready is not None:
            ready(bound)
        await told.wait()


@asynccontextmanager
async def serve(store: Store, door: SmtpDoor, clock: Clock) -> AsyncIterator[int]:
    """Serve while the context lasts; yields the port (0 asks for a free one)."""
    loop, connections = asyncio.get_running_loop(), _Connections()
    handler, tls = _Handler(store, door.domain, clock), _tls(door)
    server = await loop.create_server(
        partial(_Connection, handler, connections, hostname=door.domain, tls_context=tls), door.host, door.port
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        connections.close_all()
        await server.wait_closed()


def _tls(door: SmtpDoor) -> ssl.SSLContext | None:
    if door.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(door.certificate, door.key)
    return context


class _Connections:
    """The connections that are open, by client."""

    def __init__(self) -> None:
        self._by_client: Counter[str] = Counter()
        self._open: set[asyncio.BaseTransport] = set()

    def admit(self, client: str, transport: asyncio.BaseTransport) -> bool:
        if len(self._open) >= MOST_CONNECTIONS or self._by_client[client] >= MOST_OF_A_CLIENT:
            return False
        self._by_client[client] += 1
        self._open.add(transport)
        return True

    def leave(self, client: str, transport: asyncio.BaseTransport) -> None:
        if transport in self._open:
            self._open.discard(transport)
            self._by_client[client] -= 1
            self._by_client += Counter()  # forgets those at 0

    def close_all(self) -> None:
        for each in list(self._open):
            each.close()


class _Connection(SMTP):
    """One client's connection, for a bounded time."""

    line_length_limit = LONGEST_LINE

    def __init__(self, handler: "_Handler", connections: _Connections, **options: Any) -> None:
        super().__init__(
            handler, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=False, ident="Facteur", timeout=IDLE_SECONDS,
            command_call_limit=COMMANDS, loop=asyncio.get_running_loop(), **options,
        )  # fmt: skip
        self._connections = connections
        self._admitted: tuple[str, asyncio.BaseTransport] | None = None
        self._end: asyncio.TimerHandle | None = None
        self._lines = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._admitted is None:  # STARTTLS makes the connection anew
            client = _client(transport.get_extra_info("peername"))
            if not self._connections.admit(client, transport):
                transport.write(FULL)  # type: ignore[attr-defined]
                transport.close()
                return
            self._admitted = (client, transport)
            self._end = self.loop.call_later(LONGEST_SECONDS, transport.close)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._lines += data.count(b"\n")
        if self._lines > MOST_LINES and self.transport is not None:
            self.transport.abort()  # type: ignore[attr-defined]
            return
        super().data_received(data)

    def forget_lines(self) -> None:
        """A mail has been taken: the next one has all its lines to come."""
        self._lines = 0

    def connection_lost(self, error: Exception | None) -> None:
        if self._admitted is not None:
            self._connections.leave(*self._admitted)
        if self._end is not None:
            self._end.cancel()
        if self.transport is not None:
            super().connection_lost(error)


class _Handler:
    """Answers the commands. The method names are aiosmtpd's."""

    def __init__(self, store: Store, domain: str, clock: Clock) -> None:
        self._store, self._domain, self._clock = store, domain, clock

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients: send the rest in another mail"
        client, sender = _client(session.peer), _sender(envelope)
        answer = await self._in_thread(self._receive_for, client, sender, address)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_VRFY(self, *_: Any) -> str:  # noqa: N802
        return "252 2.0.0 send it, and see"

    async def handle_DATA(self, server: "_Connection", _session: Session, envelope: Envelope) -> str:  # noqa: N802
        server.forget_lines()
        content, sender = envelope.content, _sender(envelope)
        assert isinstance(content, bytes)
        return await self._in_thread(self._take, sender, list(envelope.rcpt_tos), content)

    async def _in_thread(self, answering: Callable[..., str], *asked: Any) -> str:
        """What *answering* says; DOWN where it fails, for whatever reason: the sender keeps the mail, to try again."""
        try:
            return await asyncio.to_thread(answering, *asked)
        except Exception as error:
            if is_outage(error):
                log.warning("a mail waits, something is down: %s", error)
            else:
                log.exception("a mail could not be taken")
            return DOWN

    def _receive_for(self, client: str, sender: str, address: str) -> str:
        """What a recipient is answered."""
        now = self._clock()
        with self._store.writing() as session:
            if take(session, self._count("client", client), ASKED_BY_A_CLIENT, now):
                return SLOWER
        with self._store.reading() as session:
            owner = owner_of_secret(session, "bills", secret_in(address, self._domain))
            senders = allowed_senders(session, owner.id if owner else 0)
        if owner is None or not is_allowed(senders, sender):
            return UNKNOWN
        with self._store.writing() as session:
            if take(session, self._count("person", str(owner.id)), MAILS_OF_A_PERSON, now):
                return SLOWER
        return TAKEN

    def _take(self, sender: str, recipients: list[str], content: bytes) -> str:
        with self._store.reading() as session:
            owners = [owner_of_secret(session, "bills", secret_in(each, self._domain)) for each in recipients]
        for owner_id in dict.fromkeys(each.id for each in owners if each is not None):
            take_mail(self._store, owner_id, sender, content, self._domain, self._clock())
        return TAKEN

    def _count(self, *said: str) -> str:
        """A digest, so that neither addresses nor clients are stored."""
        key = self._store.keys.key(RATE_LIMITS)
        return sha256(key + "\n".join(("smtp door", *said)).encode("utf-8", "replace")).hexdigest()[:32]


def _client(peer: Any) -> str:
    """What a client is counted by: its IPv4 address, or its IPv6 /64; "" where it is gone."""
    if not peer:
        return ""
    address = ip_address(str(peer[0]).partition("%")[0])
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


def _sender(envelope: Envelope) -> str:
    """The envelope's sender; "" for the empty one of bounces, which aiosmtpd gives as `<>`."""
    return (envelope.mail_from or "").removeprefix("<>")

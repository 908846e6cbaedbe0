"""A development inbox: a local SMTP server that keeps every e-mail as a file, for demos and tests.

To show bounces it refuses (550) every recipient whose name begins with `bounce` and every domain that begins with
`bounce.`. It listens on loopback only.
"""

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Thread
from typing import Any, Final

import msgspec
from aiosmtpd.smtp import SMTP

_LARGEST: Final = 16 << 20
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{24}")


class InboxMail(msgspec.Struct, frozen=True, kw_only=True):
    """One e-mail of the inbox. All of it is data from its sender; *at* is None when its date cannot be read."""

    id: str
    to: str
    sender: str
    subject: str
    at: datetime | None
    text: str
    html: str
    language: str = ""

    @property
    def links(self) -> list[str]:
        """The URLs in the plain text, in order."""
        return re.findall(r"https?://[^\s<>\"]+", self.text)


@contextmanager
def open_inbox(folder: Path) -> Iterator[str]:
    """Run the SMTP server while the context lasts, keeping e-mails in *folder*; gives its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.new_event_loop()
    sink = _Sink(folder)
    listening = loop.create_server(
        lambda: SMTP(sink, hostname="localhost", ident="Facteur dev inbox", data_size_limit=_LARGEST, loop=loop),
        host="127.0.0.1", port=0,
    )  # fmt: skip
    server = loop.run_until_complete(listening)
    port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, name="dev inbox", daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def list_mails(folder: Path, recipient: str | None = None, limit: int = 100) -> list[InboxMail]:
    """Return the latest e-mails, newest first, at most *limit*; only those to *recipient* when given."""
    prefix = _recipient_digest(recipient) + "-" if recipient else ""
    try:
        with os.scandir(folder) as entries:
            found = [
                (entry.stat().st_mtime_ns, entry.name)
                for entry in entries
                if entry.name.startswith(prefix) and entry.name.endswith(".eml")
            ]
    except FileNotFoundError:
        return []
    newest = sorted(found, reverse=True)[:limit]
    mails = [read_mail(folder, name.removesuffix(".eml")) for _, name in newest]
    return [mail for mail in mails if mail is not None]


def forget_mails(folder: Path, recipients: Iterable[str]) -> None:
    """Delete the e-mails to these addresses."""
    for recipient in recipients:
        for path in folder.glob(f"{_recipient_digest(recipient)}-*.eml"):
            path.unlink(missing_ok=True)


def read_mail(folder: Path, mail_id: str) -> InboxMail | None:
    """Return one e-mail by its id, or None when there is none."""
    if not _ID.fullmatch(mail_id):
        return None
    try:
        content = (folder / f"{mail_id}.eml").read_bytes()
    except FileNotFoundError:
        return None
    # The older policy parses no header that nobody asks for: ten times as many mails a second.
    mail = message_from_bytes(content)
    return InboxMail(
        id=mail_id, to=_header(mail, "To"), sender=_header(mail, "From"), subject=_header(mail, "Subject"),
        at=_moment(_header(mail, "Date")), text=_body(mail, "plain"), html=_body(mail, "html"),
        language=_header(mail, "Content-Language"),
    )  # fmt: skip


class _Sink:
    """Handles the server's commands. The method names are aiosmtpd's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if _bounces(address):
            return "550 5.1.1 no such mailbox (dev inbox)"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        for recipient in envelope.rcpt_tos:
            _keep(self._folder, recipient, envelope.content)
        return "250 OK"


def _bounces(address: str) -> bool:
    name, _, domain = address.lower().rpartition("@")
    return name.startswith("bounce") or domain.startswith("bounce.")


def _keep(folder: Path, recipient: str, content: bytes) -> None:
    """Write one e-mail to a file. One that comes again under the same Message-ID is kept once."""
    message_id = str(BytesHeaderParser().parsebytes(content).get("Message-ID", ""))
    name = hashlib.sha256(message_id.encode(errors="replace") or content).hexdigest()[:24]
    path = folder / f"{_recipient_digest(recipient)}-{name}.eml"
    if path.exists():
        return
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(draft).replace(path)


def _recipient_digest(recipient: str) -> str:
    return hashlib.sha256(recipient.strip().lower().encode(errors="replace")).hexdigest()[:8]


def _header(mail: Message, name: str) -> str:
    """Return a header unfolded and with its encoded words decoded."""
    try:
        return " ".join(str(make_header(decode_header(str(mail.get(name, ""))))).split())
    except (ValueError, LookupError, IndexError, AttributeError, TypeError, HeaderParseError):
        return ""  # the library stumbles over some broken headers


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _body(mail: Message, kind: str) -> str:
    part = next((each for each in mail.walk() if each.get_content_type() == f"text/{kind}"), None)
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")

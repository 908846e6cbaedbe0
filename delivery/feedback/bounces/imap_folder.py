"""A mailbox that an IMAP server keeps: unread messages have no flag, read ones `\\Seen`, those for a person `\\Flagged`
too.

TLS from the first byte (`imaps:`) or by STARTTLS (`imap:`); a password never goes in clear but to this machine.
"""

import binascii
import imaplib
import re
import ssl
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import SplitResult, unquote

from delivery.feedback.bounces.bounce_mailbox import MailboxDown, ReceivedMail
from delivery.feedback.bounces.limited_message import MOST_BYTES

#: Seconds to wait for one answer.
TIMEOUT_SECONDS: Final = 20
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_BEYOND_ASCII: Final = re.compile("[^ -~]+")
_DOWN: Final = (OSError, imaplib.IMAP4.error, ValueError)


class ImapFolder:
    """A folder (INBOX where the URL names none) of the account at a URL."""

    pause: float = 30.0

    def __init__(self, url: SplitResult) -> None:
        self._url = url
        self._folder = unquote(url.path.strip("/")) or "INBOX"
        self._connection: imaplib.IMAP4 | None = None

    def unread(self, most: int) -> Iterator[ReceivedMail]:
        """Yield at most so many unread messages, the oldest first; only their first bytes cross the network."""
        found = self._ask("SEARCH", "UNSEEN", "UNDELETED")
        numbers = b" ".join(each for each in found if isinstance(each, bytes)).split()
        for number in sorted(map(int, filter(bytes.isdigit, numbers)))[:most]:
            answer = self._ask("FETCH", str(number), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            raw = next((each[1] for each in answer if isinstance(each, tuple)), None)
            if raw is not None:
                yield ReceivedMail(str(number), raw)

    def settle(self, name: str, *, for_person: bool) -> None:
        """Mark a message as seen, and flagged for a person."""
        self._ask("STORE", name, "+FLAGS.SILENT", r"(\Seen \Flagged)" if for_person else r"(\Seen)")

    def close(self) -> None:
        """Log out and close the connection, if one is open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.logout()
            except _DOWN:
                connection.shutdown()

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        """Send a command by UID. Returns the server's answers; raises MailboxDown."""
        try:
            self._connection = self._connection or self._connect()
            kind, answers = self._connection.uid(command, *arguments)
        except _DOWN as error:
            self.close()
            raise MailboxDown(f"{self._url.hostname}: {type(error).__name__}: {error}") from error
        if kind != "OK":
            self.close()
            raise MailboxDown(f"{self._url.hostname}: {command}: {kind}")
        return answers

    def _connect(self) -> imaplib.IMAP4:
        host = self._url.hostname or "localhost"
        if self._url.scheme == "imaps":
            context = ssl.create_default_context()
            connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                host, self._url.port or 993, ssl_context=context, timeout=TIMEOUT_SECONDS
            )
        else:
            connection = imaplib.IMAP4(host, self._url.port or 143, timeout=TIMEOUT_SECONDS)
            if "STARTTLS" in connection.capabilities:
                connection.starttls(ssl.create_default_context())
            elif host not in _LOOPBACK:
                raise imaplib.IMAP4.error("the password does not go in clear: imaps:// or STARTTLS is needed")
        connection.login(unquote(self._url.username or ""), unquote(self._url.password or ""))
        kind, _ = connection.select(_spelled(self._folder))
        if kind != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {self._folder}")
        return connection


def _spelled(folder: str) -> str:
    """Return a folder's name as a quoted string: letters beyond ASCII in modified UTF-7 (RFC 3501 5.1.3). A name in
    ASCII is taken as the server lists it."""
    if not folder.isascii():
        folder = _BEYOND_ASCII.sub(_in_utf7, folder.replace("&", "&-"))
    return '"' + re.sub(r'["\\]', r"\\\g<0>", re.sub(r"[^ -~]", "", folder)) + '"'


def _in_utf7(letters: re.Match[str]) -> str:
    octets = binascii.b2a_base64(letters[0].encode("utf-16-be"), newline=False)
    return f"&{octets.decode().rstrip('=').replace('/', ',')}-"

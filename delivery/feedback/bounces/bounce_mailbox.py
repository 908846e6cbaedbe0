"""The mailbox that bounces arrive in: what every kind of it does, and opening the one at a URL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from store.outage_or_fault import Unavailable


class MailboxDown(Unavailable):
    """The mailbox does not answer, or refuses us. It blames no message: all stay where they are."""


class ReceivedMail(NamedTuple):
    """A message in the mailbox: its name there, and its bytes, the first of them where it is large."""

    name: str
    raw: bytes


class BounceMailbox(Protocol):
    """Messages stay unread until `settle`, which is called after what they say is committed: a process that dies in
    between reads them again, and each is recorded once. All may raise MailboxDown."""

    #: Seconds until it is looked into again after it was empty.
    pause: float

    def unread(self, most: int) -> Iterator[ReceivedMail]:
        """Yield at most so many unread messages, the oldest first."""

    def settle(self, name: str, *, for_person: bool) -> None:
        """Mark a message as read; one that a person has to see to is flagged. Harmless where another worker did."""

    def close(self) -> None:
        """Close the connection, if there is one."""


#: The schemes of FACTEUR_BOUNCES_URL.
SCHEMES: Final = ("maildir", "imap", "imaps")


def open_mailbox(url: str) -> BounceMailbox:
    """Return the mailbox at `maildir:///path` or `imaps://user:password@host:port/folder`; nothing is asked of it
    yet."""
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        from delivery.feedback.bounces.maildir import Maildir

        return Maildir(Path(unquote(parts.path)))
    from delivery.feedback.bounces.imap_folder import ImapFolder

    return ImapFolder(parts)

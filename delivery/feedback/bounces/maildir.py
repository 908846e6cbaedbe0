"""A mailbox in the form of a Maildir: unread messages lie in `new/`, read ones in `cur/` with flags in their names.

Several workers may read the same message; what it says is recorded once, and the first renames the file.
"""

import os
from collections.abc import Iterator
from heapq import nsmallest
from pathlib import Path
from typing import Final

from delivery.feedback.bounces.bounce_mailbox import MailboxDown, ReceivedMail
from delivery.feedback.bounces.limited_message import MOST_BYTES

#: Flags in a file's name: seen; flagged, for a person.
_SEEN: Final = ":2,S"
_FLAGGED: Final = ":2,F"
#: Octets of a name that leave room for flags; no server writes longer ones, and one would keep all others waiting.
_LONGEST_NAME: Final = 250


class Maildir:
    """The Maildir in a folder."""

    pause: float = 0.0

    def __init__(self, folder: Path) -> None:
        self._new, self._read = folder / "new", folder / "cur"

    def unread(self, most: int) -> Iterator[ReceivedMail]:
        """Yield at most so many unread messages, the oldest first: names begin with the second of arrival."""
        try:
            with os.scandir(self._new) as entries:
                names = nsmallest(most, (each.name for each in entries if _is_message(each)))
        except OSError as error:
            raise MailboxDown(f"{self._new}: {error.strerror}") from error
        for name in names:
            if (raw := self._content(name)) is not None:
                yield ReceivedMail(name, raw)

    def settle(self, name: str, *, for_person: bool) -> None:
        """Move a message to `cur/`, as seen or flagged."""
        try:
            flags = _FLAGGED if for_person else _SEEN
            (self._new / name).rename(self._read / f"{name.partition(':')[0]}{flags}")
        except OSError as error:
            if isinstance(error, FileNotFoundError) and self._read.is_dir():
                return  # another worker was here
            raise MailboxDown(f"{self._read}: {error.strerror}") from error

    def close(self) -> None:
        """There is no connection."""

    def _content(self, name: str) -> bytes | None:
        """Return the first bytes of a message; None where another worker has moved it."""
        try:
            with open(self._new / name, "rb", opener=_open_as_it_is) as file:
                return file.read(MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MailboxDown(f"{self._new / name}: {error.strerror}") from error


def _is_message(entry: os.DirEntry[str]) -> bool:
    has_room = len(os.fsencode(entry.name)) <= _LONGEST_NAME
    return has_room and not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)


def _open_as_it_is(path: str, flags: int) -> int:
    """Open a file, but follow no link and wait for no pipe that were put there meanwhile."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)

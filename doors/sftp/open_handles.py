"""What one issuer has open at the SFTP server, in all its connections: sessions, files and listings, each bounded."""

from collections.abc import AsyncGenerator
from typing import Final
from weakref import WeakSet, WeakValueDictionary

import asyncssh
from asyncssh import SFTPName

#: SFTP sessions, open files and listings of one issuer. All its connections share them, so that no sender uses up what
#: the server can hold open.
MOST_SESSIONS: Final = 40
MOST_OPEN_FILES: Final = 64
MOST_LISTINGS: Final = 64


class OpenHandles:
    """What one issuer has open."""

    def __init__(self) -> None:
        self.sessions = 0
        self._files = 0
        self._listings: WeakSet[AsyncGenerator[SFTPName, None]] = WeakSet()

    def open_file(self) -> None:
        """Count one more file; raises SFTPFailure if that is too many."""
        if self._files >= MOST_OPEN_FILES:
            raise asyncssh.SFTPFailure(f"you have {self._files} files open: close some")
        self._files += 1

    def close_file(self) -> None:
        self._files -= 1

    def open_listing(self, listing: AsyncGenerator[SFTPName, None]) -> AsyncGenerator[SFTPName, None]:
        """Count one more listing until nobody holds it; raises SFTPFailure if that is too many."""
        if len(self._listings) >= MOST_LISTINGS:
            raise asyncssh.SFTPFailure(f"you have {len(self._listings)} listings open: close some")
        self._listings.add(listing)
        return listing


class HandlesOfIssuers:
    """What each issuer has open; an issuer without a session is forgotten."""

    def __init__(self) -> None:
        self._by_user: WeakValueDictionary[str, OpenHandles] = WeakValueDictionary()

    def of(self, user: str) -> OpenHandles:
        """What is open of the issuer that signs in as *user*."""
        return self._by_user.setdefault(user, OpenHandles())

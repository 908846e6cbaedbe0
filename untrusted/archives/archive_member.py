"""One file inside an archive (a member): its name and how it is unpacked."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, Protocol

from untrusted.archives.repeated_names import RepeatedNames


class Member(NamedTuple):
    """A file in an archive: its name, used for display only, and a call that unpacks it (may raise FeedError)."""

    name: str
    unpacked: Callable[[], BinaryIO]

    @property
    def place(self) -> str:
        """The member's name for findings."""
        return shown(self.name)


class ArchiveMembers(Protocol):
    """The members of an archive in its order, and which of their names come again. It can be gone through several
    times; no member is kept."""

    repeated: RepeatedNames

    def __iter__(self) -> Iterator[Member]: ...


def shown(name: str) -> str:
    """Return a member's name for display: printable characters, limited length."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)[:200]

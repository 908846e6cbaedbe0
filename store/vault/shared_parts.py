"""Deduplicate bytes shared by a segment's PDFs.

The input alternates own and shared parts, and begins and ends with an own part. Shared parts are stored once,
unencrypted, at the segment's head: they never hold personal data, which the code that makes the parts ensures.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Final

import msgspec


class _Bill(msgspec.Struct, array_like=True):
    """One packed bill: the length of the segment's head, and the bill's parts; a number is an index into that head."""

    head: int
    parts: list[bytes | int]


class SharedParts:
    """The parts that at least two of these bills have. A part that only one bill has stays with that bill,
    encrypted."""

    def __init__(self, bills: Iterable[Sequence[bytes]] = ()) -> None:
        had = Counter(chain.from_iterable(parts[1::2] for parts in bills))
        shared = [part for part, times in had.items() if times > 1]
        self._numbers = {part: number for number, part in enumerate(shared)}
        self.head = msgspec.msgpack.encode(shared) if shared else b""

    def pack(self, parts: Sequence[bytes]) -> bytes:
        """Pack a bill's parts, with numbers in place of shared ones."""
        kept: list[bytes | int] = []
        own = [parts[0]]
        for part, following in zip(parts[1::2], parts[2::2], strict=True):
            if (number := self._numbers.get(part)) is None:
                own += (part, following)
            else:
                kept += (b"".join(own), number)
                own = [following]
        return msgspec.msgpack.encode(_Bill(len(self.head), [*kept, b"".join(own)]))


NO_SHARED_PARTS: Final = SharedParts()


def join_parts(packed: bytes, read_head: Callable[[int], list[bytes]]) -> bytes:
    """The bytes that `SharedParts.pack` packed; *read_head* reads a segment head of that length. Raises IndexError for
    a missing shared part, msgspec.MsgspecError for bytes that are no packed bill."""
    bill = msgspec.msgpack.decode(packed, type=_Bill)
    shared = read_head(bill.head) if bill.head else []
    return b"".join([shared[part] if isinstance(part, int) else part for part in bill.parts])


def read_shared_parts(head: bytes) -> list[bytes]:
    """The shared parts in a segment's head; raises msgspec.MsgspecError if the bytes are no head."""
    return msgspec.msgpack.decode(head, type=list[bytes])

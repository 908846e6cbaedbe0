"""The pages of an archived bill, read once for the print stream: counted, and ready to be written into it."""

from typing import NamedTuple

import msgspec

from render.print import foreign_pages
from render.print.archived_bill import ArchivedBill, resources_of, take_apart


class LetterPages(NamedTuple):
    """How many *pages* a bill has, how many of them are *scaled* to fit A4, the *seconds* of CPU that reading an
    issuer's own PDF took, and the *body* that `PrintStream.add` writes."""

    pages: int
    scaled: int
    seconds: float
    body: bytes


def read_pages(prefix: bytes, suffix: bytes) -> LetterPages:
    """Read an archived bill: a template's *prefix* and the bill's own *suffix*; without a prefix, an issuer's own PDF.

    All that can be wrong with its bytes is found here: NotOurs says that they cannot be printed.
    """
    if not prefix:
        sent = foreign_pages.read(suffix)
        return LetterPages(sent.pages, sent.scaled, sent.seconds, sent.answer)
    archived = take_apart(prefix, suffix)
    resources_of(prefix, archived.resources)
    return LetterPages(len(archived.contents), 0, 0.0, msgspec.msgpack.encode(archived))


def archived_of(body: bytes) -> ArchivedBill:
    """What `read_pages` read of a bill that has a prefix."""
    return msgspec.msgpack.decode(body, type=ArchivedBill)

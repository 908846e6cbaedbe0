"""Reads an archived bill's pages once for the print stream: counts them and prepares the bytes to write."""

from typing import NamedTuple

import msgspec

from render.print import foreign_pages
from render.print.parse_archived_bill import ArchivedBill, parse_archived_bill, resources_of


class LetterPages(NamedTuple):
    """A bill's *pages*, how many of them are *scaled* to fit A4, the *seconds* of CPU that reading an issuer's own PDF
    took, and the *body* that `PrintStream.add` writes."""

    pages: int
    scaled: int
    seconds: float
    body: bytes


def read_pages(prefix: bytes, suffix: bytes) -> LetterPages:
    """Read an archived bill: a template's *prefix* and the bill's *suffix*. An empty prefix means an issuer's own PDF.

    Raises NotOurs when the bytes cannot be printed; `PrintStream.add` finds no further fault in them.
    """
    if not prefix:
        sent = foreign_pages.read(suffix)
        return LetterPages(sent.pages, sent.scaled, sent.seconds, sent.answer)
    archived = parse_archived_bill(prefix, suffix)
    resources_of(prefix, archived.resources)
    return LetterPages(len(archived.contents), 0, 0.0, msgspec.msgpack.encode(archived))


def archived_of(body: bytes) -> ArchivedBill:
    """Return the pages in a *body* of `read_pages`, of a bill that has a prefix."""
    return msgspec.msgpack.decode(body, type=ArchivedBill)

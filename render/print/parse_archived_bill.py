"""Parses the PDF of an archived bill back into page contents and resources, for the print stream.

It reads only files that `render.compiled_template` wrote, not any PDF.
"""

import re
import struct
import zlib
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from render.pdf.xref_rows import ROW_ENTRIES, read_rows

#: The first end of file is ours; an e-seal may follow as an incremental update.
_START: Final = re.compile(rb"startxref\n(\d+)\n%%EOF\n")
_XREF: Final = re.compile(rb"/Size (\d+)%b/Root (\d+) 0 R" % re.escape(ROW_ENTRIES))
_REFERENCE: Final = re.compile(rb"(\d+) 0 R")
_RESOURCES: Final = re.compile(rb"<</Font (\d+) 0 R(.*)>>", re.DOTALL)


class NotOurs(ValueError):  # noqa: N818
    """These bytes are neither a bill that this engine archived nor a PDF that can be printed. *seconds* is the CPU time
    spent on them; infinite when they killed the sandbox process."""

    def __init__(self, said: str, seconds: float = 0.0) -> None:
        super().__init__(said)
        self.seconds = seconds


class ArchivedBill(NamedTuple):
    """A bill's pages, as bodies of their content streams in order, and the object number of their resources."""

    contents: list[bytes]
    resources: int


class Resources(NamedTuple):
    """Parsed resources: the entries of the font dictionary, and the other entries."""

    fonts: bytes
    others: bytes


def parse_archived_bill(prefix: bytes, suffix: bytes) -> ArchivedBill:
    """Parse an archived bill. Raises NotOurs when the bytes have another form or are damaged."""
    try:
        return _parsed(prefix, suffix)
    except (IndexError, struct.error, zlib.error) as error:
        raise NotOurs(f"the bytes are damaged: {error}") from error


def _parsed(prefix: bytes, suffix: bytes) -> ArchivedBill:
    offsets, catalog = _cross_reference(prefix, suffix)
    base = len(prefix)

    following = dict(pairwise(sorted(offsets)))

    def body(number: int) -> bytes:
        at = offsets[number]
        if at < base:  # before engine 5, the prefix contained the catalog
            return _bodies(prefix)[number - 1]
        return bare(suffix[at - base : following.get(at, base + len(suffix)) - base])

    pages = [body(kid) for kid in _references(body(_one(body(catalog), b"/Pages")), b"/Kids[")]
    contents = [body(_one(page, b"/Contents")) for page in pages]
    return ArchivedBill(contents, _one(pages[0], b"/Resources"))


def resources_of(prefix: bytes, number: int) -> Resources:
    """Return the resources of a prefix's pages, which are its object *number*. Raises NotOurs when they have another
    form."""
    bodies = _bodies(prefix)
    known = _RESOURCES.fullmatch(bodies[number - 1])
    if known is None:
        raise NotOurs("the resources have another form")
    return Resources(bodies[int(known[1]) - 1].removeprefix(b"<<").removesuffix(b">>"), known[2])


def objects_of(prefix: bytes) -> list[bytes]:
    """Return the bodies of a prefix's objects, from number 1, without the catalogs that prefixes contained before
    engine 5."""
    bodies = _bodies(prefix)
    return bodies[: next((place for place, body in enumerate(bodies) if b"/Type/Filespec" in body), None)]


@lru_cache(maxsize=64)
def _bodies(prefix: bytes) -> list[bytes]:
    bodies, at, number = [], prefix.index(b"1 0 obj\n"), 1
    while at < len(prefix):
        following = prefix.find(b"\nendobj\n%d 0 obj\n" % (number + 1), at)
        end = len(prefix) if following < 0 else following + len(b"\nendobj\n")
        bodies.append(bare(prefix[at:end]))
        at, number = end, number + 1
    return bodies


def bare(written: bytes) -> bytes:
    """Strip an object's number and `endobj`. Raises NotOurs when it is written differently."""
    head, _, rest = written.partition(b" 0 obj\n")
    if not head.isdigit() or not rest.endswith(b"\nendobj\n"):
        raise NotOurs("an object does not begin or end as it was written")
    return rest.removesuffix(b"\nendobj\n")


def renumbered(body: bytes, by: int) -> bytes:
    """Return an object with *by* added to all its references. The data of a stream is not changed."""
    head, stream, data = body.partition(b">>\nstream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), head) + stream + data


def _cross_reference(prefix: bytes, suffix: bytes) -> tuple[list[int], int]:
    start = _START.search(suffix)
    if start is None:
        raise NotOurs("there is no way to the cross-reference stream")
    written = suffix[int(start[1]) - len(prefix) : start.start()]
    known = _XREF.search(written)
    begin = written.find(b">>\nstream\n")
    if known is None or begin < 0:
        raise NotOurs("there is no cross-reference stream")
    rows = zlib.decompressobj().decompress(written[begin + len(b">>\nstream\n") :])
    return read_rows(rows), int(known[2])


def _one(body: bytes, key: bytes) -> int:
    return _references(body, key)[0]


def _references(body: bytes, key: bytes) -> list[int]:
    at = body.find(key)
    if at < 0:
        raise NotOurs(f"an object has no {key.decode()}")
    end = body.find(b"]", at) if key.endswith(b"[") else len(body)
    return [int(found[1]) for found in _REFERENCE.finditer(body, at, end)]

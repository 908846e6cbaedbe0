"""Many invoices in one XML: read as a stream, in flat memory, and not trusted before its end."""

import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from io import RawIOBase

from ingest import open_feed
from issuers.profile import Profile
from tests.ingest.sample_files import ALICE, BOB, CHARLIE, batch, body, read, refusal


def test_three_people_in_one_file():
    reading, entries = read(batch(ALICE, BOB, CHARLIE))
    assert reading.format == "XML batch"
    assert reading.whole
    assert [(e.seq, e.number) for e in entries] == [(1, "E-2026-0001"), (2, "A-2026-0002"), (3, "W-2026-0003")]
    assert entries[1].place.startswith("invoice 2, line ")
    assert reading.totals == {"EUR": Decimal("84.20") + Decimal("12.00") + Decimal("31.65")}


def test_a_bill_in_a_batch_is_the_bill_alone():
    assert read(batch(ALICE, BOB))[1][0].bill == read(ALICE)[1][0].bill


def test_any_wrapper_at_any_depth():
    nested = b"<a><b><c>%s</c></b><b><head/><c>%s</c></b></a>" % (body(ALICE), body(BOB))
    reading, entries = read(nested)
    assert reading.whole
    assert len(entries) == 2


def test_an_invoice_inside_another_is_not_another_one():
    inside = ALICE.replace(b"<cbc:CustomizationID>", b"<ext>" + body(BOB) + b"</ext><cbc:CustomizationID>")
    _, entries = read(batch(inside, CHARLIE))
    assert [e.number for e in entries] == ["E-2026-0001", "W-2026-0003"]


def test_a_stranger_among_the_invoices_is_an_item_refused():
    stranger = b'<Invoice xmlns="urn:example:other"><ID>1</ID></Invoice>'
    reading, entries = read(batch(ALICE, stranger, BOB))
    assert reading.whole
    assert [bool(e.bill) for e in entries] == [True, False, True]
    assert entries[1].findings[0].rule == "XML-NAMESPACE"


def test_a_batch_cut_anywhere_is_not_whole():
    whole = batch(ALICE, BOB, CHARLIE)
    for at in range(100, len(whole), 1013):
        reading, _ = read(whole[:at])
        assert refusal(reading) in ("XML-MALFORMED", "FORMAT-UNKNOWN"), at


def test_what_follows_the_end_spoils_it():
    reading, _ = read(batch(ALICE) + b"<more/>")
    assert refusal(reading) == "XML-MALFORMED"


def test_xml_that_is_no_invoice_says_so():
    reading, entries = read(b"<catalogue><article/></catalogue>")
    assert entries == []
    assert refusal(reading) == "XML-NOT-AN-INVOICE"


class Stream(RawIOBase):
    """A long batch that is nowhere as a whole."""

    def __init__(self, piece: bytes, count: int) -> None:
        self._pieces, self._left = self._make(piece, count), b""

    @staticmethod
    def _make(piece: bytes, count: int) -> Iterator[bytes]:
        yield b"<batch>"
        for _ in range(count):
            yield piece
        yield b"</batch>"

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert (offset, whence) == (0, 0)
        self.__init__(b"<!-- -->" + body(ALICE), 600)  # type: ignore[misc]
        return 0

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (piece := next(self._pieces, b"")):
            self._left += piece
        block, self._left = self._left[:size], self._left[size:]
        return block


def test_memory_is_flat_over_the_length():
    reading = open_feed(Stream(body(ALICE), 600), "long.xml", Profile())  # type: ignore[arg-type]
    peaks = []
    tracemalloc.start()
    for count, entry in enumerate(reading, 1):
        assert entry.bill is not None
        if count in (100, 600):
            peaks.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert reading.count == 600
    assert peaks[1] < peaks[0] + 200_000

"""Archives of many small bills: as many as there are, in the memory of a few."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator

import pytest

from ingest import open_feed
from issuers.profile import Profile
from tests import rare_collections
from tests.ingest.sample_files import ALICE, BOB, CHARLIE, gzipped, read, refusal, zipped
from tests.ingest.test_containers import tarred

JSON = b'{"number": "J-%d", "issue_date": "2026-11-02", "currency": "EUR", "payable": 12.5}'


def bills(count: int) -> Iterator[tuple[str, bytes]]:
    return ((f"{n:06}.json", JSON % n) for n in range(count))


def peak(feed: bytes, count: int) -> int:
    source = io.BytesIO(feed)
    tracemalloc.start()
    try:
        reading = open_feed(source, "feed", Profile())
        assert sum(entry.bill is not None for entry in reading) == count
        assert reading.whole
        assert not reading.findings
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_twenty_thousand_members_are_read():
    reading = open_feed(io.BytesIO(zipped(*bills(20_000))), "feed", Profile())
    assert [entry.seq for entry in reading if entry.bill is not None and entry.number == f"J-{entry.seq - 1}"] == [
        *range(1, 20_001)
    ]
    assert reading.whole


@pytest.mark.parametrize("packed", [zipped, tarred], ids=["ZIP", "tar"])
def test_members_take_no_memory(packed: Callable[..., bytes]):
    """But eight bytes for the name, and in a ZIP sixteen for the place, of each."""
    peak(packed(*bills(50)), 50)
    with rare_collections.often():
        few, many = (peak(packed(*bills(count)), count) for count in (600, 1_200))
    assert many - few < 600 * 150 + 50_000


def with_directory(feed: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    """A ZIP whose list of files and end were changed."""
    at = feed.index(b"PK\x01\x02")
    end = feed.rindex(b"PK\x05\x06")
    return feed[:at] + change(feed[at:end], feed[end:])


def test_a_list_of_files_that_is_damaged_in_the_middle():
    feed = zipped(*bills(1_200))
    at = feed.rindex(b"PK\x01\x02", 0, feed.rindex(b"PK\x01\x02") - 3_000)
    damaged = feed[:at] + b"PK\x01\x03" + feed[at + 4 :]
    assert refusal(read(damaged)[0]) == "ZIP-CORRUPT"


def test_members_out_of_their_order_and_some_that_overlap():
    feed = zipped(("a.xml", ALICE), ("b.xml", BOB), ("c.xml", CHARLIE))

    def turned(directory: bytes, end: bytes) -> bytes:
        entries = [b"PK\x01\x02" + entry for entry in directory.split(b"PK\x01\x02")[1:]]
        return b"".join(reversed(entries)) + end

    _, entries = read(with_directory(feed, turned))
    assert [entry.place for entry in entries] == ["c.xml: document", "b.xml: document", "a.xml: document"]

    def overlapping(directory: bytes, end: bytes) -> bytes:
        entries = [bytearray(b"PK\x01\x02" + entry) for entry in directory.split(b"PK\x01\x02")[1:]]
        struct.pack_into("<L", entries[0], 42, struct.unpack_from("<L", entries[1], 42)[0] + 5)
        return b"".join(reversed(entries)) + end

    assert refusal(read(with_directory(feed, overlapping))[0]) == "ZIP-OVERLAP"


def test_a_zip64_and_one_behind_other_bytes():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in bills(3):
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    assert len(read(file.getvalue())[1]) == 3
    feed = zipped(*bills(3))
    end = feed.rindex(b"PK\x05\x06")
    count, length, at = struct.unpack_from("<HLL", feed, end + 10)
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    ending = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert len(read(feed[:end] + record + locator + ending)[1]) == 3


def test_a_name_that_comes_again_far_away_is_told():
    members = [*bills(1_300)]
    with pytest.warns(UserWarning, match="Duplicate name"):
        feed = zipped(*members, members[7])
    _, entries = read(feed)
    assert [entry.bill is None for entry in entries].count(True) == 1
    assert entries[-1].findings[0].rule == "ZIP-DUPLICATE"


def test_names_in_old_code_pages_and_in_utf8_without_a_flag():
    for raw in ("Hé-1.xml".encode(), "Hé-1.xml".encode("cp850")):
        written = "x" * len(raw)
        [entry] = read(zipped((written, ALICE)).replace(written.encode(), raw))[1]
        assert entry.place == "Hé-1.xml: document"


def test_what_a_system_left_a_thousand_times_is_counted():
    debris = (name for n in range(500) for name in ((f"{n}.json", JSON % n), (f"__MACOSX/._{n}.json", b"x")))
    reading, entries = read(zipped(*debris))
    assert len(entries) == 500
    assert reading.whole
    assert len(reading.findings) == 101
    assert reading.findings[-1].values == {"count": 500}


def test_a_tar_of_many_in_gzip():
    assert len(read(gzipped(tarred(*bills(600))))[1]) == 600

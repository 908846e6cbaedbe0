"""Every reader of many bills keeps a few of them at a time: four times the feed takes no more memory."""

import io
import tracemalloc
from collections.abc import Callable

import pytest

from ingest import open_feed
from issuers.profile import Profile, read_profile
from tests.ingest.sample_files import CSV, SAMPLES, TELECOM
from tests.ingest.test_containers import tarred

EDI = (SAMPLES / "alice-water.d96a.edi").read_bytes()
JSON = (SAMPLES / "three-people.jsonl").read_bytes().splitlines()[0]
FIXED = (SAMPLES / "mutual-records.txt").read_bytes().splitlines(keepends=True)
MUTUAL = read_profile((SAMPLES / "mutual-records.toml").read_text())


def edifact(count: int) -> bytes:
    unb, message = EDI.partition(b"UNH+")[0], b"UNH+" + EDI.partition(b"UNH+")[2].partition(b"UNZ")[0]
    return unb + message * count + b"UNZ+%d+I-17'" % count


def delimited(count: int) -> bytes:
    heading, *rows = CSV.splitlines(keepends=True)
    return heading + b"".join(row.replace(b"T-1", b"T-%d" % n) for n in range(count) for row in rows[:2])


def records(count: int) -> bytes:
    bill = b"".join(FIXED[1:5])
    return FIXED[0] + bill * count + b"ZZ%06d%06d%012d\r\n" % (count, 4 * count + 1, 0)


FEEDS: dict[str, tuple[Callable[[int], bytes], Profile]] = {
    "EDIFACT": (edifact, Profile()),
    "delimited": (delimited, TELECOM),
    "records": (records, MUTUAL),
    "JSON lines": (lambda count: (JSON + b"\n") * count, Profile()),
    "JSON array": (lambda count: b"[" + b",".join([JSON] * count) + b"]", Profile()),
    "tar": (lambda count: tarred(*((f"{n}.edi", EDI) for n in range(count))), Profile()),
}


def peak(feed: bytes, profile: Profile, count: int) -> int:
    source = io.BytesIO(feed)
    tracemalloc.start()
    try:
        reading = open_feed(source, "feed", profile)
        assert sum(entry.bill is not None for entry in reading) == count
        assert reading.whole
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", FEEDS)
def test_four_times_the_feed_takes_no_more_memory(name: str):
    make, profile = FEEDS[name]
    peak(make(10), profile, 10)  # what is remembered for ever is remembered now
    assert peak(make(120), profile, 120) < 1.5 * peak(make(30), profile, 30) + 500_000

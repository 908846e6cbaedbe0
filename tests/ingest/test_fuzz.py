"""A fuzz target a reader: whatever is done to a good feed ends in findings or in bills, never in another exception.

`make fuzz` runs the same targets longer, with other chances each time.
"""

import io
import json
import os
import tarfile
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bill import pack
from issuers.profile import Profile, read_profile
from tests.ingest.sample_files import ALICE, BOB, CHARLIE, CSV, SAMPLES, TELECOM, batch, gzipped, pdf, read, zipped
from tests.sample_print_streams import index, stream
from tests.sample_print_streams import profile as printed_profile

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
JSON = (SAMPLES / "three-people.jsonl").read_bytes()
EDI = (SAMPLES / "alice-water.d96a.edi").read_bytes()
EDI_16B = (SAMPLES / "bob-and-charlie.d16b.edi").read_bytes()
#: What breaks readers more often than chance would find it.
TOKENS = [
    b"\x00", b"\xff", b"\r", b"\n", b"'", b"?", b"+", b":", b'"', b";", b"[", b"{", b"]", b"}", b",", b"<", b"</",
    b"&#0;", b"<![CDATA[", b"]]>", "²".encode(), b"-", b"NaN", b"1e309", b"9" * 40, b"0000", b"99991231", rb"\ud800",
    "\u202e".encode(), "٣".encode(), b"PK\x03\x04", b"%PDF-", b"\x1f\x8b", b"UNT+0+'", b"UNB+",
    b"\xef\xbb\xbf", b" " * 600,
]  # fmt: skip


class Target(NamedTuple):
    """A reader: its name, good feeds of its format, and whose they are."""

    name: str
    feeds: list[bytes]
    profile: Profile = Profile()
    share: float = 1.0  # of the examples: a PDF starts a process


def tarred(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def profile_of(name: str) -> Profile:
    return read_profile((SAMPLES / name).read_text())


MANIFEST = b"file;count;sum;currency;sha256\na.xml;1;84,20;EUR;\nb.xml;1;12,00;EUR;\n"
TARGETS = [
    Target("UBL", [ALICE, BOB]),
    Target("CII", [CHARLIE]),
    Target("XML batch", [batch(ALICE, CHARLIE)], Profile(acceptance="en16931")),
    Target("Factur-X", [pdf(CHARLIE)], share=0.1),
    Target("Factur-X, its own pages", [pdf(CHARLIE)], Profile(facturx_pages="theirs"), share=0.1),
    Target("EDIFACT", [EDI, EDI_16B], Profile(acceptance="en16931")),
    Target("delimited", [CSV], TELECOM),
    Target("fixed width", [(SAMPLES / "mutual-records.txt").read_bytes()], profile_of("mutual-records.toml")),
    Target("header and detail", [(SAMPLES / "town-headers.txt").read_bytes()], profile_of("town-headers.toml")),
    Target("JSON lines", [JSON]),
    Target("JSON", [b"[" + JSON.splitlines()[0] + b"," + JSON.splitlines()[1] + b"]",
                    json.dumps({"bills": [json.loads(JSON.splitlines()[1])]}, indent=1).encode()]),
    Target("ZIP", [zipped(("MANIFEST.csv", MANIFEST), ("a.xml", ALICE), ("b.xml", BOB))]),
    Target("tar", [tarred(("MANIFEST.csv", MANIFEST), ("a.xml", ALICE), ("b.xml", BOB))]),
    Target("gzip", [gzipped(EDI), gzipped(tarred(("a.edi", EDI)))]),
    Target("index and PDF", [zipped(("index.jsonl", JSON), ("G-1.pdf", pdf(None)), ("G-2.pdf", pdf(None)))],
           read_profile("[pages]\nby = 'file'"), share=0.3),
    Target("XML records", [(SAMPLES / "own-records.xml").read_bytes()], profile_of("own-records.toml")),
]  # fmt: skip

changes = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.one_of(st.integers(0, 8), st.integers(0, 4_000)),
        st.sampled_from(TOKENS) | st.binary(max_size=12),
    ),
    min_size=1,
    max_size=4,
)


def changed(feed: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    """The feed with pieces cut out and others put in."""
    for where, length, new in cuts:
        at = int(where * len(feed))
        feed = feed[:at] + new + feed[at + length :]
    return feed


def try_out(feed: bytes, profile: Profile) -> None:
    """Read it; what comes out is consistent, and can be kept."""
    reading, entries = read(feed, profile)
    assert reading.whole != any(finding.severity == "fatal" for finding in reading.findings)
    for entry in entries:
        assert (entry.bill is None) == any(finding.severity == "fatal" for finding in entry.findings)
        assert all(finding.rule and finding.place.isprintable() for finding in entry.findings)
        if entry.bill is not None:
            pack(entry.bill)
            assert entry.bill.number.isprintable()


def chances(usual: int, share: float = 1.0) -> settings:
    return settings(
        max_examples=max(2, int((EXAMPLES or usual) * share)), derandomize=not EXAMPLES, deadline=None, database=None,
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_change_makes_a_reader_fall(target: Target):
    @chances(25, target.share)
    @given(st.sampled_from(target.feeds), changes)
    def fuzz(feed: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
        try_out(changed(feed, cuts), target.profile)

    fuzz()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_noise_after_a_good_beginning(target: Target):
    @chances(8, target.share)
    @given(st.sampled_from(target.feeds), st.integers(1, 400), st.binary(max_size=300))
    def fuzz(feed: bytes, kept: int, noise: bytes) -> None:
        try_out(feed[:kept] + noise, target.profile)

    fuzz()


@chances(40)
@given(st.sampled_from([ALICE, CSV, EDI, JSON]), changes)
def test_what_is_packed_is_damaged_before(feed: bytes, cuts: list[tuple[float, int, bytes]]):
    """The damage that a checksum does not notice: it was there before the packing."""
    damaged = changed(feed, cuts)
    for packed in (gzipped(damaged), zipped(("a", damaged)), tarred(("a", damaged))):
        try_out(packed, TELECOM)


@chances(6)
@given(st.sampled_from(["marks", "bookmarks"]), changes)
def test_a_print_stream_is_damaged_before_it_is_packed(by: str, cuts: list[tuple[float, int, bytes]]):
    people = [("EV-1", "Alice"), ("EV-2", "Bob")]
    lot = changed(stream(("EV-1", "Alice", 1), ("EV-2", "Bob", 2), bookmarks=True), cuts)
    whose = read_profile(printed_profile(f"by = '{by}'\nmark = 'Facture (?:n° )?(.+)'"))
    try_out(zipped(("index.csv", index(people)), ("lot.pdf", lot)), whose)

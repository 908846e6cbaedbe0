"""A feed while it is read: formats by content, places, totals, and hypothesis' worst."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest.sample_files import ALICE, BOB, CHARLIE, CSV, STRICT, TELECOM, batch, pdf, read, refusal, zipped

FEEDS = [ALICE, BOB, CHARLIE, batch(ALICE, BOB), zipped(("a.xml", ALICE), ("t.csv", CSV)), CSV]


def test_the_format_is_in_the_bytes_not_in_the_name():
    assert read(ALICE, name="alice.pdf")[0].format == "UBL"
    assert read(pdf(ALICE), name="alice.xml")[0].format == "Factur-X"
    assert read(zipped(("a", ALICE)), name="alice.csv")[0].format == "ZIP"


def test_formats_we_know_by_sight_are_named():
    for sign, name in ((b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "RAR"), (b"BZh91AY", "bzip2")):
        reading, entries = read(sign, TELECOM)
        assert entries == []
        assert reading.format == "unknown"
        assert name in reading.findings[0].message


def test_a_rejected_item_leaves_the_feed_whole_and_is_not_counted_as_money():
    reading, entries = read(batch(ALICE, BOB.replace(b">12.00<", b">13.00<", 1)))
    assert reading.whole
    assert [bool(e.bill) for e in entries] == [True, False]
    assert {f"{c} {a}" for c, a in reading.totals.items()} == {"EUR 84.20"}
    assert all(f.number == "A-2026-0002" for f in entries[1].findings)


def test_a_feed_in_which_nothing_is_right_is_not_read_to_its_end():
    heading = CSV.splitlines(keepends=True)[0]
    reading, entries = read(heading + b"".join(b"T-%d;x\n" % n for n in range(50_000)), TELECOM)
    assert len(entries) == 2_000
    assert refusal(reading) == "FEED-HOPELESS"


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FEEDS), st.data())
def test_no_byte_changed_makes_us_fall(feed: bytes, data: st.DataObject):
    """Any change at any place ends in findings or in a bill, never in another exception."""
    at = data.draw(st.integers(0, len(feed)))
    cut = data.draw(st.integers(0, 40))
    new = data.draw(st.binary(max_size=8))
    for profile in (TELECOM, STRICT):
        reading, entries = read(feed[:at] + new + feed[at + cut :], profile)
        assert reading.whole or reading.findings
        assert all((e.bill is None) == any(f.severity == "fatal" for f in e.findings) for e in entries)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=200), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<", b"Facture;Date\n"]))
def test_noise_is_refused(noise: bytes, start: bytes):
    reading, _ = read(start + noise, None if start == b"%PDF-1.4\n" else TELECOM)
    assert not reading.whole

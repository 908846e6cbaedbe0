"""ZIPs: members of any format, one level deep, and archives made to do harm."""

import io
import stat
import struct
import time
import zipfile

import pytest

from tests.ingest.sample_files import ALICE, BOB, CHARLIE, CSV, TELECOM, batch, fatal_rules, pdf, read, refusal, zipped


def test_members_of_every_format():
    feed = zipped(
        ("alice.xml", ALICE),
        ("deux/bob et charlie.xml", batch(BOB, CHARLIE)),
        ("charlie.pdf", pdf(CHARLIE)),
        ("t.csv", CSV),
    )
    reading, entries = read(feed, TELECOM)
    assert (reading.format, reading.whole) == ("ZIP", True)
    assert [e.number for e in entries] == [
        "E-2026-0001", "A-2026-0002", "W-2026-0003", "W-2026-0003", "T-1", "T-2", "T-3",
    ]  # fmt: skip
    assert entries[1].place.startswith("deux/bob et charlie.xml: invoice 1")
    assert [e.seq for e in entries] == list(range(1, 8))


def test_a_member_that_is_no_feed_is_an_item_refused():
    reading, [readme, alice] = read(zipped(("LISEZMOI.txt", b"Bonjour"), ("alice.xml", ALICE)))
    assert reading.whole
    assert fatal_rules(readme) == ["FORMAT-UNKNOWN"]
    assert readme.findings[0].place == "LISEZMOI.txt: byte 1"
    assert alice.bill is not None


def test_a_member_cut_short_by_its_maker_is_refused_alone():
    reading, [cut, bob] = read(zipped(("alice.xml", ALICE[:2000]), ("bob.xml", BOB)))
    assert reading.whole
    assert fatal_rules(cut) == ["XML-MALFORMED"]
    assert bob.bill is not None


def test_a_batch_inside_that_ends_early_spoils_the_feed():
    reading, _ = read(zipped(("alice.xml", ALICE), ("lot.xml", batch(BOB, CHARLIE)[:-20])))
    long = batch(*[ALICE] * 30)[:-20]
    broken, entries = read(zipped(("lot.xml", long)))
    assert entries
    assert refusal(broken) == "XML-MALFORMED"
    assert reading.count >= 1


@pytest.mark.parametrize("at", [10, 100, 1000, -30, -1])
def test_an_archive_cut_off_gives_nothing(at: int):
    reading, entries = read(zipped(("alice.xml", ALICE), ("bob.xml", BOB))[:at])
    assert entries == []
    assert refusal(reading) == "ZIP-CORRUPT"


def test_a_changed_byte_is_noticed():
    feed = bytearray(zipped(("alice.xml", ALICE)))
    feed[400] ^= 0xFF
    assert refusal(read(bytes(feed))[0]) == "ZIP-CORRUPT"


def test_names_are_only_shown():
    reading, entries = read(
        zipped(("../../../etc/cron.d/x", ALICE), ("C:\\windows\\b.xml", BOB), ("/abs\u202elmx", CHARLIE))
    )
    assert reading.whole
    assert all(e.bill for e in entries)
    assert "\u202e" not in entries[2].place


def test_a_name_that_is_not_the_utf8_it_says_is_a_name_all_the_same():
    feed = zipped(("1.xml", BOB), ("fé.xml", ALICE), ("été.xml", CHARLIE)).replace("fé".encode(), b"f\x82_")
    reading, entries = read(feed)
    assert reading.whole, reading.findings
    assert [entry.place for entry in entries] == ["1.xml: document", "fé_.xml: document", "été.xml: document"]
    assert all(entry.bill for entry in entries)


def test_the_second_of_two_members_with_one_name_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        feed = zipped(("a.xml", ALICE), ("a.xml", BOB))
    _, [first, second] = read(feed)
    assert first.number == "E-2026-0001"
    assert fatal_rules(second) == ["ZIP-DUPLICATE"]


def test_an_archive_in_an_archive_stays_closed():
    _, [inner, alice] = read(zipped(("inner.zip", zipped(("b.xml", BOB))), ("alice.xml", ALICE)))
    assert fatal_rules(inner) == ["ZIP-NESTED"]
    assert alice.bill is not None


def test_a_link_is_not_followed():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("passwd.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert fatal_rules(read(file.getvalue())[1][0]) == ["ZIP-LINK"]


def test_an_encrypted_member_is_refused():
    feed = bytearray(zipped(("a.xml", ALICE)))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        feed[feed.index(sign) + at] |= 1
    assert fatal_rules(read(bytes(feed))[1][0]) == ["ZIP-ENCRYPTED"]


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped(("bomb.xml", bytes(200_000_000)))
    began = time.process_time()
    assert refusal(read(bomb)[0]) == "ZIP-RATIO"
    assert time.process_time() - began < 4


def test_a_lie_about_the_size_is_a_damaged_archive():
    feed = bytearray(zipped(("a.xml", ALICE * 30)))
    at = feed.index(b"PK\x01\x02") + 24
    struct.pack_into("<L", feed, at, 10)
    assert refusal(read(bytes(feed))[0]) == "ZIP-CORRUPT"


def test_a_flood_of_empty_members_is_given_up():
    feed = zipped(*((f"{n}.txt", b"") for n in range(10_001)))
    assert refusal(read(feed)[0]) == "FEED-HOPELESS"


def test_a_table_of_contents_that_says_it_is_endless():
    feed = bytearray(zipped(("a.xml", ALICE)))
    struct.pack_into("<HL", feed, feed.rindex(b"PK\x05\x06") + 10, 60_000, 4_000_000_000)
    assert refusal(read(bytes(feed))[0]) == "ZIP-CORRUPT"


def test_what_the_packer_left_behind_is_said_and_passed_over():
    reading, entries = read(zipped(("__MACOSX/._a.xml", b"\x00\x05"), ("a.xml", ALICE)))
    assert reading.whole
    assert [f.rule for f in reading.findings] == ["ZIP-DEBRIS"]
    assert len(entries) == 1


def test_an_empty_archive_is_an_empty_feed():
    assert refusal(read(zipped())[0]) == "FEED-EMPTY"

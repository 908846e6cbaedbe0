"""gzip and tar as ZIP is read, and the manifest that says what a container holds."""

import hashlib
import io
import json
import tarfile
import tracemalloc
from decimal import Decimal

import pytest

from bill import ControlTotals
from ingest import open_feed
from issuers.profile import Profile
from tests.ingest.sample_files import (
    ALICE,
    BOB,
    CHARLIE,
    CSV,
    TELECOM,
    batch,
    fatal_rules,
    gzipped,
    read,
    refusal,
    short,
    zipped,
)

A, B, C = ("a.xml", ALICE), ("b.xml", BOB), ("c.xml", CHARLIE)


def tarred(*members: tuple[str, bytes], form: int = tarfile.PAX_FORMAT, **more: object) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in more.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- gzip


@pytest.mark.parametrize(
    "inner", [ALICE, batch(ALICE), CSV.replace(b"T-3;31", b"T-3;30")], ids=["bill", "batch", "csv"]
)
def test_a_gzipped_file_is_the_file(inner: bytes):
    _, entries = read(inner, TELECOM)
    reading, packed = read(gzipped(inner), TELECOM)
    assert (reading.format, reading.whole) == ("gzip", True)
    assert [(e.number, e.place, e.body_sha) for e in packed] == [(e.number, e.place, e.body_sha) for e in entries]
    assert packed[0].bill is not None


def test_several_gzip_members_are_one_file():
    first, second = batch(ALICE, BOB)[:900], batch(ALICE, BOB)[900:]
    assert len(read(gzipped(first) + gzipped(second))[1]) == 2


@pytest.mark.parametrize(
    ("feed", "rule"),
    [
        (gzipped(ALICE)[:-1], "GZIP-CORRUPT"),
        (gzipped(ALICE)[:-9], "GZIP-CORRUPT"),
        (gzipped(ALICE)[:5], "GZIP-CORRUPT"),
        (gzipped(ALICE)[:-5] + b"\x00" + gzipped(ALICE)[-4:], "GZIP-CORRUPT"),
        (gzipped(ALICE) + b"more", "GZIP-CORRUPT"),
        (gzipped(bytes(30_000_000)), "GZIP-RATIO"),
        (gzipped(gzipped(ALICE)), "GZIP-NESTED"),
        (gzipped(zipped(A)), "GZIP-NESTED"),
        (gzipped(b"Bonjour"), "FORMAT-UNKNOWN"),
        (gzipped(b""), "FILE-EMPTY"),
    ],
    ids=short,
)
def test_a_gzip_file_that_is_refused(feed: bytes, rule: str):
    reading, entries = read(feed)
    assert entries == []
    assert refusal(reading) == rule


def test_a_bomb_takes_no_memory():
    bomb = gzipped(bytes(60_000_000))
    tracemalloc.start()
    assert refusal(read(bomb)[0]) == "GZIP-RATIO"
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_memory_is_flat_over_a_gzipped_feed():
    feed = io.BytesIO(gzipped(batch(*[ALICE] * 300), 1))
    tracemalloc.start()
    assert sum(entry.bill is not None for entry in open_feed(feed, "feed", Profile())) == 300
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()


# --- tar


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("pack", [bytes, gzipped], ids=["tar", "tar.gz"])
def test_a_tar_of_every_kind(form: int, pack):
    long = "factures/" + "d" * 90 + "/" + "n" * 60 + ".xml"
    feed = tarred(A, (long, BOB), ("./lot.xml", batch(CHARLIE)), form=form)
    reading, entries = read(pack(feed))
    assert (reading.format, reading.whole) == ("tar" if pack is bytes else "gzip", True)
    assert [entry.number for entry in entries] == ["E-2026-0001", "A-2026-0002", "W-2026-0003"]
    assert entries[1].place == f"{long}: document"


def test_folders_are_passed_over_and_names_only_shown():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        folder = tarfile.TarInfo("factures")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
    feed = file.getvalue()[:512] + tarred(
        ("../../etc/cron.d/x", ALICE), ("/abs\u202elmx", BOB), ("._a.xml", b"\x00\x05")
    )
    reading, entries = read(feed)
    assert reading.whole
    assert [entry.place.startswith(("../../etc", "/abs")) for entry in entries] == [True, True]
    assert "\u202e" not in entries[1].place
    assert [finding.rule for finding in reading.findings] == ["ZIP-DEBRIS"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_not_followed(kind: bytes):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        link = tarfile.TarInfo("passwd.xml")
        link.type, link.linkname = kind, "/etc/passwd"
        archive.addfile(link)
    feed = file.getvalue()[:512] + tarred(A)
    reading, [refused, alice] = read(feed)
    assert reading.whole
    assert fatal_rules(refused) == ["TAR-LINK"]
    assert alice.bill is not None


def test_a_file_with_holes_is_refused():
    old, new = tarred(A, form=tarfile.GNU_FORMAT), bytearray(tarred(A, form=tarfile.GNU_FORMAT))
    new[156:157] = b"S"
    new[148:156] = b"%06o\x00 " % (int(old[148:154], 8) - ord("0") + ord("S"))
    assert fatal_rules(read(bytes(new))[1][0]) == ["TAR-LINK"]
    pax = tarred(A, pax_headers={"GNU.sparse.major": "1"})
    assert fatal_rules(read(pax)[1][0]) == ["TAR-LINK"]


def test_an_archive_in_an_archive_stays_closed():
    for inner in (tarred(B), zipped(B), gzipped(BOB)):
        for feed in (
            tarred(("inner", inner), A),
            zipped(("inner", inner), A),
            gzipped(tarred(("inner", inner), A)),
        ):
            _, [refused, alice] = read(feed)
            assert fatal_rules(refused) == ["ZIP-NESTED"]
            assert alice.bill is not None


@pytest.mark.parametrize("at", [513, 1024, 1536, 4000, -1025, -10_000])
def test_a_tar_cut_off_gives_nothing(at: int):
    feed = tarred(A, B, form=tarfile.USTAR_FORMAT).rstrip(b"\x00") + bytes(1024 + 300)
    reading, entries = read(feed[:at])
    assert entries == []
    assert refusal(reading) == "TAR-CORRUPT"


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("gap", [0, 512, 20_000 * 512])
def test_what_follows_the_end_of_a_tar_is_not_lost(form: int, gap: int):
    reading, entries = read(tarred(A, form=form) + bytes(gap) + tarred(B, form=form))
    assert reading.whole, reading.findings
    assert [entry.number for entry in entries] == ["E-2026-0001", "A-2026-0002"]
    reading, _ = read(tarred(A, form=form) + bytes(gap) + b"What is this?".ljust(512))
    assert refusal(reading) == "TAR-CORRUPT"
    assert refusal(read(tarred(A, form=form) + b"?")[0]) == "TAR-CORRUPT"


def test_headers_made_by_hand():
    feed = bytearray(tarred(A, B, form=tarfile.USTAR_FORMAT))
    second = 512 + -(-len(ALICE) // 512) * 512
    broken = feed[:second] + b"X" + feed[second + 1 :]
    assert refusal(read(bytes(broken))[0]) == "TAR-CORRUPT"
    endless = tarred(A, pax_headers={"comment": "x" * 100_000})
    assert refusal(read(endless)[0]) == "TAR-CORRUPT"
    huge = bytearray(tarred(A, form=tarfile.GNU_FORMAT)[:512])
    huge[124:136] = b"\x80" + (1 << 62).to_bytes(11, "big")
    huge[148:156] = b" " * 8
    huge[148:156] = b"%06o\x00 " % sum(huge)
    assert refusal(read(bytes(huge) + bytes(2048))[0]) == "TAR-CORRUPT"


def test_a_flood_of_empty_files_is_given_up():
    empty = tarred(("x", b""), form=tarfile.USTAR_FORMAT)[:512]
    assert refusal(read(empty * 10_002 + bytes(1024))[0]) == "FEED-HOPELESS"


# --- manifests

GOOD = f"file;count;sum;currency;sha256\na.xml;1;84,20;EUR;{sha(ALICE)}\nb.xml;1;12,00;EUR;{sha(BOB)}\n"


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    "manifest",
    [
        ("MANIFEST.csv", GOOD.encode()),
        ("manifest.csv", b"\xef\xbb\xbffile,count,sum\r\n./b.xml,1,12.00\r\n./a.xml,1,84.20\r\n"),
        ("MANIFEST.csv", b"file;count;sum\n*;2;96,20\na.xml\nb.xml\n"),
        ("MANIFEST.csv", b"file;count;sum\r\n*;2;96,20\r\n.\\a.xml\r\n.\\b.xml\r\n"),
        (
            "MANIFEST.json",
            json.dumps({"files": [{"file": "a.xml", "sha256": sha(ALICE)}, {"file": "b.xml"}], "count": 2,
                        "sums": {"EUR": 96.20}}).encode(),
        ),
        ("MANIFEST.json", b'[{"file":"a.xml","count":1,"sum":84.20},{"file":"b.xml","count":1,"sum":"12.00"}]'),
    ],
    ids=short,
)  # fmt: skip
def test_a_manifest_declares_what_the_feed_holds(manifest: tuple[str, bytes], pack):
    reading, entries = read(pack(manifest, A, B))
    assert reading.whole, reading.findings
    assert len(entries) == 2
    [declared] = reading.declared
    assert (declared.count, declared.sums) == (2, {"EUR": Decimal("96.20")})


@pytest.mark.parametrize(
    ("members", "rule", "place"),
    [
        ([A], "MANIFEST-MISSING", "b.xml"),
        ([A, B, C], "MANIFEST-UNLISTED", "c.xml"),
        ([A, ("b.xml", BOB + b" ")], "MANIFEST-SHA256", "b.xml"),
    ],
    ids=["missing", "not listed", "another"],
)
def test_a_container_that_is_not_as_listed_is_not_whole(members: list[tuple[str, bytes]], rule: str, place: str):
    reading, entries = read(zipped(*members, ("MANIFEST.csv", GOOD.encode())))
    assert refusal(reading) == rule
    assert reading.findings[0].place == place
    assert entries[0].bill is not None
    assert all(entry.bill is None for entry in entries if rule in fatal_rules(entry))


@pytest.mark.parametrize(
    "manifest",
    [
        b"file;sha256\na.xml;abc\n",
        b"file;count\na.xml;many\n",
        b"file;sum\na.xml;1e5\n",
        b"file;sum;currency\na.xml;1;euro\n",
        b"file\na.xml\na.xml\n",
        b"name\na.xml\n",
        b"file\na.xml;b;c\n",
        b"file\n\xff\n",
        b'file\n"a.xml\n',
    ],
    ids=short,
)
def test_a_manifest_that_cannot_be_read(manifest: bytes):
    reading, entries = read(zipped(("MANIFEST.csv", manifest), A))
    assert entries == []
    assert refusal(reading) == "MANIFEST-BROKEN"


@pytest.mark.parametrize(
    "manifest",
    [b"", b"3", b'{"files": 3}', b'{"files": [1]}', b'{"sums": 3, "files": []}', b"[" * 100_000, b'{"count": []}'],
)
def test_a_json_manifest_that_cannot_be_read(manifest: bytes):
    assert refusal(read(zipped(("MANIFEST.json", manifest), A))[0]) == "MANIFEST-BROKEN"
    assert refusal(read(zipped(("MANIFEST.json", b"[]"), ("manifest.csv", b"file\n"), A))[0]) == "MANIFEST-BROKEN"


def test_what_members_declare_is_added_up():
    """A member that declares nothing counts as it was found."""
    control = (
        b'{"number":"G-2","issue_date":"2026-11-03","payable":9.99}\n{"control":{"count":%d,"sums":{"EUR":"9.99"}}}\n'
    )
    reading, entries = read(zipped(("a.jsonl", control % 1), B, ("c.jsonl", (control % 3).replace(b"G-2", b"G-3"))))
    assert reading.whole
    assert len(entries) == 3
    assert reading.declared == [ControlTotals(count=5, sums={"EUR": Decimal("31.98")}, source="members")]

# ruff: noqa: E501 - a trick is one line of a table
"""Everything that somebody may send to do harm, one line each, with what is said of it.

A case ends soon, in little memory, in a finding of ours or in a bill that is only a bill. `says` is the rule under
which the feed or its item is refused (or how that begins); `TAKEN` means that the trick means nothing here and the bill
is an ordinary one.
"""

import base64
import io
import stat
import struct
import tarfile
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import pikepdf
import pytest

from issuers.profile import Profile, read_profile
from tests.ingest.sample_files import (
    ALICE,
    BOB,
    CHARLIE,
    CSV,
    SAMPLES,
    TELECOM,
    batch,
    body,
    gzipped,
    pdf,
    read,
    zipped,
)

TAKEN = "taken"
EDI = (SAMPLES / "alice-water.d96a.edi").read_bytes()
JSON = (SAMPLES / "three-people.jsonl").read_bytes().splitlines()[1]
FIXED = (SAMPLES / "mutual-records.txt").read_bytes()
MUTUAL = read_profile((SAMPLES / "mutual-records.toml").read_text())
THEIRS = Profile(facturx_pages="theirs")
SECRET = "root:"  # what /etc/passwd begins with


class Case(NamedTuple):
    """A trick: its name, what is sent, what is said of it, and for whom."""

    name: str
    make: Callable[[], bytes]
    says: str
    profile: Profile | None = None


# --- XML


def note(inside: bytes, before: bytes = b"", document: bytes = ALICE) -> bytes:
    """Alice's bill with something in its note, and something before its root."""
    return b'<?xml version="1.0"?>' + before + body(document).replace(b"<cbc:Note>", b"<cbc:Note>" + inside, 1)


def entities(levels: int, width: int) -> bytes:
    names = [b"e%d" % n for n in range(levels)]
    chain = b"".join(b'<!ENTITY %s "%s">' % (name, b"&%s;" % inner * width) for inner, name in pairwise(names))
    return b'<!DOCTYPE x [<!ENTITY e0 "ha">' + chain + b"]>"


def attributes(count: int) -> bytes:
    return ALICE.replace(b"<cbc:Note>", b"<cbc:Note " + b" ".join(b'a%d="1"' % n for n in range(count)) + b">")


def namespaces(count: int) -> bytes:
    many = b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(count))
    return ALICE.replace(b"<cbc:Note>", b"<x %s>%s</x><cbc:Note>" % (many, b"<n9:a/>" * count))


def declared(encoding: str, codec: str) -> bytes:
    return ALICE.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(codec, "replace")


XINCLUDE = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
XML = [
    Case("a file as an entity", lambda: note(b"&x;", b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "XML-DOCTYPE"),
    Case("a page as an entity", lambda: note(b"&x;", b'<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1/">]>'), "XML-DOCTYPE"),
    Case("ftp as an entity", lambda: note(b"&x;", b'<!DOCTYPE x [<!ENTITY x SYSTEM "ftp://127.0.0.1/">]>'), "XML-DOCTYPE"),
    Case("a public entity", lambda: note(b"&x;", b'<!DOCTYPE x [<!ENTITY x PUBLIC "a" "file:///x">]>'), "XML-DOCTYPE"),
    Case("a parameter entity", lambda: note(b"", b'<!DOCTYPE x [<!ENTITY % x SYSTEM "file:///x"> %x;]>'), "XML-DOCTYPE"),
    Case("a DTD elsewhere", lambda: note(b"", b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'), "XML-DOCTYPE"),
    Case("a DTD of ours", lambda: note(b"", b'<!DOCTYPE x [<!ATTLIST x y CDATA "z">]>'), "XML-DOCTYPE"),
    Case("a billion laughs", lambda: note(b"&e9;", entities(10, 10)), "XML-DOCTYPE"),
    Case("a few laughs", lambda: note(b"&e2;", entities(3, 3)), "XML-DOCTYPE"),
    Case("quadratic growth", lambda: note(b"&a;" * 9_999, b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 99_999 + b'">]>'), "XML-DOCTYPE"),
    Case("an entity nobody declared", lambda: note(b"&nobody;"), "XML-MALFORMED"),
    Case("a doctype before a batch", lambda: b"<!DOCTYPE x>" + batch(ALICE), "XML-DOCTYPE"),
    Case("a doctype in UTF-16", lambda: note(b"", b"<!DOCTYPE x>").decode().encode("utf-16"), "XML-DOCTYPE"),
    Case("XInclude", lambda: note(XINCLUDE), TAKEN),
    Case("XInclude as a batch", lambda: b"<b>" + XINCLUDE + b"</b>", "XML-NOT-AN-INVOICE"),
    Case("a stylesheet", lambda: note(b"", b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1/x"?>'), TAKEN),
    Case("a schema elsewhere", lambda: ALICE.replace(b" xmlns", b' xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="a http://127.0.0.1/" xmlns', 1), TAKEN),
    Case("the same xml:id twice", lambda: note(b'<a xml:id="a"/><b xml:id="a"/>'), "XML-MALFORMED"),
    Case("a hundred thousand deep", lambda: note(b"<a>" * 100_000 + b"</a>" * 100_000), "XML-MALFORMED"),
    Case("an invoice in an invoice", lambda: note(body(BOB)), TAKEN),
    Case("a hundred thousand attributes", lambda: attributes(100_000), "XML-FLOOD"),
    Case("an attribute of 300 kB", lambda: ALICE.replace(b"<cbc:Note>", b'<cbc:Note a="' + b"x" * 300_000 + b'">'), "XML-FLOOD"),
    Case("an attribute of 12 MB", lambda: ALICE.replace(b"<cbc:Note>", b'<cbc:Note a="' + b"x" * 12_000_000 + b'">'), "XML-MALFORMED"),
    Case("a text of 12 MB", lambda: note(b"x" * 12_000_000), "XML-MALFORMED"),
    Case("ten thousand namespaces", lambda: namespaces(10_000), TAKEN),
    Case("two million elements", lambda: note(b"<a/>" * 2_000_000), "XML-TOO-LARGE"),
    Case("a comment of 12 MB", lambda: note(b"<!--" + b"x" * 12_000_000 + b"-->"), "XML-MALFORMED"),
    Case("an instruction of 12 MB", lambda: note(b"<?a " + b"x" * 12_000_000 + b"?>"), "XML-MALFORMED"),
    Case("a name of 100 kB", lambda: note(b"<" + b"a" * 100_000 + b"/>"), "XML-MALFORMED"),
    Case("UTF-7", lambda: declared("UTF-7", "utf-8"), "XML-MALFORMED"),
    Case("markup in UTF-7", lambda: declared("UTF-7", "utf-7"), "XML-MALFORMED"),
    Case("UTF-16 that says UTF-8", lambda: ALICE.decode().encode("utf-16"), TAKEN),
    Case("UTF-16", lambda: declared("UTF-16", "utf-16"), TAKEN),
    Case("UTF-16 without a mark", lambda: declared("UTF-16LE", "utf-16-le"), TAKEN),
    Case("UTF-32", lambda: declared("UTF-32", "utf-32"), TAKEN),
    Case("EBCDIC", lambda: declared("cp037", "cp037"), "FORMAT-UNKNOWN"),
    Case("an unknown encoding", lambda: declared("klingon", "utf-8"), "XML-MALFORMED"),
    Case("Shift-JIS", lambda: declared("Shift_JIS", "utf-8"), "XML-MALFORMED"),
    Case("an overlong byte sequence", lambda: note(b"\xc0\xbc"), "XML-MALFORMED"),
    Case("half a surrogate", lambda: note(b"\xed\xa0\x80"), "XML-MALFORMED"),
    Case("half a surrogate by reference", lambda: note(b"&#xD800;"), "XML-MALFORMED"),
    Case("NUL", lambda: note(b"\x00"), "XML-MALFORMED"),
    Case("NUL by reference", lambda: note(b"&#0;"), "XML-MALFORMED"),
    Case("gzip after the declaration", lambda: b'<?xml version="1.0"?>' + gzipped(ALICE), "XML-MALFORMED"),
    Case("a gzip bomb in an attachment", lambda: attached(gzipped(bytes(20_000_000))), TAKEN),
    Case("cut off", lambda: ALICE[:4000], "XML-MALFORMED"),
    Case("two roots", lambda: ALICE + b"<more/>", "XML-MALFORMED"),
    Case("an amount of 1E308", lambda: ALICE.replace(b">84.20<", b">1E308<"), "AMOUNT-INVALID"),
    Case("an amount that is NaN", lambda: ALICE.replace(b">84.20<", b">NaN<"), "AMOUNT-INVALID"),
    Case("an amount of 30 figures", lambda: ALICE.replace(b">84.20<", b">" + b"9" * 30 + b"<"), "AMOUNT-RANGE"),
    Case("an amount of a million figures", lambda: ALICE.replace(b">84.20<", b">" + b"9" * 1_000_000 + b"<"), "AMOUNT-RANGE"),
    Case("the year 9999", lambda: ALICE.replace(b"2026-11-02+01:00", b"9999-12-31"), "DATE-INVALID"),
    Case("HTML in a note", lambda: note(b"<![CDATA[<script>alert(1)</script><img src=x onerror=alert(1)>]]>"), TAKEN),
    Case("an attachment named as a path", lambda: attached(b"x", "../../../etc/cron.d/x"), TAKEN),
    Case("a formula for a name", lambda: ALICE.replace(b"Alice Martin", b"=HYPERLINK(&quot;http://127.0.0.1&quot;)"), TAKEN),
    Case("a name written backwards", lambda: ALICE.replace(b"Alice Martin", "\u202eecilA\u2066".encode()), TAKEN),
    Case("a name of a million letters", lambda: ALICE.replace(b"Alice Martin", b"A" * 1_000_000), "TEXT-TOO-LONG"),
    Case("a million marks on a letter", lambda: ALICE.replace(b"Alice Martin", b"A" + "\u0301".encode() * 4_000), TAKEN),
    Case("a mail header in a name", lambda: ALICE.replace(b"Alice Martin", b"Alice&#13;&#10;Bcc: a@example.org"), TAKEN),
]  # fmt: skip


def attached(content: bytes, name: str = "a.gz") -> bytes:
    reference = (
        b"<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject "
        b'mimeCode="application/pdf" filename="%s">%s</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>'
        b"</cac:AdditionalDocumentReference>"
    ) % (name.encode(), base64.b64encode(content))
    return ALICE.replace(b"<cac:AccountingSupplierParty>", reference + b"<cac:AccountingSupplierParty>", 1)


# --- delimited, fixed width, EDIFACT, JSON


def bobs(old: bytes, new: bytes) -> Callable[[], bytes]:
    """The three people's telephone bills, with something else in Bob's."""
    assert old in CSV
    good = CSV.replace(b"T-3;31/02", b"T-3;28/02")
    return lambda: good.replace(old, new)


def edi(old: bytes, new: bytes) -> Callable[[], bytes]:
    assert old in EDI
    return lambda: EDI.replace(old, new)


def gas(old: bytes, new: bytes) -> Callable[[], bytes]:
    assert old in JSON
    return lambda: JSON.replace(old, new)


TEXT = [
    Case("CSV: NUL", bobs(b"Bob", b"B\x00b"), "CSV-ENCODING", TELECOM),
    Case("CSV: a byte order mark", lambda: b"\xef\xbb\xbf" + bobs(b"Bob", b"Bob")(), TAKEN, TELECOM),
    Case("CSV: two encodings", bobs(b"Bob", b"B\xe9b"), "CSV-ENCODING", TELECOM),
    Case("CSV: UTF-16", lambda: bobs(b"Bob", b"Bob")().decode().encode("utf-16"), TAKEN, TELECOM),
    Case("CSV: a field of 10 MB", bobs(b"Bob", b"B" * 10_000_000), "CSV-BROKEN", TELECOM),
    Case("CSV: a quote that does not end", bobs(b"Bob", b'"Bob'), "CSV-BROKEN", TELECOM),
    Case("CSV: ten thousand columns", bobs(b"Bob Durand", b"Bob" + b";x" * 10_000), "CSV-COLUMNS", TELECOM),
    Case("CSV: ten thousand headings", lambda: b";".join(b"c%d" % n for n in range(10_000)) + b"\n", "PROFILE-COLUMN", TELECOM),
    Case("CSV: a heading of 100 kB", lambda: b"x" * 100_000 + b";" + CSV, "CSV-COLUMNS", TELECOM),
    Case("CSV: 1e309", bobs(b"9,99;CL-2", b"1e309;CL-2"), "AMOUNT-INVALID", TELECOM),
    Case("CSV: NaN", bobs(b"9,99;CL-2", b"NaN;CL-2"), "AMOUNT-INVALID", TELECOM),
    Case("CSV: infinity", bobs(b"9,99;CL-2", b"-Infinity;CL-2"), "AMOUNT-INVALID", TELECOM),
    Case("CSV: minus zero", bobs(b"9,99;CL-2", b"-0;CL-2"), TAKEN, TELECOM),
    Case("CSV: 1,234.56", bobs(b"9,99;CL-2", b'"1,234.56";CL-2'), "AMOUNT-INVALID", TELECOM),
    Case("CSV: 1.234,56", bobs(b"9,99;CL-2", b"1.234,56;CL-2"), "AMOUNT-INVALID", TELECOM),
    Case("CSV: 30 figures", bobs(b"9,99;CL-2", b"1" * 30 + b";CL-2"), "AMOUNT-RANGE", TELECOM),
    Case("CSV: figures of another script", bobs(b"9,99;CL-2", "٩٫٩٩;CL-2".encode()), "AMOUNT-INVALID", TELECOM),
    Case("CSV: the year 0", bobs(b"T-2;03/11/2026", b"T-2;03/11/0000"), "DATE-INVALID", TELECOM),
    Case("CSV: the year 9999", bobs(b"T-2;03/11/2026", b"T-2;03/11/9999"), "DATE-INVALID", TELECOM),
    Case("CSV: 29 February of no leap year", bobs(b"T-2;03/11/2026", b"T-2;29/02/2026"), "DATE-INVALID", TELECOM),
    Case("CSV: a formula for a name", bobs(b"Bob Durand", b"=cmd|'/C calc'!A0"), TAKEN, TELECOM),
    Case("CSV: a number as a path", bobs(b"T-2", b"../../etc/passwd"), TAKEN, TELECOM),
    Case("CSV: a name written backwards", bobs(b"Bob", "\u202eboB".encode()), TAKEN, TELECOM),
    Case("CSV: a name that is unseen", bobs(b"T-2", "\u200f\u202e".encode()), "BR-02", TELECOM),
    Case("CSV: 100,001 rows of one bill", lambda: CSV.splitlines(keepends=True)[0] + b"T-9\n" * 100_001, "LINES-TOO-MANY", TELECOM),
    Case("fixed: NUL", lambda: FIXED.replace(b"Alice", b"Al\x00ce"), "CSV-ENCODING", MUTUAL),
    Case("fixed: a record of 10 MB", lambda: FIXED.replace(b"Alice", b"A" * 10_000_000), "CSV-BROKEN", MUTUAL),
    Case("fixed: a cut amount", lambda: FIXED.replace(b"0000008420AD-00001", b"00000"), "RECORD-SHORT", MUTUAL),
    Case("fixed: a kind nobody knows", lambda: FIXED.replace(b"99remarque", b"\xff\xffremarque"), "RECORD-KIND", MUTUAL),
    Case("fixed: a trailer that lies", lambda: FIXED.replace(b"ZZ000003000013", b"ZZ000003999999"), "TRAILER-COUNT", MUTUAL),
    Case("EDI: NUL", edi(b"Alice Martin", b"Al\x00ce Martin"), TAKEN),
    Case("EDI: a segment of 10 MB", edi(b"merci", b"m" * 10_000_000), "EDI-SEGMENT-TOO-LONG"),
    Case("EDI: two hundred thousand ends", edi(b"UNS+S'", b"'" * 205_000), "EDI-UNT-MISSING"),
    Case("EDI: a segment's name of 90 kB", edi(b"UNS+S'", b"U" * 90_000 + b"'UNS+S'"), "EDI-TAG"),
    Case("EDI: only releases", lambda: EDI[:300] + b"?" * 90_000, "EDI-TRUNCATED"),
    Case("EDI: an advice of letters", lambda: b"UNAabcdef" + b"UNB" + EDI[3:], "EDI-UNA"),
    Case("EDI: an advice of one mark", lambda: b"UNA::::::UNB" + EDI[3:], "EDI-UNA"),
    Case("EDI: a count of 30 figures", edi(b"UNT+47+", b"UNT+" + b"4" * 30 + b"+"), "EDI-UNT-COUNT"),
    Case("EDI: a message in a message", edi(b"UNS+S'", b"UNH+M-2+INVOIC:D:96A:UN'"), "EDI-UNT-MISSING"),
    Case("EDI: a test", edi(b"0900+I-17'", b"0900+I-17++INVOIC++++1'"), "EDI-TEST"),
    Case("EDI: 30 figures", edi(b"MOA+9:102,86", b"MOA+9:" + b"1" * 30), "AMOUNT-RANGE"),
    Case("EDI: not a number", edi(b"MOA+9:102,86", b"MOA+9:NaN"), "AMOUNT-INVALID"),
    Case("EDI: the year 9999", edi(b"137:20261102:102", b"137:99991231:102"), "DATE-INVALID"),
    Case("EDI: ten thousand components", edi(b"Alice Martin", b"Alice" + b":x" * 10_000), "TEXT-TOO-LONG"),
    Case("EDI: another character set", edi(b"UNOC", b"UNOY"), TAKEN),
    Case("EDI: days that overflow", edi(b"5:3:D:28", b"5:3:D:" + b"9" * 3), TAKEN),
    Case("JSON: a hundred thousand deep", gas(b'"G-2"', b"[" * 100_000), "JSON-BROKEN"),
    Case("JSON: an array a hundred thousand deep", lambda: b"[" * 100_000, "JSON-BROKEN"),
    Case("JSON: NaN", gas(b"9.99", b"NaN"), "JSON-BROKEN"),
    Case("JSON: 1e309", gas(b"9.99", b"1e309"), "AMOUNT-INVALID"),
    Case("JSON: 30 figures", gas(b"9.99", b"9" * 30), "AMOUNT-RANGE"),
    Case("JSON: minus zero", gas(b"9.99", b"-0"), TAKEN),
    Case("JSON: binary fractions", gas(b"9.99", b"9.990000000000000213"), "AMOUNT-PRECISION"),
    Case("JSON: the same key twice", gas(b'"G-2"', b'"G-2","number":"G-3"'), "JSON-BROKEN"),
    Case("JSON: half a surrogate", gas(b"Bob", rb"\udc80ob"), TAKEN),
    Case("JSON: NUL by escape", gas(b"Bob", rb"B\u0000b"), TAKEN),
    Case("JSON: a byte that is no text", gas(b"Bob", b"B\xffb"), "JSON-ENCODING"),
    Case("JSON: a text of 5 MB", gas(b"Bob", b"B" * 5_000_000), "TEXT-TOO-LONG"),
    Case("JSON: a million keys", lambda: b"[{" + b",".join(b'"%d":1' % n for n in range(400_000)) + b"}]", "JSON-TOO-LARGE"),
    Case("JSON: UTF-16", lambda: JSON.decode().encode("utf-16"), TAKEN),
    Case("JSON: a class to be made", gas(b'"G-2"', b'{"__class__": "os.system", "args": ["id"]}'), TAKEN),
]  # fmt: skip


# --- containers


def bare_zip(*infos: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in infos:
            archive.writestr(info, content)
    return file.getvalue()


def special(mode: int) -> bytes:
    info = zipfile.ZipInfo("passwd.xml")
    info.external_attr = (mode | 0o777) << 16
    return bare_zip((info, b"/etc/passwd"))


def overlapping() -> bytes:
    """A table of contents that names the same bytes twenty times (Fifield's bomb in small)."""
    one = zipped(("a.xml", ALICE))
    at, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entry = one[at:end]
    entries = b"".join(entry[:46] + b"%c.xml" % (ord("a") + n) + entry[51:] for n in range(20))
    return one[:at] + entries + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 20, 20, len(entries), at, 0)


def nested(levels: int) -> bytes:
    inner = zipped(("bomb.xml", bytes(500_000)))
    for _ in range(levels):
        inner = zipped(("inner.zip", inner))
    return inner


def packed_as(method: int) -> bytes:
    info = zipfile.ZipInfo("a.xml")
    info.compress_type = method
    return bare_zip((info, ALICE))


def changed(feed: bytes, sign: bytes, at: int, new: bytes) -> bytes:
    place = feed.index(sign) + at
    return feed[:place] + new + feed[place + len(new) :]


def tar_of(kind: bytes, name: str = "passwd.xml", pax: dict[str, str] | None = None) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", pax_headers=pax or {}) as archive:
        link = tarfile.TarInfo(name)
        link.type, link.linkname = kind, "/etc/passwd"
        archive.addfile(link)
    return file.getvalue()


def quine() -> bytes:
    """What a ZIP that holds itself looks like from outside: inside is a ZIP, whichever."""
    shell = zipped(("r/r.zip", b"PK\x03\x04" + bytes(400)))
    return zipped(("r/r.zip", shell))


CONTAINERS = [
    Case("ZIP: a flat bomb", lambda: zipped(("bomb.xml", bytes(20_000_000))), "ZIP-RATIO"),
    Case("ZIP: a bomb of small files", lambda: zipped(*((f"{n}.xml", bytes(900_000)) for n in range(40))), "ZIP-RATIO"),
    Case("ZIP: an overlap", overlapping, "ZIP-OVERLAP"),
    Case("ZIP: five deep", lambda: nested(5), "ZIP-NESTED"),
    Case("ZIP: itself", quine, "ZIP-NESTED"),
    Case("ZIP: a gzip bomb", lambda: zipped(("bomb.gz", gzipped(bytes(10_000_000)))), "ZIP-NESTED"),
    Case("ZIP: a tar", lambda: zipped(("a.tar", tar_of(tarfile.REGTYPE))), "ZIP-NESTED"),
    Case("ZIP: too many files", lambda: zipped(*((f"{n}", b"") for n in range(10_001))), "FEED-HOPELESS"),
    Case("ZIP: a table that is endless", lambda: changed(zipped(("a.xml", ALICE)), b"PK\x05\x06", 10, b"\xff\xff\xff\xff\xff\xff"), "ZIP-CORRUPT"),
    Case("ZIP: a size of 4 GB", lambda: changed(zipped(("a.xml", ALICE)), b"PK\x01\x02", 24, b"\xfe\xff\xff\xff"), "ZIP-TOO-LARGE"),
    Case("ZIP: a size that lies", lambda: changed(zipped(("a.xml", ALICE)), b"PK\x01\x02", 24, b"\x10\x00\x00\x00"), "ZIP-CORRUPT"),
    Case("ZIP: names that go up", lambda: zipped(("../../../../etc/cron.d/x", ALICE)), TAKEN),
    Case("ZIP: a name from the root", lambda: zipped(("/etc/cron.d/x", ALICE)), TAKEN),
    Case("ZIP: a drive's name", lambda: zipped(("C:\\windows\\win.ini", ALICE)), TAKEN),
    Case("ZIP: a name written backwards", lambda: zipped(("\u202elmx.exe", ALICE)), TAKEN),
    Case("ZIP: a name of 60 kB", lambda: zipped(("a" * 60_000, ALICE)), TAKEN),
    Case("ZIP: names of devices", lambda: zipped(("CON", ALICE), ("-rf", BOB), ("a.part ", CHARLIE)), TAKEN),
    Case("ZIP: a link", lambda: special(stat.S_IFLNK), "ZIP-LINK"),
    Case("ZIP: a device", lambda: special(stat.S_IFCHR), "ZIP-LINK"),
    Case("ZIP: a pipe", lambda: special(stat.S_IFIFO), "ZIP-LINK"),
    Case("ZIP: two files of one name", lambda: changed(zipped(("a.xml", ALICE), ("b.xml", BOB)), b"b.xml", 0, b"a.xml").replace(b"b.xml", b"a.xml"), "ZIP-DUPLICATE"),
    Case("ZIP: encrypted", lambda: changed(changed(zipped(("a.xml", ALICE)), b"PK\x01\x02", 8, b"\x01"), b"PK\x03\x04", 6, b"\x01"), "ZIP-ENCRYPTED"),
    Case("ZIP: bzip2", lambda: packed_as(zipfile.ZIP_BZIP2), TAKEN),
    Case("ZIP: LZMA", lambda: packed_as(zipfile.ZIP_LZMA), TAKEN),
    Case("ZIP: a method nobody knows", lambda: changed(changed(zipped(("a.xml", ALICE)), b"PK\x01\x02", 10, b"\x63"), b"PK\x03\x04", 8, b"\x63"), "ZIP-CORRUPT"),
    Case("ZIP: a second end in its comment", lambda: zipped(("a.xml", ALICE))[:-2] + b"\x16\x00PK\x05\x06" + bytes(18), "FEED-EMPTY"),
    Case("ZIP: behind a program", lambda: b"MZ" + bytes(600) + zipped(("a.xml", ALICE)), "FORMAT-UNKNOWN"),
    Case("a PDF that is a ZIP", lambda: pdf(CHARLIE) + zipped(("a.xml", ALICE)), TAKEN),
    Case("a ZIP that is a PDF", lambda: zipped(("a.xml", ALICE)) + pdf(CHARLIE), "ZIP-CORRUPT"),
    Case("an XML that is a ZIP", lambda: ALICE + zipped(("b.xml", BOB)), "XML-MALFORMED"),
    Case("gzip: a bomb", lambda: gzipped(bytes(20_000_000)), "GZIP-RATIO"),
    Case("gzip: a bomb in a tar", lambda: gzipped(tar_of(tarfile.REGTYPE) + bytes(20_000_000)), "GZIP-RATIO"),
    Case("gzip: in gzip", lambda: gzipped(gzipped(ALICE)), "GZIP-NESTED"),
    Case("gzip: cut off", lambda: gzipped(ALICE)[:-3], "GZIP-CORRUPT"),
    Case("gzip: a name without end", lambda: b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 1_000_000, "GZIP-CORRUPT"),
    Case("tar: a link", lambda: tar_of(tarfile.SYMTYPE), "TAR-LINK"),
    Case("tar: a hard link", lambda: tar_of(tarfile.LNKTYPE), "TAR-LINK"),
    Case("tar: a device", lambda: tar_of(tarfile.BLKTYPE), "TAR-LINK"),
    Case("tar: a pipe", lambda: tar_of(tarfile.FIFOTYPE), "TAR-LINK"),
    Case("tar: a kind nobody knows", lambda: tar_of(b"Z"), "TAR-LINK"),
    Case("tar: a name that goes up", lambda: tar_of(tarfile.SYMTYPE, "../../etc/passwd"), "TAR-LINK"),
    Case("tar: an endless header", lambda: tar_of(tarfile.REGTYPE, pax={"comment": "x" * 100_000}), "TAR-CORRUPT"),
    Case("a manifest that names a path", lambda: zipped(("MANIFEST.csv", b"file\n/etc/passwd\na.xml\n"), ("a.xml", ALICE)), "MANIFEST-MISSING"),
    Case("a manifest of 5 MB", lambda: zipped(("MANIFEST.csv", b"file\n" + b"x" * 5_000_000), ("a.xml", ALICE)), "ZIP-RATIO"),
]  # fmt: skip


# --- PDF


def built(build: Callable[[pikepdf.Pdf], None], xml: bytes | None = CHARLIE) -> bytes:
    """Charlie's Factur-X with something more in it."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(xml))) as document:
        build(document)
        document.save(file)
    return file.getvalue()


def root(**keys: object) -> Callable[[pikepdf.Pdf], None]:
    def build(document: pikepdf.Pdf) -> None:
        for key, value in keys.items():
            document.Root[f"/{key}"] = value

    return build


def action(kind: str, **more: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name(f"/{kind}"), **more)


def deep_pages(document: pikepdf.Pdf) -> None:
    """A page tree whose one page is four hundred nodes down, and whose last node is its own child."""
    node = document.Root.Pages
    for _ in range(400):
        node.Kids = pikepdf.Array(
            [document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=1, Parent=node))]
        )
        node = node.Kids[0]
    node.Kids = pikepdf.Array([document.Root.Pages])


def huge_image(document: pikepdf.Pdf) -> None:
    image = pikepdf.Stream(document, b"x")
    image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 10**9, "/Height": 10**9})
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))


def looped_prev() -> bytes:
    """A cross-reference table whose /Prev is itself."""
    document = pdf(None)
    at = int(document.rsplit(b"startxref", 1)[1].split()[0])
    return document.replace(b"trailer <<", b"trailer << /Prev %d " % at)


PDFS = [
    Case("PDF: no invoice in it", lambda: pdf(None), "PDF-NO-INVOICE"),
    Case("PDF: a web page in it", lambda: pdf(b"<html/>", "page.xml"), "PDF-NO-INVOICE"),
    Case("PDF: a doctype in it", lambda: pdf(b"<!DOCTYPE x>" + body(CHARLIE)), "XML-DOCTYPE"),
    Case("PDF: a ZIP in it", lambda: pdf(zipped(("a.xml", ALICE))), "XML-MALFORMED"),
    Case("PDF: an attachment named as a path", lambda: pdf(CHARLIE, "../../etc/cron.d/x.xml"), TAKEN),
    Case("PDF: encrypted", lambda: pdf(CHARLIE, password="secret"), "PDF-ENCRYPTED"),
    Case("PDF: a loop of cross-references", looped_prev, "PDF-"),
    Case("PDF: a reference to nowhere", lambda: pdf(CHARLIE).replace(b"startxref\n", b"startxref\n9"), TAKEN),
    Case("PDF: a page tree that ends in itself", lambda: built(deep_pages), "PDF-"),
    Case("PDF: a page tree that ends in itself, shown", lambda: built(deep_pages), "PDF-", THEIRS),
    Case("PDF: an image of 10^18 points", lambda: built(huge_image), TAKEN),
    Case("PDF: cut off", lambda: pdf(CHARLIE)[:700], "PDF-BROKEN"),
    Case("PDF: no PDF behind its first line", lambda: b"%PDF-1.7\n" + b"\xff" * 5_000, "PDF-BROKEN"),
    Case("PDF: a script, not shown", lambda: built(root(OpenAction=action("JavaScript", JS="app.alert(1)"))), TAKEN),
    Case("PDF: a script", lambda: built(root(OpenAction=action("JavaScript", JS="app.alert(1)"))), "PDF-ACTIVE", THEIRS),
    Case("PDF: a program", lambda: built(root(OpenAction=action("Launch", F="/bin/sh"))), "PDF-ACTIVE", THEIRS),
    Case("PDF: a form that is sent", lambda: built(root(OpenAction=action("SubmitForm", F="http://127.0.0.1"))), "PDF-ACTIVE", THEIRS),
    Case("PDF: a form of XML", lambda: built(root(AcroForm=pikepdf.Dictionary(XFA=pikepdf.String("x")))), "PDF-ACTIVE", THEIRS),
]  # fmt: skip

CASES = XML + TEXT + CONTAINERS + PDFS
#: Of CPU. The longest takes two on a slow machine; a trick that works takes minutes.
MOST_SECONDS = 8


@pytest.fixture(autouse=True)
def sooner_than_some_seconds(request: pytest.FixtureRequest) -> Iterator[None]:
    began, waited = time.process_time(), time.monotonic()
    yield
    spent = time.process_time() - began - request.node.stash.get(MADE, 0.0)
    assert spent < MOST_SECONDS
    assert time.monotonic() - waited < 60


MADE = pytest.StashKey[float]()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trick_does_no_harm(case: Case, request: pytest.FixtureRequest):
    began = time.process_time()
    feed = case.make()
    request.node.stash[MADE] = time.process_time() - began
    reading, entries = read(feed, case.profile)
    findings = [*reading.findings, *(finding for entry in entries for finding in entry.findings)]
    fatal = [finding.rule for finding in findings if finding.severity == "fatal"]
    if case.says == TAKEN:
        assert reading.whole
        assert fatal == []
        assert all(entry.bill is not None for entry in entries)
    else:
        assert any(rule.startswith(case.says) for rule in fatal), fatal
    for finding in findings:
        assert len(finding.message) + len(finding.place) < 3_000
        assert finding.place.isprintable()
    said = repr([entry.bill for entry in entries]) + repr(findings)
    assert SECRET not in said
    assert not any(unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "PDF") for c in said)


def test_every_trick_has_a_name_of_its_own():
    assert len({case.name for case in CASES}) == len(CASES) > 150

"""XML made to do harm ends in a finding, soon, and never in a connection."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.sample_files import ALICE, BOB, batch, body, fatal_rules, only_entry, read, refusal, short, warnings

BILLION = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("l"))
) + b"]>"  # fmt: skip
QUADRATIC = b'<!DOCTYPE q [<!ENTITY a "' + b"x" * 100_000 + b'">]>'


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < 5


def with_doctype(doctype: bytes, note: bytes = b"") -> bytes:
    declaration = b'<?xml version="1.0"?>'
    return declaration + doctype + body(ALICE).replace(b"<cbc:Note>", b"<cbc:Note>" + note, 1)


@pytest.mark.parametrize(
    "document",
    [
        with_doctype(b"<!DOCTYPE Invoice>"),
        with_doctype(b'<!DOCTYPE Invoice SYSTEM "http://127.0.0.1/x.dtd">'),
        with_doctype(b'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b"&x;"),
        with_doctype(b'<!DOCTYPE Invoice [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>'),
        with_doctype(BILLION, b"&k;"),
        with_doctype(QUADRATIC, b"&a;" * 10_000),
        with_doctype(b"<!-- one --><!-- two --><?pi?><!DOCTYPE Invoice>"),
        with_doctype(b"<!DOCTYPE Invoice>").decode().encode("utf-16"),
        b"<!DOCTYPE b [" + b"<!ENTITY a 'x'>]>" + batch(ALICE),
        b"<!DOCTYPE b>" + batch(ALICE).decode().replace("<factures>", "<factures>\u00e9").encode("utf-16"),
    ],
    ids=short,
)
def test_a_document_type_is_never_accepted(document: bytes):
    reading, entries = read(document)
    assert entries == []
    assert refusal(reading) in ("XML-DOCTYPE", "FORMAT-UNKNOWN", "XML-MALFORMED")
    if not document.startswith(b"<!DOCTYPE b>"):
        assert reading.findings[-1].rule == "XML-DOCTYPE"


def test_comments_before_nothing_do_not_take_forever():
    reading, _ = read(b"<!-- x -->" * 200_000)
    assert refusal(reading) in ("XML-MALFORMED", "XML-NOT-AN-INVOICE")


def test_a_doctype_in_a_note_is_only_text():
    html = ALICE.replace(b"<cbc:Note>", b"<cbc:Note><![CDATA[<!DOCTYPE html>]]>")
    assert only_entry(html).bill is not None


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (b"<a>" * 100_000, "XML-MALFORMED"),
        (ALICE.replace(b"<cbc:Note>", b"<cbc:Note>\x00"), "XML-MALFORMED"),
        (ALICE.replace(b'encoding="UTF-8"', b'encoding="UTF-7"'), "XML-MALFORMED"),
        (ALICE.replace(b'encoding="UTF-8"', b'encoding="nonsense"'), "XML-MALFORMED"),
        (ALICE.replace(b"Loire", b"Loire\xff"), "XML-MALFORMED"),
        (ALICE[:3000], "XML-MALFORMED"),
        (ALICE + b"<more/>", "XML-MALFORMED"),
        (ALICE.replace(b"<cbc:Note>", b'<cbc:Note x="' + b"y" * 300_000 + b'">'), "XML-FLOOD"),
        (
            ALICE.replace(b"<cbc:Note>", b"<cbc:Note " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b">"),
            "XML-FLOOD",
        ),
        (ALICE.replace(b"<cbc:Note>", b"<cbc:Note>" + b"x" * 12_000_000), "XML-MALFORMED"),
        (ALICE.replace(b"<cbc:Note>", b"<x>" + b"<a/>" * 2_000_000 + b"</x><cbc:Note>"), "XML-TOO-LARGE"),
        (b"<batch>" + b"<a/>" * 2_100_000 + body(ALICE) + b"</batch>", "XML-TOO-LARGE"),
        (ALICE.replace(b"Invoice-2", b"Invoice-3"), "XML-NAMESPACE"),
        (b"\x4c\x6f\xa7\x94\x93", "FORMAT-UNKNOWN"),
        (b"", "FILE-EMPTY"),
        (b"\xef\xbb\xbf", "FORMAT-UNKNOWN"),
        (b"<", "XML-MALFORMED"),
    ],
    ids=short,
)
def test_floods_and_broken_bytes(document: bytes, rule: str):
    reading, entries = read(document)
    assert entries == []
    assert refusal(reading) == rule


def test_broken_xml_says_line_and_column():
    reading, _ = read(ALICE.replace(b"</cbc:ID>", b"</cbc:Id>", 1))
    assert reading.findings[0].place.startswith("line 7, column ")


def test_namespaces_by_the_thousand_take_no_time():
    many = b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(20_000))
    flood = ALICE.replace(b"<cbc:Note>", b"<x %s>%s</x><cbc:Note>" % (many, b"<n19999:a/>" * 20_000))
    assert read(flood)[0].count <= 1


def test_a_flood_in_a_batch_is_one_item_refused():
    flood = ALICE.replace(b"<cbc:Note>", b'<cbc:Note x="' + b"y" * 300_000 + b'">')
    reading, entries = read(batch(flood, BOB))
    assert reading.whole
    assert fatal_rules(entries[0]) == ["XML-FLOOD"]
    assert entries[1].bill is not None


def test_an_xinclude_is_not_followed(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>'
    entry = only_entry(ALICE.replace(b"#AAI#", include.encode()))
    assert "secret words" not in repr(entry)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_honest_encodings_are_read(encoding: str):
    declared = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    text = ALICE.decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    reading, [entry] = read(text.encode(encoding))
    assert reading.format == "UBL"
    assert entry.bill is not None
    assert entry.bill.seller.name == "Électricité de la Loire SA"


@pytest.mark.parametrize(
    ("amount", "rule"),
    [
        (b"NaN", "AMOUNT-INVALID"),
        (b"INF", "AMOUNT-INVALID"),
        (b"1E308", "AMOUNT-INVALID"),
        (b"84,20", "AMOUNT-INVALID"),
        (b"8_4.20", "AMOUNT-INVALID"),
        ("٨٤".encode(), "AMOUNT-INVALID"),
        (b"9" * 30, "AMOUNT-RANGE"),
        (b"9" * 100_000, "AMOUNT-RANGE"),
        (b"999999999999999", "AMOUNT-RANGE"),
        (b"84.200001", "AMOUNT-PRECISION"),
        (b"", "BR-15"),
        (b"   ", "AMOUNT-INVALID"),
    ],
    ids=short,
)
def test_an_amount_that_is_none(amount: bytes, rule: str):
    entry = only_entry(ALICE.replace(b">84.20<", b">" + amount + b"<"))
    assert entry.bill is None
    assert rule in fatal_rules(entry)
    assert entry.number == "E-2026-0001"


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "0000-01-01", "9999-12-31", "hier", "2026-W01-1"])
def test_an_issue_date_that_is_none(day: str):
    entry = only_entry(ALICE.replace(b"2026-11-02+01:00", day.encode()))
    assert fatal_rules(entry) == ["DATE-INVALID"]
    assert entry.findings[0].place == "line 8, cbc:IssueDate"


def test_another_date_that_is_none_is_left_out_and_said():
    entry = only_entry(ALICE.replace(b"<cbc:DueDate>2026-11-30", b"<cbc:DueDate>9999-12-31"))
    assert entry.bill is not None
    assert entry.bill.due_date is None
    assert warnings(entry) == ["DATE-INVALID"]


def test_what_is_said_twice_and_decides_is_refused():
    twice = ALICE.replace(
        b"<cbc:PayableAmount", b'<cbc:PayableAmount currencyID="EUR">1.00</cbc:PayableAmount><cbc:PayableAmount'
    )
    assert "TERM-REPEATED" in fatal_rules(only_entry(twice))


def test_a_name_that_turns_its_readers_around_is_straightened():
    entry = only_entry(ALICE.replace(b"Alice Martin", "Alice \u202enitraM".encode()))
    assert entry.bill is not None
    assert entry.bill.buyer.name == "Alice nitraM"


def test_a_book_in_a_name_is_refused():
    assert fatal_rules(only_entry(ALICE.replace(b"Alice Martin", b"A" * 1_000_000))) == ["TEXT-TOO-LONG"]

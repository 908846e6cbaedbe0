"""A bill of a known shape is read without a parser, and gives what the parser gives: the same bill, the same findings,
the same refusal."""

import io
import random
import re

import pytest

from ingest.format_detection import detect_format
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from ingest.xml.batch_reader import read_batch
from ingest.xml.document_reader import read_document
from ingest.xml.shapes import ShapeCache
from issuers.profile import Profile
from tests.ingest.sample_files import ALICE, BOB, CHARLIE, body
from untrusted.feed_error import FeedError

#: What breaks XML, or looks as if it did.
TROUBLE = [
    b"<", b">", b"/", b"&", b"&amp;", b"&lt;", b"&#60;", b"&nbsp;", b'"', b"'", b"=", b" ", b"\n", b"\r\n", b"\t",
    b"]]>", b"<!-- -->", b"<![CDATA[1]]>", b"<?p?>", b"<a/>", b"<a>", b"</a>", b"\x00", b"\x01", b"\x0b", b"\x7f",
    b"\xff", b"\xc3", "é".encode(), b"\xef\xbf\xbe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"-", b"0", b"1e5", b"NaN",
]  # fmt: skip


def learned(*documents: bytes) -> ShapeCache:
    """The shapes of a feed in which these bills came again and again."""
    shapes = ShapeCache()
    for _ in range(80):
        for document in documents:
            read_document(document, "usable", "document", shapes)
    return shapes


def outcome(document: bytes, shapes: ShapeCache) -> BillDraft | str:
    try:
        return read_document(document, "usable", "document", shapes)
    except FeedError as refused:
        return repr(refused.finding)


@pytest.mark.parametrize("document", [ALICE, BOB, CHARLIE], ids=["alice", "bob", "charlie"])
def test_a_bill_seen_before_needs_no_parser(document: bytes, monkeypatch: pytest.MonkeyPatch):
    shapes = learned(document)
    expected = read_document(document, "usable", "document", ShapeCache())
    other = document.replace(b"2026-000", b"2027-111")
    monkeypatch.setattr("untrusted.xml.safe_parser.parse", None)
    assert read_document(document, "usable", "document", shapes) == expected
    assert "2027-111" in str(read_document(other, "usable", "document", shapes).number)


def test_a_feed_of_one_bill_learns_nothing():
    shapes = ShapeCache()
    read_document(ALICE, "usable", "document", shapes)
    assert shapes.read(ALICE.decode(), "usable", lambda root, mapper: root) is None


def test_lines_of_one_shape_stay_apart():
    [bill] = {read_document(ALICE, "usable", "document", learned(ALICE)).bill}
    assert bill is not None
    assert len({line.id for line in bill.lines}) == len(bill.lines) > 1


def test_a_wrong_value_is_named_with_its_line():
    wrong = ALICE.replace(b">84.20<", b">eighty<")
    draft = read_document(wrong, "usable", "document", learned(ALICE))
    assert any(finding.rule == "AMOUNT-INVALID" and "line " in finding.place for finding in draft.findings)


@pytest.mark.parametrize("document", [ALICE, BOB, CHARLIE], ids=["alice", "bob", "charlie"])
def test_whatever_is_broken_is_read_as_by_the_parser(document: bytes):
    chance, shapes = random.Random(20261122), learned(document)
    for _ in range(1500):
        at = chance.randrange(len(document))
        broken = document[:at] + chance.choice(TROUBLE) + document[at + chance.randrange(3) :]
        if chance.random() < 0.3:
            at = chance.randrange(len(broken))
            broken = broken[:at] + chance.choice(TROUBLE) + broken[at + chance.randrange(2) :]
        assert outcome(broken, shapes) == outcome(broken, ShapeCache()), broken


def test_parts_of_different_bills_come_together():
    """Elements left out, said twice, put in another order, or taken from another document of the same sender."""
    chance, shapes, bills = random.Random(1), learned(ALICE, BOB), 0
    (head, *alice), (_, *bob) = ALICE.split(b"\n  <c"), BOB.split(b"\n  <c")
    alice[-1], bob[-1] = alice[-1].replace(b"</Invoice>", b""), bob[-1].replace(b"</CreditNote>", b"")
    for _ in range(400):
        parts = [part for part in alice if chance.random() < 0.95]
        parts.insert(chance.randrange(len(parts)), chance.choice(alice + bob))
        if chance.random() < 0.5:
            parts.insert(0, parts.pop(chance.randrange(len(parts))))
        document = b"\n  <c".join([head, *parts, b""]).removesuffix(b"<c") + b"</Invoice>"
        said = outcome(document, shapes)
        assert said == outcome(document, ShapeCache()), document
        bills += isinstance(said, BillDraft) and said.bill is not None
    assert bills > 200


def drafts(content: bytes, shapes: ShapeCache) -> list[object]:
    """What a batch gives, and at its end why it was refused, if it was."""
    given: list[object] = []
    read_context = ReadContext(Profile(), detect_format, shapes=shapes)
    try:
        given.extend(read_batch(io.BytesIO(content), read_context))
    except FeedError as refused:
        given.append((refused.finding.rule, refused.finding.message))
    return given


def a_batch(count: int = 6, between: bytes = b"\n") -> bytes:
    bills = [body(ALICE).replace(b"E-2026-0001", b"E-2026-%04d" % number) for number in range(count)]
    return b"<batch>\n<of>Alice</of>" + between.join(bills) + b"\n</batch>"


@pytest.fixture(scope="module")
def of_a_long_batch() -> ShapeCache:
    shapes = ShapeCache()
    drafts(a_batch(80), shapes)
    return shapes


def test_in_a_batch_the_parser_sees_the_first_bill_alone(of_a_long_batch: ShapeCache, monkeypatch: pytest.MonkeyPatch):
    content = a_batch()
    expected = drafts(content, ShapeCache())
    parsed: list[object] = []
    monkeypatch.setattr("untrusted.xml.safe_parser.forget", parsed.append)
    assert drafts(content, of_a_long_batch) == expected
    assert len(parsed) == 1


def test_a_batch_with_trouble_in_it_is_read_as_by_the_parser(of_a_long_batch: ShapeCache):
    chance = random.Random(7)
    content = a_batch(4)
    # An entity that nobody declared lxml reports some invoices later.
    trouble = [
        *TROUBLE, b"<!--", b"-->", b"<![CDATA[", b"<Invoice/>", b"</Invoice>", b"<!-- </Invoice> -->", b"</w>",
        b"</batch>", b"<a><Invoice/></a>", b"<batch>", b'<w xmlns:cbc="urn:other">', b"\xef\xbb\xbf",
        b'<?xml version="1.0"?>',
    ]  # fmt: skip
    trouble.remove(b"&nbsp;")
    tags = [place.start() for place in re.finditer(rb"<", content)]
    ends = [place.end() for place in re.finditer(rb"</Invoice>", content)]
    for _ in range(400):
        broken = content
        for _ in range(chance.choice([1, 1, 2, 3])):
            at = chance.choice([chance.randrange(len(broken)), chance.choice(tags), chance.choice(ends)])
            broken = broken[:at] + chance.choice(trouble) + broken[at + chance.choice([0, 0, 1]) :]
        assert drafts(broken, of_a_long_batch) == drafts(broken, ShapeCache()), broken


def test_the_same_tags_in_other_namespaces_are_other_elements(of_a_long_batch: ShapeCache):
    inner = a_batch(3).replace(b'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"', b"")
    ours = b'<w xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">%s</w>' % inner
    others = b'<w xmlns:cbc="urn:example:other">%s</w>' % inner
    shapes = ShapeCache()
    drafts(ours.replace(b"</batch>", inner[7:-8] * 30 + b"</batch>"), shapes)
    for content in (ours, others, b"<all>" + ours + others + ours + b"</all>"):
        assert drafts(content, shapes) == drafts(content, ShapeCache())

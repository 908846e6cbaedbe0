"""A bill of a known shape is read without a parser, and gives what the parser gives: the same bill, the same findings,
the same refusal."""

import random

import pytest

from ingest.document import read_document
from ingest.entry import Draft, FeedError
from ingest.shape import Shapes
from tests.ingest.world import ALICE, BOB, CHARLIE

#: What breaks XML, or looks as if it did.
TROUBLE = [
    b"<", b">", b"/", b"&", b"&amp;", b"&lt;", b"&#60;", b"&nbsp;", b'"', b"'", b"=", b" ", b"\n", b"\r\n", b"\t",
    b"]]>", b"<!-- -->", b"<![CDATA[1]]>", b"<?p?>", b"<a/>", b"<a>", b"</a>", b"\x00", b"\x01", b"\x0b", b"\x7f",
    b"\xff", b"\xc3", "é".encode(), b"\xef\xbf\xbe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"-", b"0", b"1e5", b"NaN",
]  # fmt: skip


def learned(*documents: bytes) -> Shapes:
    """The shapes of a feed in which these bills came again and again."""
    shapes = Shapes()
    for _ in range(80):
        for document in documents:
            read_document(document, "usable", "document", shapes)
    return shapes


def outcome(document: bytes, shapes: Shapes) -> Draft | str:
    try:
        return read_document(document, "usable", "document", shapes)
    except FeedError as refused:
        return repr(refused.finding)


@pytest.mark.parametrize("document", [ALICE, BOB, CHARLIE], ids=["alice", "bob", "charlie"])
def test_a_bill_seen_before_needs_no_parser(document: bytes, monkeypatch: pytest.MonkeyPatch):
    shapes = learned(document)
    expected = read_document(document, "usable", "document", Shapes())
    other = document.replace(b"2026-000", b"2027-111")
    monkeypatch.setattr("ingest.xml.parse", None)
    assert read_document(document, "usable", "document", shapes) == expected
    assert "2027-111" in str(read_document(other, "usable", "document", shapes).number)


def test_a_feed_of_one_bill_learns_nothing():
    shapes = Shapes()
    read_document(ALICE, "usable", "document", shapes)
    assert shapes.read(ALICE.decode()) is None


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
        assert outcome(broken, shapes) == outcome(broken, Shapes()), broken


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
        assert said == outcome(document, Shapes()), document
        bills += isinstance(said, Draft) and said.bill is not None
    assert bills > 200

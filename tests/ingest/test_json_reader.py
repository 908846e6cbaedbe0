"""JSON: Alice's, Bob's and Charlie's gas, a line each, in an array, around one, and by an issuer's own keys."""

import json
import time
from datetime import date
from decimal import Decimal

import pytest

from bill import ControlTotals
from issuers.profile import read_profile
from tests.ingest.sample_files import SAMPLES, fatal_rules, only_bill, read, refusal, short, zipped

LINES = (SAMPLES / "three-people.jsonl").read_bytes()
ALICE, BOB, CHARLIE, CONTROL = LINES.splitlines()
OWN = read_profile("""
[json]
bills = "factures"
lines = "detail"
decimal = ","
dates = "%d/%m/%Y"
[json.columns]
number = "Facture"
issue_date = "emission.le"
payable = "Montant"
"buyer.name" = "client.nom"
"line.name" = "quoi"
"line.net_amount" = "prix.ht"
""")


def test_a_bill_a_line():
    reading, [alice, bob, charlie] = read(LINES)
    assert (reading.format, reading.whole) == ("JSON", True)
    assert [e.place for e in (alice, bob, charlie)] == ["line 1", "line 2", "line 3"]
    bill = alice.bill
    assert (bill.number, bill.issue_date, bill.totals.payable) == ("G-1", date(2026, 11, 3), Decimal("84.20"))
    assert (bill.lines[0].net_amount, bill.lines[0].period.end) == (Decimal("60.17"), date(2026, 10, 31))
    assert (bill.vat[0].rate, bill.vat[0].vat) == (Decimal(20), Decimal("14.03"))
    assert bill.totals.vat == Decimal("14.03")
    assert bill.buyer.identifiers[0].value == "CL-1"
    assert bill.payment.transfers[0].iban == "FR7630006000011234567890189"
    assert bob.bill.lines == ()
    assert fatal_rules(charlie) == ["DATE-INVALID"]
    assert charlie.findings[0].place == "line 3, issue_date"
    assert reading.declared == [ControlTotals(count=3, sums={"EUR": Decimal("104.18")}, source="control, line 4")]


@pytest.mark.parametrize(
    "feed",
    [
        b"[" + ALICE + b",\n" + BOB + b"]",
        b"\xef\xbb\xbf [\r\n" + ALICE + b" , " + BOB + b"\n]\n",
        b'{"bills": [' + ALICE + b"," + BOB + b'], "control": {"count": 2}}',
        b'{"bills": [' + ALICE + b",\n" + BOB + b'], "control": {"count": 2}}',
        b'{"bills": [\n' + ALICE + b",\n" + BOB + b"\n]}\n",
        json.dumps({"bills": [json.loads(ALICE), json.loads(BOB)]}, indent=2).encode(),
        ALICE + b"\r\n\r\n" + BOB,
        zipped(("a.json", b"[" + ALICE + b"]"), ("b.jsonl", BOB)),
    ],
    ids=short,
)
def test_other_ways_to_put_two_bills_together(feed: bytes):
    reading, entries = read(feed)
    assert reading.whole, reading.findings
    assert [entry.number for entry in entries] == ["G-1", "G-2"]
    assert all(entry.bill for entry in entries)


def test_what_stands_around_an_array_may_stand_before_and_after_it_and_the_array_be_long():
    """More than any bill may have, in one line or many: only what stands around is held in memory."""
    spare = b'"lines":[],"spare":[' + b"1," * 100 + b"1]"
    bills = b",".join(BOB.replace(b'"lines":[]', spare).replace(b"G-2", b"G-%d" % n) for n in range(5_000))
    around = b'{"sender": {"name": "Gaz"}, "bills": [' + bills + b'], "control": {"count": 5000}}'
    for feed in (around, around.replace(b', "bills": ', b',\n"bills": ')):
        reading, entries = read(feed)
        assert reading.whole, reading.findings
        assert [entry.number for entry in entries] == [f"G-{n}" for n in range(5_000)]
        assert [each.count for each in reading.declared] == [5_000]


@pytest.mark.parametrize("cut", range(10, len(ALICE) - 1, 11))
def test_a_first_line_that_was_cut_off_is_one_item_refused(cut: int):
    [alice, bob, _] = read(LINES.replace(ALICE, ALICE[:cut]))[1]
    assert (alice.bill, fatal_rules(alice)) == (None, ["JSON-BROKEN"])
    assert bob.bill is not None


def test_one_bill_over_many_lines():
    pretty = json.dumps(json.loads(BOB), indent=4).encode()
    assert only_bill(pretty).number == "G-2"


def test_an_issuers_own_keys():
    feed = (
        '{"factures": [{"Facture": "F-1", "emission": {"le": "03/11/2026"}, "Montant": "12,00",'
        ' "client.nom": "Bob Durand", "detail": [{"quoi": "Eau", "prix": {"ht": "12,00"}}]}]}'
    )
    reading, [bob] = read(feed.encode(), OWN)
    assert reading.whole, reading.findings
    assert (bob.bill.buyer.name, bob.bill.lines[0].net_amount) == ("Bob Durand", Decimal("12.00"))


def test_the_same_bill_with_its_keys_in_another_order_is_the_same_item():
    other = json.dumps(dict(reversed(json.loads(BOB).items()))).encode()
    assert read(other)[1][0].body_sha == read(BOB)[1][0].body_sha


def test_a_thousand_bills_in_an_array_over_blocks():
    notes = "é" * 300
    bills = [{**json.loads(BOB), "number": f"G-{n}", "note": notes} for n in range(1000)]
    reading, entries = read(json.dumps(bills, ensure_ascii=False).encode())
    assert reading.whole, reading.findings
    assert [entry.number for entry in entries] == [f"G-{n}" for n in range(1000)]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"9.99", b'"9,99"', "AMOUNT-INVALID"),
        (b"9.99", b"1e3", "AMOUNT-INVALID"),
        (b"9.99", b"NaN", "JSON-BROKEN"),
        (b"9.99", b"Infinity", "JSON-BROKEN"),
        (b"9.99", b"1" * 30, "AMOUNT-RANGE"),
        (b"9.99", b"1" * 5000, "AMOUNT-RANGE"),
        (b"9.99", b"[9.99]", "AMOUNT-INVALID"),
        (b"9.99", b"true", "AMOUNT-INVALID"),
        (b"9.99", b"null", "BR-15"),
        (b'"G-2"', b'"G-2","number":"G-9"', "JSON-BROKEN"),
        (b'"G-2"', b"[" * 100_000, "JSON-BROKEN"),
        (b'"lines":[]', b'"lines":[1]', "JSON-NOT-A-LINE"),
        (b'"lines":[]', b'"lines":"none"', "JSON-NOT-A-LINE"),
        (b'"Bob Durand"', b'"' + b"B" * 100_000 + b'"', "TEXT-TOO-LONG"),
        (b"Bob", b"Bo\tb", "JSON-BROKEN"),
        (b'{"number"', b"{number", "JSON-BROKEN"),
        (BOB, b'"G-2"', "JSON-NOT-A-BILL"),
    ],
    ids=short,
)
def test_what_is_wrong_with_bob_is_said_of_bob(old: bytes, new: bytes, rule: str):
    assert old in BOB
    reading, [alice, bob, _] = read(LINES.replace(BOB, BOB.replace(old, new)))
    assert reading.whole
    assert alice.bill is not None
    assert bob.bill is None
    assert rule in fatal_rules(bob)


def test_small_bills_after_a_large_one_take_no_longer_than_before_it():
    """What was taken is let go of in blocks, not bill by bill."""
    large = BOB.replace(b'"lines":[]', b'"spare":"' + b"x" * 4_000_000 + b'"')
    began = time.process_time()
    reading, entries = read(b"[" + large + (b"," + BOB) * 1_000 + b"]")
    assert time.process_time() - began < 4
    assert reading.whole
    assert len(entries) == 1_001


def test_cut_off_anywhere_an_array_is_never_whole():
    feed = b"[" + ALICE + b",\n" + BOB + b"]"
    for at in range(0, len(feed), 3):
        assert not read(feed[:at])[0].whole, at


def test_half_a_surrogate_and_a_reversed_name_are_straightened():
    [bob] = read(BOB.replace(b"Bob", rb"B\ud800o\u202eb"))[1]
    assert bob.bill.buyer.name == "Bob Durand"


@pytest.mark.parametrize(
    ("feed", "rule"),
    [
        (b"[" + ALICE + b"," + BOB[:-20], "JSON-TRUNCATED"),
        (b"[" + ALICE + b"," + BOB, "JSON-TRUNCATED"),
        (b"[" + ALICE + b",", "JSON-TRUNCATED"),
        (b"[" + ALICE + BOB + b"]", "JSON-TRUNCATED"),
        (b"[" + ALICE + b"]" + BOB, "JSON-BROKEN"),
        (b'[{"number": "x" "y"}, ' + b" " * 100 + ALICE + b"]", "JSON-BROKEN"),
        (ALICE + b"\n" + BOB[:-20], "JSON-TRUNCATED"),
        (b'{\n"bills": [' + ALICE, "JSON-TRUNCATED"),
        (b'{\n"bills": [' + ALICE + b"]", "JSON-TRUNCATED"),
        (b'{\n"bills": [' + ALICE + b"],", "JSON-TRUNCATED"),
        (b'{\n"bills": [' + ALICE + b'], "control"', "JSON-BROKEN"),
        (b'{\n"bills": [' + ALICE + b"], 12: 3}", "JSON-BROKEN"),
        (b'{\n"bills": [' + ALICE + b'], "bills": []}', "JSON-BROKEN"),
        (b'{\n"bills": [' + ALICE + b"]} {}", "JSON-BROKEN"),
        (b'{\n"x": "' + b"x" * 5_000_000 + b'", "y": "' + b"x" * 5_000_000 + b'", "bills": []}', "JSON-TOO-LARGE"),
        (b"{\n" + b"".join(b'"%d":1,' % n for n in range(500_000)) + b'"bills": []}', "JSON-TOO-LARGE"),
        (b"[]", "FEED-EMPTY"),
        (b'{"control": {"count": 0}}', "FEED-EMPTY"),
        (b'{"control": {"count": "some"}}', "TRAILER-BROKEN"),
        (b'{"control": {"sums": {"euros": 1}}}', "TRAILER-BROKEN"),
        (b'{"control": 3}', "TRAILER-BROKEN"),
        (b"[" + BOB.replace(b"Bob", b"B\xffb") + b"]", "JSON-ENCODING"),
        (b'[{"note": "' + b"x" * 9_000_000, "JSON-TOO-LARGE"),
        (b'[{"lines": [' + b"1," * 2_000_000, "JSON-TOO-LARGE"),
        (b"[" * 200_000, "JSON-BROKEN"),
    ],
    ids=short,
)
def test_a_file_that_is_not_whole_is_refused(feed: bytes, rule: str):
    assert refusal(read(feed)[0]) == rule


def test_a_term_nobody_knows_names_the_profiles_key():
    profile = read_profile('[json.columns]\nnumber = "a"\nissue_date = "b"\npayable = "c"\n"buyer.shoe" = "d"\n')
    reading, _ = read(LINES, profile)
    assert refusal(reading) == "PROFILE-TERM"
    assert reading.findings[0].place == "json.columns.buyer.shoe"

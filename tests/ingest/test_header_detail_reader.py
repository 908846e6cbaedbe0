"""Header and detail records: a mutual's fixed width from a mainframe, a town's columns; both end in a trailer."""

from datetime import date
from decimal import Decimal

import pytest

from bill import ControlTotals
from issuers.profile import Profile, read_profile
from tests.ingest.sample_files import SAMPLES, fatal_rules, read, refusal, short

MUTUAL = (SAMPLES / "mutual-records.txt").read_bytes()
MUTUAL_PROFILE = read_profile((SAMPLES / "mutual-records.toml").read_text())
TOWN = (SAMPLES / "town-headers.txt").read_bytes()
TOWN_PROFILE = read_profile((SAMPLES / "town-headers.toml").read_text())
#: One kind of record without a tag, 20 characters and no line ends, in EBCDIC, the sign in the last figure.
PUNCHED = read_profile("""
[records]
encoding = "cp037"
length = 20
signs = "overpunch"
decimals = 2
dates = "%y%m%d"
constants = { currency = "EUR" }
[records.kinds.""]
role = "row"
columns = { number = [1, 4], issue_date = [5, 6], payable = [11, 5], "line.net_amount" = [16, 5] }
""")


def test_fixed_width_with_cents_and_signs_at_the_end():
    reading, [alice, bob, charlie] = read(MUTUAL, MUTUAL_PROFILE)
    assert (reading.format, reading.whole, reading.findings) == ("records", True, [])
    assert [e.place for e in (alice, bob, charlie)] == ["lines 2 to 5", "lines 6 to 9", "lines 11 to 13"]
    assert (alice.bill.totals.payable, alice.bill.issue_date) == (Decimal("84.20"), date(2026, 11, 2))
    assert (alice.bill.buyer.name, alice.bill.buyer.address.postcode) == ("Alice Martin", "44000")
    assert [line.name for line in alice.bill.lines] == ["Santé, novembre", "Dentaire"]
    assert bob.bill.due_date is None  # zeros
    assert [line.net_amount for line in bob.bill.lines] == [Decimal("20.00"), Decimal("-7.50")]
    assert charlie.bill.is_credit_note
    assert charlie.bill.seller.name == "Mutuelle du Ponant"


def test_the_trailer_declares_what_the_feed_holds():
    reading, _ = read(MUTUAL, MUTUAL_PROFILE)
    [declared] = reading.declared
    assert declared == ControlTotals(count=3, sums={"EUR": Decimal("106.69")}, source="trailer, line 14")


def test_headers_and_details_in_columns():
    reading, [alice, bob] = read(TOWN, TOWN_PROFILE)
    assert reading.whole
    assert reading.declared[0].sums == {"EUR": Decimal("54.20")}
    assert (alice.bill.vat[0].vat, bob.bill.vat[0].category) == (Decimal("2.20"), "E")
    assert bob.bill.issue_date == date(2026, 11, 2)
    assert bob.bill.lines[0].name == 'Piscine "grand bain"'


def test_rows_of_one_number_punched_by_a_mainframe():
    feed = "A-012611020084{0080{" + "A-012611020084{0004{" + "B-022611020001A0001J"
    reading, [alice, bob] = read(feed.encode("cp037"), PUNCHED)
    assert reading.whole
    assert alice.bill.totals.payable == Decimal("8.40")
    assert [line.net_amount for line in alice.bill.lines] == [Decimal("8.00"), Decimal("0.40")]
    assert (bob.bill.totals.payable, bob.bill.lines[0].net_amount) == (Decimal("0.11"), Decimal("-0.11"))
    assert refusal(read(feed[:-1].encode("cp037"), PUNCHED)[0]) == "RECORD-TRUNCATED"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (MUTUAL.splitlines()[-1], b"", "TRAILER-MISSING"),
        (b"ZZ000003000013", b"ZZ000003000012", "TRAILER-COUNT"),
        (b"ZZ000003000013", b"ZZ000003some  ", "TRAILER-BROKEN"),
        (b"ZZ000003000013000000010669", b"ZZ00000300001300000001066X", "TRAILER-BROKEN"),
        (b"99remarque", b"77remarque", "RECORD-KIND"),
        (b"0020261102\r\n", b"0020261102\r\n20orphan\r\n", "RECORD-ORPHAN"),
        (b"000000010669\r\n", b"000000010669\r\n0020261103\r\n", "TRAILER-NOT-LAST"),
        (b"Alice", b"Al\x00ce", "CSV-ENCODING"),
    ],
    ids=short,
)
def test_a_file_that_does_not_add_up_is_refused_whole(old: bytes, new: bytes, rule: str):
    assert old in MUTUAL
    assert refusal(read(MUTUAL.replace(old, new), MUTUAL_PROFILE)[0]) == rule


def test_cut_off_anywhere_it_is_never_whole():
    for at in range(len(MUTUAL) - 2):
        assert not read(MUTUAL[:at], MUTUAL_PROFILE)[0].whole, at


def test_an_amount_that_the_end_of_its_record_cuts_is_refused():
    short_alice = MUTUAL.replace(b"0000008420AD-00001", b"000000")
    reading, [alice, *_] = read(short_alice, MUTUAL_PROFILE)
    assert reading.whole
    assert "RECORD-SHORT" in fatal_rules(alice)
    [finding] = [f for f in alice.findings if f.rule == "RECORD-SHORT"]
    assert finding.place == "line 2, characters 24 to 33"


def test_what_is_wrong_with_bob_is_said_of_bob():
    reading, [alice, bob, charlie] = read(MUTUAL.replace(b"000001250 ", b"00000125X "), MUTUAL_PROFILE)
    assert reading.whole
    assert alice.bill is not None
    assert charlie.bill is not None
    assert bob.findings[0].rule == "AMOUNT-INVALID"
    assert bob.findings[0].place == "line 6, characters 24 to 33"


def test_a_term_nobody_knows_names_the_profiles_key():
    profile = Profile(
        records=read_profile((SAMPLES / "town-headers.toml").read_text().replace('"line.name"', '"line.shoe"')).records
    )
    reading, _ = read(TOWN, profile)
    assert refusal(reading) == "PROFILE-TERM"
    assert reading.findings[0].place == "records.kinds.line.shoe"


TRAILED = read_profile("""
[delimited]
header = false
columns = { number = 1, issue_date = 2, payable = 3 }
constants = { currency = "EUR" }
trailer = { tag = "TOTAL", columns = { count = 2, sum = 3 } }
""")


def test_a_trailer_of_a_plain_delimited_file():
    feed = b"B-1;02/11/2026;84,20\nB-2;02/11/2026;12,00\nTOTAL;2;96,20\n"
    reading, entries = read(feed, TRAILED)
    assert reading.whole
    assert len(entries) == 2
    assert reading.declared == [ControlTotals(count=2, sums={"EUR": Decimal("96.20")}, source="trailer, line 3")]
    assert refusal(read(feed[:-14], TRAILED)[0]) == "TRAILER-MISSING"
    assert refusal(read(feed + b"B-3;02/11/2026;1,00\n", TRAILED)[0]) == "TRAILER-NOT-LAST"

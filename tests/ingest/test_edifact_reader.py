"""EDIFACT: Alice's water bill by an old directory, Bob's credit note and Charlie's telephone by a recent one."""

import re
from datetime import date
from decimal import Decimal

import pytest

from issuers.profile import Profile
from tests.ingest.sample_files import (
    SAMPLES,
    fatal_rules,
    only_bill,
    only_entry,
    read,
    refusal,
    short,
    warnings,
    zipped,
)

ALICE_WATER = (SAMPLES / "alice-water.d96a.edi").read_bytes()
TWO = (SAMPLES / "bob-and-charlie.d16b.edi").read_bytes()


def recounted(content: bytes) -> bytes:
    """The interchange with the segment counts that it has after a change."""
    text = content.decode("latin-1")

    def count(match: re.Match[str]) -> str:
        ends = re.findall(r"(?<![?])'", match[1])
        return f"{match[1]}UNT+{len(ends) + 1}+"

    return re.sub(r"(UNH\+(?:.|\n)*?)UNT\+\d+\+", count, text).encode("latin-1")


def test_alices_water_bill():
    bill = only_bill(ALICE_WATER)
    assert (bill.number, bill.type_code, bill.issue_date) == ("EAU-2026-0001", "380", date(2026, 11, 2))
    assert bill.due_date == date(2026, 11, 30)  # PAT: 28 days after the invoice
    assert bill.seller.name == "Eaux de l'Erdre et de la Loire"  # two lines of 35 characters
    assert bill.seller.identifiers[0].scheme == "0088"
    assert (bill.seller.vat_id, bill.seller.contact.phone) == ("FR32303265045", "02 40 00 00 00")
    assert bill.buyer.identifiers[0].value == "CL-0001"
    assert (bill.buyer.address.line2, bill.buyer.address.postcode) == ("Bâtiment B", "44000")
    assert bill.notes[0].text == "Relevé du compteur: 412 m3 merci de votre confiance + à bientôt"
    assert bill.payment.transfers[0].iban == "FR7630006000011234567890189"
    [discount] = bill.allowances_charges
    assert (discount.amount, discount.percent, discount.is_charge) == (Decimal("2.50"), Decimal("2.5"), False)
    water, standing = bill.lines
    assert (water.name, water.quantity, water.unit) == ("Consommation d'eau 12 m3", Decimal(12), "MTQ")
    assert (water.object_id.value, water.seller_item_id) == ("C-4411", "EAU-M3")
    assert water.period.end == date(2026, 10, 31)
    assert standing.net_amount == Decimal("40.00")
    assert (bill.totals.net, bill.totals.vat, bill.totals.gross) == (
        Decimal("97.50"),
        Decimal("5.36"),
        Decimal("102.86"),
    )
    assert bill.vat[0].taxable == Decimal("97.50")


def test_two_messages_in_a_group_with_other_marks():
    reading, [bob, charlie] = read(TWO)
    assert (reading.format, reading.whole, reading.findings) == ("EDIFACT", True, [])
    assert reading.declared[0].count == 2
    assert (bob.number, charlie.number) == ("AV-2026-0002", "T-2026-0003")
    assert charlie.place == "message 2, segment 29"
    assert bob.bill.is_credit_note
    assert (bob.bill.preceding[0].number, bob.bill.preceding[0].issue_date) == ("T-2026-0002", date(2026, 10, 1))
    assert bob.bill.lines[0].name == "Remboursement de l'appel du 1er octobre ?"
    assert (bob.bill.seller.name, bob.bill.seller.trading_name) == ("Télécom de l'Ouest", "TelOuest")
    assert charlie.bill.lines[0].name == "Forfait « mobile » 東京"
    assert charlie.bill.payment.is_direct_debit


@pytest.mark.parametrize("directory", ["96A:UN:EAN008", "97A:UN", "01B:UN", "03B:UN", "16B:UN"])
def test_the_directories(directory: str):
    feed = ALICE_WATER.replace(b"96A:UN:EAN008", directory.encode())
    assert only_bill(feed).totals.payable == Decimal("102.86")


def test_old_marks_newlines_and_no_newlines():
    assert only_bill(ALICE_WATER.replace(b"\n", b"")) == only_bill(ALICE_WATER)
    assert only_bill(ALICE_WATER.replace(b"\n", b"\r\n")) == only_bill(ALICE_WATER)
    own = ALICE_WATER.replace(b"?'", b"\xb4").replace(b"'", b"~").replace(b"\xb4", b"'")
    assert only_bill(b"UNA:+.? ~" + own).seller.name == "Eaux de l'Erdre et de la Loire"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("charset", ["UNOC", "UNOW"])
def test_lines_of_one_length_that_end_anywhere_are_joined(charset: str, line_end: str):
    text = ALICE_WATER.decode("latin-1").replace("\n", "").replace("UNOC", charset)
    codec = "utf-8" if charset == "UNOW" else "latin-1"
    whole = only_bill(text.encode(codec))
    for width in range(30, 140):
        cut = line_end.join(text[at : at + width] for at in range(0, len(text), width))
        assert only_bill(cut.encode(codec)) == whole, width
    in_bytes = text.encode(codec)
    assert only_bill(b"\n".join(in_bytes[at : at + 80] for at in range(0, len(in_bytes), 80))) == whole


def test_lines_of_a_text_stay_lines():
    own = ALICE_WATER.replace(b"UNS+S", b"FTX+AAI+++Une ligne.\nUne autre, plus longue.\nFin'\nUNS+S")
    assert only_bill(recounted(own)).lines[1].note == "Une ligne.\nUne autre, plus longue.\nFin"


def test_several_interchanges_and_an_archive_of_them():
    reading, entries = read(
        b"UNA:+.? '" + ALICE_WATER + b"UNA:+.? '\n" + ALICE_WATER.replace(b"2026-0001", b"2026-0004")
    )
    assert reading.whole
    assert [entry.number for entry in entries] == ["EAU-2026-0001", "EAU-2026-0004"]
    assert [totals.count for totals in reading.declared] == [2]
    reading, entries = read(zipped(("a.edi", ALICE_WATER), ("b.edi", TWO)))
    assert reading.whole
    assert [totals.count for totals in reading.declared] == [3]
    assert entries[0].place == "a.edi: message 1, segment 2"
    assert len(entries) == 3


@pytest.mark.parametrize(
    ("old", "new", "rule", "place"),
    [
        (b"UNT+47+", b"UNT+46+", "EDI-UNT-COUNT", "segment 48, UNT"),
        (b"UNT+47+", b"UNT+all+", "EDI-UNT-COUNT", "segment 48, UNT"),
        (b"+M-1'\nUNZ", b"+M-2'\nUNZ", "EDI-UNT-REFERENCE", "segment 48, UNT"),
        (b"UNZ+1+I-17", b"UNZ+2+I-17", "EDI-UNZ-COUNT", "segment 49, UNZ"),
        (b"UNZ+1+I-17", b"UNZ+1+I-99", "EDI-UNZ-REFERENCE", "segment 49, UNZ"),
        (b"UNZ+1+I-17'\n", b"", "EDI-UNZ-MISSING", ""),
        (b"UNT+47+M-1'\n", b"", "EDI-UNT-MISSING", "segment 48, UNZ"),
        (b"UNB+UNOC", b"UNB+KLINGON", "EDI-CHARSET", "UNB"),
        (b"UNZ+1", b"BGM+380'UNZ+1", "EDI-ENVELOPE", "segment 49, BGM"),
        (b"UNZ+1", b"UNO+P1+1:Doc1'UNZ+1", "EDI-PACKAGE", "segment 49, UNO"),
        (b"UNZ+1", b"UNO+P1+1:Doc1+1:PDF+9'objectUNP+9+P1'UNZ+1", "EDI-PACKAGE", "segment 49, UNO"),
        (b"UNZ+1", b"UNO+P1+1:Doc1+1:PDF+99999999999'UNZ+1", "EDI-PACKAGE", "segment 49, UNO"),
        (b"UNZ+1", b"UNO+P1+1:Doc1+1:PDF+6'objectUNP+7+P1'UNZ+2", "EDI-UNP-COUNT", "segment 50, UNP"),
        (b"UNZ+1", b"UNO+P1+1:Doc1+1:PDF+6'objectUNP+6+P2'UNZ+2", "EDI-UNP-REFERENCE", "segment 50, UNP"),
        (b"261103:0900+I-17'", b"261103:0900+I-17++INVOIC++++1'", "EDI-TEST", "segment 1, UNB"),
        (b"merci", b"merci" * 50_000, "EDI-SEGMENT-TOO-LONG", "segment 5"),
    ],
    ids=short,
)
def test_an_envelope_that_does_not_add_up_is_refused_whole(old: bytes, new: bytes, rule: str, place: str):
    assert old in ALICE_WATER
    reading, _ = read(ALICE_WATER.replace(old, new))
    assert refusal(reading) == rule
    assert reading.findings[-1].place == place


def test_a_segment_that_is_lost_is_named_with_the_count():
    reading, [alice] = read(ALICE_WATER.replace(b"UNS+S'\n", b""))
    assert not reading.whole
    assert [(f.rule, f.place) for f in reading.findings] == [
        ("EDI-UNS-MISSING", "segment 46, MOA"),
        ("EDI-UNT-COUNT", "segment 47, UNT"),
    ]
    assert alice.bill is None


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"UNE+2+G-1", b"UNE+1+G-1", "EDI-UNE-COUNT"),
        (b"UNE+2+G-1", b"UNE+2+G-2", "EDI-UNE-REFERENCE"),
        (b"UNE+2+G-1'\n", b"", "EDI-ENVELOPE"),
        (b"UNZ+1+", b"UNZ+2+", "EDI-UNZ-COUNT"),
        (b"UNA:+,?*'", b"UNA::,?*'", "EDI-UNA"),
        (b"UNA:+,?*'\nUNB", b"UNA:+,?*'\nUNC", "EDI-UNB-MISSING"),
    ],
)
def test_groups_and_service_strings(old: bytes, new: bytes, rule: str):
    assert refusal(read(TWO.replace(old, new))[0]) == rule


def test_cut_off_anywhere_it_is_never_whole():
    for at in range(1, len(TWO) - 1):
        reading, _ = read(TWO[:at])
        assert not reading.whole, at


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"UNS+S'", b"CNT+2:2'", "EDI-UNS-MISSING"),
        (b"UNS+S'\n", b"UNS+S'\nUNS+S'\n", "EDI-UNS-REPEATED"),
        (b"CNT+2:2", b"CNT+2:3", "EDI-CNT-LINES"),
        (b"RFF+CT", b"RF\x00+CT", "EDI-TAG"),
        (b"RFF+CT", b"'RFF+CT", "EDI-TAG"),
        (b"NAD+BY+", b"NAD+BUYER+", "EDI-QUALIFIER"),
        (b"INVOIC:D:96A", b"ORDERS:D:96A", "EDI-NOT-AN-INVOICE"),
        (b"QTY+47:12:", b"QTY+47:12A:", "AMOUNT-INVALID"),
        (b"MOA+9:102,86", b"MOA+9:1E9", "AMOUNT-INVALID"),
        (b"MOA+9:102,86", b"MOA+9:" + b"1" * 30, "AMOUNT-RANGE"),
        (b"MOA+9:102,86'", b"MOA+9:102,86'MOA+9:99'", "TERM-REPEATED"),
        (b"137:20261102:102", b"137:20260231:102", "DATE-INVALID"),
        (b"137:20261102:102", b"137:99991231:102", "DATE-INVALID"),
        (b"BGM+380+EAU-2026-0001+9", b"BGM+380", "BR-02"),
        (b"MOA+9:102,86", b"MOA+9:102,87", "BR-CO-16"),
    ],
    ids=short,
)
def test_what_is_wrong_in_a_message_is_said_of_it(old: bytes, new: bytes, rule: str):
    assert old in ALICE_WATER
    reading, [alice] = read(recounted(ALICE_WATER.replace(old, new)))
    assert reading.whole, reading.findings
    assert alice.bill is None
    assert rule in fatal_rules(alice)


def test_a_message_without_its_own_amount_due_owes_what_remains():
    feed = recounted(ALICE_WATER.replace(b"MOA+9:102,86'", b"MOA+113:2,86'"))
    assert only_bill(feed).totals.payable == Decimal("100.00")


def test_text_in_another_character_set_than_declared_is_read_and_said():
    reading, [alice] = read(ALICE_WATER.replace(b"UNOC", b"UNOA"))
    assert [finding.rule for finding in reading.findings] == ["EDI-CHARSET"]
    assert alice.bill.buyer.address.line2 == "Bâtiment B"


def test_a_reference_of_the_only_message_in_unz_is_forgiven():
    reading, _ = read(ALICE_WATER.replace(b"UNZ+1+I-17", b"UNZ+1+M-1"))
    assert reading.whole
    assert [finding.rule for finding in reading.findings] == ["EDI-UNZ-REFERENCE"]


def test_the_same_message_in_another_envelope_is_the_same_item():
    again = ALICE_WATER.replace(b"M-1", b"M-9").replace(b"I-17", b"I-18")
    assert read(again)[1][0].body_sha == read(ALICE_WATER)[1][0].body_sha


@pytest.mark.parametrize("kind", [b"GN", b"XA"])
def test_the_sellers_registration_is_its_legal_identifier(kind: bytes):
    feed = recounted(ALICE_WATER.replace(b"RFF+VA:", b"RFF+%s:303265045'RFF+VA:" % kind))
    assert only_bill(feed).seller.legal_id.value == "303265045"
    reading, [refused] = read(feed, Profile(legal_ids=["552081317"]))
    assert reading.whole
    assert fatal_rules(refused) == ["SELLER-OTHER"]


def test_a_date_that_is_none_and_not_the_bills_own_is_left_out():
    [alice] = read(ALICE_WATER.replace(b"DTM+168:20261031", b"DTM+168:20261345"))[1]
    assert alice.bill.lines[0].period.end is None
    assert "DATE-INVALID" in warnings(alice)


def test_a_soft_hyphen_is_not_part_of_a_number():
    """It is not seen, and would make two numbers of one."""
    assert only_bill(ALICE_WATER.replace(b"EAU-2026-0001", b"EAU\xad-2026-0001")).number == "EAU-2026-0001"


# -- due dates, control totals, references ---------------------------------------------------------------------


def dated(*segments: str, directory: str = "96A:UN:EAN008") -> bytes:
    """Alice's bill with other payment terms, in another directory."""
    written = "".join(f"{segment}'\n" for segment in segments)
    assert b"PAT+1++5:3:D:28'\n" in ALICE_WATER
    return recounted(
        ALICE_WATER.replace(b"PAT+1++5:3:D:28'\n", written.encode()).replace(b"96A:UN:EAN008", directory.encode())
    )


@pytest.mark.parametrize("directory", ["93A:UN", "96A:UN:EAN008", "97A:UN", "01B:UN:EAN010", "10A:UN", "16B:UN"])
@pytest.mark.parametrize("kind", ["13", "140", "265", "14"])
@pytest.mark.parametrize("terms", [(), ("PAT+1",), ("PAT+3",), ("PYT+1",)])
def test_every_qualifier_of_a_due_date(directory: str, kind: str, terms: tuple[str, ...]):
    bill = only_bill(dated(*terms, f"DTM+{kind}:20261215:102", directory=directory))
    assert bill.due_date == date(2026, 12, 15)


@pytest.mark.parametrize(("directory", "day"), [("93A:UN", 13), ("96A:UN", 13), ("01B:UN", 13), ("16B:UN", 14)])
def test_of_several_qualifiers_the_directory_has_one_preferred(directory: str, day: int):
    bill = only_bill(dated("DTM+265:20261201:102", "DTM+140:20261214:102", "DTM+13:20261213:102", directory=directory))
    assert bill.due_date == date(2026, 12, day)


@pytest.mark.parametrize(
    ("term", "day"),
    [
        ("3:D:30", date(2026, 12, 2)), ("3::30", date(2026, 12, 2)), ("1:CD:30", date(2026, 12, 2)),
        ("3:W:2", date(2026, 11, 16)), ("3:M:1", date(2026, 12, 2)), ("3:M:14", date(2028, 1, 2)),
        ("3:WD:20", None), ("3:D:", None), ("3:D:x", None), ("3:D:1000", None),
    ],
)  # fmt: skip
def test_terms_after_the_invoice(term: str, day: date | None):
    assert only_bill(dated(f"PAT+1++5:{term}")).due_date == day


def test_a_month_after_the_last_of_a_month_is_the_last():
    feed = dated("PAT+1++5:3:M:1").replace(b"137:20261102:102", b"137:20270131:102")
    assert only_bill(feed).due_date == date(2027, 2, 28)


def test_days_that_are_no_due_dates():
    discount = ("PAT+1", "DTM+13:20261215:102", "PAT+22++5:3:D:10", "DTM+12:20261112:102", "DTM+265:20261112:102")
    assert only_bill(dated(*discount, "PCD+12:2")).due_date == date(2026, 12, 15)
    for kind in ("12", "138", "171", "209", "2"):
        assert only_bill(dated(f"DTM+{kind}:20261215:102")).due_date is None


@pytest.mark.parametrize("kind", ["13", "140", "265", "14"])
def test_instalments_by_every_qualifier(kind: str):
    parts = [("20261130", "50.00"), ("20261231", "52.86")]
    segments = [each for day, amount in parts for each in ("PAT+4", f"DTM+{kind}:{day}:102", f"MOA+9:{amount}")]
    bill = only_bill(dated(*segments))
    assert [part.due for part in bill.instalments] == [date(2026, 11, 30), date(2026, 12, 31)]
    assert bill.due_date == date(2026, 11, 30)


def test_the_quantities_are_added_up():
    assert only_entry(ALICE_WATER.replace(b"CNT+2:2'", b"CNT+1:13'")).findings == only_entry(ALICE_WATER).findings
    entry = only_entry(ALICE_WATER.replace(b"CNT+2:2'", b"CNT+1:15'"))
    assert entry.bill is not None
    [told] = [finding for finding in entry.findings if finding.rule == "EDI-CNT-QUANTITY"]
    assert (told.severity, told.values) == ("warning", {"said": Decimal(15), "count": Decimal(13)})


def test_references_that_come_again_are_kept():
    more = ("ON:A-1", "ON:A-2", "ON:A-1", "AAK:L-1", "DQ:L-2", "CT:CONTRAT-8", "IV:F-1", "IV:F-2")
    written = "".join(f"RFF+{each}'\n" for each in more).encode()
    entry = only_entry(recounted(ALICE_WATER.replace(b"RFF+CT:", written + b"RFF+CT:", 1)))
    assert entry.bill is not None
    assert (entry.bill.order, entry.bill.despatch, entry.bill.contract) == ("A-1, A-2", "L-1, L-2", "CONTRAT-8")
    assert [each.number for each in entry.bill.preceding] == ["F-1", "F-2"]
    assert "CT CONTRAT-7" in [note.text for note in entry.bill.notes]
    assert "TERM-TWICE" in warnings(entry)
    twice = only_entry(recounted(ALICE_WATER.replace(b"RFF+VA:FR32303265045'", b"RFF+VA:FR32303265045'\nRFF+VA:X'")))
    assert twice.bill is not None
    assert twice.bill.seller.vat_id == "FR32303265045"
    meters = only_bill(recounted(ALICE_WATER.replace(b"RFF+MG:C-4411'", b"RFF+MG:C-4411'\nRFF+MG:C-4412'")))
    assert meters.lines[0].object_id.value == "C-4411"
    assert [(each.name, each.value) for each in meters.lines[0].attributes] == [("RFF MG", "C-4412")]

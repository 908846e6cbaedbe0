"""Delimited files: a telecom's bills to Alice (two lines), Bob, and Charlie, whose date is none."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bill import GROUP, Attribute
from issuers.file_layouts import DelimitedLayout
from issuers.profile import Profile
from tests.ingest.sample_files import CSV, TELECOM, fatal_rules, read, refusal, short

ONE_A_BILL = Profile(
    name="Banque",
    delimited=DelimitedLayout(
        columns={"number": 1, "issue_date": 2, "payable": 3, "buyer.name": 4},
        header=False, lines_per_bill="one", dates="%Y%m%d", decimal=".", delimiter="\t",
        constants={"currency": "EUR"},
    ),
)  # fmt: skip


def test_rows_of_one_number_are_one_bill():
    reading, entries = read(CSV, TELECOM)
    assert reading.format == "delimited"
    assert reading.whole
    assert [(e.number, e.place) for e in entries] == [
        ("T-1", "lines 2 to 3"), ("T-2", "line 4"), ("T-3", "line 5"),
    ]  # fmt: skip
    alice = entries[0].bill
    assert alice is not None
    assert (alice.totals.payable, alice.issue_date) == (Decimal("1234.56"), date(2026, 11, 3))
    assert [(line.name, line.net_amount) for line in alice.lines] == [
        ("Forfait « mobile »", Decimal("1000.00")), ("Appels, hors forfait", Decimal("28.80")),
    ]  # fmt: skip
    assert alice.buyer.identifiers[0].value == "CL-1"
    assert alice.buyer.address.city == "Nantes"
    assert alice.seller.name == "Télécom de l'Ouest"


def test_charlies_date_is_none_and_only_charlie_is_refused():
    _, [alice, bob, charlie] = read(CSV, TELECOM)
    assert alice.bill is not None
    assert bob.bill is not None
    assert charlie.bill is None
    [finding] = [f for f in charlie.findings if f.severity == "fatal"]
    assert (finding.rule, finding.place, finding.number) == ("DATE-INVALID", "line 5, column Date", "T-3")


def test_a_file_without_heading_goes_by_places():
    reading, [entry] = read("B-1\t20261102\t84.20\tÀlice Martin\n".encode(), ONE_A_BILL)
    assert reading.whole
    assert entry.bill is not None
    assert entry.bill.totals.payable == Decimal("84.20")
    assert entry.bill.buyer.name == "Àlice Martin"


def test_the_same_rows_quoted_otherwise_are_the_same_item():
    plain, quoted = (
        read(line, ONE_A_BILL)[1][0] for line in (b"B-1\t20261102\t1\tBob\n", b'"B-1"\t20261102\t"1"\tBob\r\n')
    )
    assert plain.body_sha == quoted.body_sha


def test_windows_encoding_and_a_bom():
    latin = Profile(delimited=msgspec.structs.replace(TELECOM.delimited, encoding="cp1252"))
    assert read(CSV.decode().encode("cp1252"), latin)[1][0].bill is not None
    assert read(b"\xef\xbb\xbf" + CSV, TELECOM)[1][0].number == "T-1"


def test_a_file_cut_inside_a_row_gives_nothing():
    reading, entries = read(CSV[:-30], TELECOM)
    assert refusal(reading) == "CSV-TRUNCATED"
    assert fatal_rules(entries[-1])[0] == "CSV-COLUMNS"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"9,99;CL-2", b"9.99;CL-2", "AMOUNT-INVALID"),
        (b"9,99;CL-2", b"NaN;CL-2", "AMOUNT-INVALID"),
        (b"9,99;CL-2", b"1e5;CL-2", "AMOUNT-INVALID"),
        (b"9,99;CL-2", b"12 34,5;CL-2", "AMOUNT-INVALID"),
        (b"9,99;CL-2", b"1234567890123456789012345678901;CL-2", "AMOUNT-RANGE"),
        (b"9,99;CL-2", b"9,99;oops;CL-2", "CSV-COLUMNS"),
        (b"9,99;CL-2", b";CL-2", "BR-15"),
        (b"T-2;03/11/2026", b"T-2;03/11/9999", "DATE-INVALID"),
        (b"T-2;03/11/2026", b"T-2;29/02/2025", "DATE-INVALID"),
        (b"T-2;03/11/2026", b"T-2;", "BR-03"),
        (b"T-2;03", b";03", "BR-02"),
    ],
    ids=short,
)
def test_what_is_wrong_with_bob_is_said_of_bob(old: bytes, new: bytes, rule: str):
    reading, [alice, bob, _] = read(CSV.replace(old, new), TELECOM)
    assert reading.whole
    assert alice.bill is not None
    assert bob.bill is None
    assert rule in fatal_rules(bob)


def test_rows_of_one_bill_must_agree():
    first, second, rest = CSV.partition(b"Forfait \xc2\xab")
    _, [alice, *_] = read(first + second + rest.replace(b"1 234,56", b"1 234,57"), TELECOM)
    assert fatal_rules(alice) == ["CSV-DIFFERS"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (CSV.replace(b"Bob", b"B\x00b"), "CSV-ENCODING"),
        (CSV.decode().encode("cp1252"), "CSV-ENCODING"),
        (CSV.replace(b"Bob Durand", b'"Bob Durand'), "CSV-BROKEN"),
        (CSV.replace(b"Bob", b"B" * 2_000_000), "CSV-BROKEN"),
        (CSV.replace("Échéance".encode(), b"Echeance"), "PROFILE-COLUMN"),
        (CSV.splitlines()[0] + b"\n", "FEED-EMPTY"),
        (b"\n\n", "FEED-EMPTY"),
    ],
    ids=short,
)
def test_a_file_that_does_not_fit_is_refused(content: bytes, rule: str):
    reading, _ = read(content, TELECOM)
    assert refusal(reading) == rule


def test_a_term_nobody_knows_names_the_profiles_key():
    wrong = Profile(delimited=msgspec.structs.replace(TELECOM.delimited, columns={"buyer.shoe_size": "Client"}))
    reading, _ = read(CSV, wrong)
    assert refusal(reading) == "PROFILE-TERM"
    assert reading.findings[0].place == "delimited.columns.buyer.shoe_size"


def test_without_a_profile_nobody_guesses():
    reading, entries = read(CSV)
    assert entries == []
    assert refusal(reading) == "FORMAT-UNKNOWN"
    assert "[delimited]" in reading.findings[0].message


def test_what_was_owed_and_received_before_counts_in_what_is_due():
    content = (
        "n;jour;total;du;solde;recu\n"
        "T-1;03/11/2026;100,00;115,00;40,00;25,00\n"
        "T-2;03/11/2026;100,00;60,00;;40,00\n"
        "T-3;03/11/2026;100,00;100,00;;\n"
    )
    columns = {
        "number": "n", "issue_date": "jour", "gross": "total", "payable": "du", "previous_balance": "solde",
        "payments": "recu",
    }  # fmt: skip
    profile = Profile(delimited=DelimitedLayout(columns=columns))
    _, entries = read(content.encode(), profile)
    bills = [entry.bill for entry in entries]
    assert all(bills), [entry.findings for entry in entries]
    assert [bill.totals.paid for bill in bills if bill] == [Decimal("-15.00"), Decimal("40.00"), None]
    assert bills[0] is not None
    assert (bills[0].totals.previous_balance, bills[0].totals.payments) == (Decimal("40.00"), Decimal("25.00"))


def test_a_group_is_an_attribute_of_the_item():
    """BG-32: so it goes with the line wherever the bill goes, and the page puts lines under it."""
    content = (
        "n;jour;du;libelle;ht;rubrique\n"
        "T-1;03/11/2026;11,00;Forfait;10,00;Abonnement\n"
        "T-1;03/11/2026;11,00;Duplicata;1,00;\n"
    )
    columns = {
        "number": "n", "issue_date": "jour", "payable": "du", "line.name": "libelle", "line.net_amount": "ht",
        "line.group": "rubrique",
    }  # fmt: skip
    _, [entry] = read(content.encode(), Profile(delimited=DelimitedLayout(columns=columns)))
    assert entry.bill is not None, entry.findings
    assert [line.attributes for line in entry.bill.lines] == [(Attribute(name=GROUP, value="Abonnement"),), ()]

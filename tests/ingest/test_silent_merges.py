"""What used to be merged in silence: numbers that a spreadsheet rounded, headings and fields that stand twice, rows of
one bill that stand apart. Alice and Bruno each get their own bill, whole, or none."""

from decimal import Decimal

import msgspec
import pytest

from ingest import FeedItem
from issuers.file_layouts import DelimitedLayout, JsonLayout, RecordLayout, RecordsLayout, XmlLayout
from issuers.profile import Profile, read_profile
from tests.ingest.sample_files import CSV, SAMPLES, TELECOM, fatal_rules, read, refusal, short, warnings, zipped

APART = read_profile((SAMPLES / "rows-apart.toml").read_text())
TWICE = read_profile((SAMPLES / "heading-twice.toml").read_text())
SORTED_BY_PRODUCT = (SAMPLES / "rows-apart.csv").read_bytes()
ROUNDED = Profile(
    delimited=DelimitedLayout(
        columns={
            "number": "Facture", "issue_date": "Date", "due_date": "Echeance", "payable": "A payer",
            "buyer.id": "Client", "buyer.name": "Nom", "buyer.postcode": "CP",
        },
        lines_per_bill="one", constants={"currency": "EUR"},
    ),
)  # fmt: skip


def lines(entry: FeedItem) -> list[tuple[str, Decimal | None]]:
    assert entry.bill is not None
    return [(line.name, line.net_amount) for line in entry.bill.lines]


def test_an_account_number_that_a_spreadsheet_rounded_is_none():
    reading, entries = read((SAMPLES / "rounded-by-a-spreadsheet.csv").read_bytes(), ROUNDED)
    assert reading.whole
    assert [(e.number, e.bill) for e in entries] == [("A-1", None), ("A-2", None)]
    [finding] = [f for f in entries[0].findings if f.severity == "fatal"]
    assert (finding.rule, finding.place) == ("NUMBER-ROUNDED", "line 2, column Client")


@pytest.mark.parametrize(
    "written",
    ["1,23E+06", "1.23E+06", "1,00E+15", "1e+21", "1.5E6", "-1,2E-03", "2,02611E+15", "####", "#N/A", "#REF!"],
)
@pytest.mark.parametrize("column", ["A-1", "C-7"])
def test_every_form_of_it_in_every_number(written: str, column: str):
    rows = "Facture;Date;Echeance;A payer;Client;Nom;CP\nA-1;02/11/2026;;1,00;C-7;Alice;44000\n"
    [entry] = read(rows.replace(column, written).encode(), ROUNDED)[1]
    assert fatal_rules(entry) == ["NUMBER-ROUNDED"]


@pytest.mark.parametrize("written", ['="0001234"', '"=""0001234"""', "'0001234", ' ="0001234" ', "0001234"])
def test_what_guards_a_number_from_a_spreadsheet_is_no_part_of_it(written: str):
    rows = "Facture;Date;Echeance;A payer;Client;Nom;CP\nA-1;02/11/2026;;1,00;C-7;'t Hooft d'Été;44000\n"
    [entry] = read(rows.replace("C-7", written).replace("44000", "'44000").encode(), ROUNDED)[1]
    assert entry.bill is not None
    buyer = entry.bill.buyer
    assert (buyer.identifiers[0].value, buyer.name, buyer.address.postcode) == ("0001234", "'t Hooft d'Été", "44000")


@pytest.mark.parametrize(
    "written", ["1001.0", "7,00", "1230001.000", "#WERT!", "#BEZUG!", "#NV", "#¡VALOR!", "#ДЕЛ/0!", "Err:502"]
)
@pytest.mark.parametrize("column", ["A-1", "C-7"])
def test_decimals_and_what_spreadsheets_of_other_languages_show(written: str, column: str):
    """`1001.0` without its point would be account 10010, which is somebody else's."""
    rows = "Facture;Date;Echeance;A payer;Client;Nom;CP\nA-1;02/11/2026;;1,00;C-7;Alice;44000\n"
    [entry] = read(rows.replace(column, written).encode(), ROUNDED)[1]
    assert fatal_rules(entry) == ["NUMBER-ROUNDED"]


@pytest.mark.parametrize("number", ["1e6", "1E6", "1001.0", "1.0e3"])
def test_a_json_number_that_was_reckoned_with_is_nobodys(number: str):
    said = '{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":1,"buyer":{"id":%s}}'
    [entry] = read((said % number).encode())[1]
    assert fatal_rules(entry) == ["NUMBER-ROUNDED"]
    [entry] = read((said % '"1e6"').encode())[1]  # a text is somebody's number
    assert entry.bill is not None


@pytest.mark.parametrize(
    "other", ["a payer", "A PAYER", "A  payer", "A\N{NO-BREAK SPACE}payer", "A payer\N{ZERO WIDTH SPACE}", "A payer "]
)
def test_headings_that_nobody_tells_apart_stand_twice(other: str):
    rows = f"Facture;Date;Echeance;A payer;{other};Client;Nom;CP\nA-1;02/11/2026;;1,00;2,00;C-7;Alice;44000\n"
    assert refusal(read(rows.encode(), ROUNDED)[0]) == "CSV-HEADING-TWICE"


@pytest.mark.parametrize("other", ["Payable", "PAYABLE", "payable ", " payable"])
def test_keys_that_nobody_tells_apart_stand_twice(other: str):
    said = '{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":1,"%s":%s}'
    assert fatal_rules(read((said % (other, "2")).encode())[1][0]) == ["TERM-TWICE", "BR-15"]
    assert read((said % (other, "1")).encode())[1][0].bill is not None
    nested = '{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":1,"buyer":{"id":"1","ID":"2"}}'
    assert fatal_rules(read(nested.encode())[1][0]) == ["TERM-TWICE"]
    half = (
        '{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":3,'
        '"lines":[{"name":"a","net_amount":1}],"Lines":[{"name":"b","net_amount":2}]}'
    )
    assert fatal_rules(read(half.encode())[1][0]) == ["TERM-TWICE"]


@pytest.mark.parametrize(
    "written", ["12E5", "1E10", "E+06", "1,23", "2026-11-000123", "1.2.3", "FR76+33", "#12", "007"]
)
def test_what_is_somebodys_number_stays_one(written: str):
    rows = f"Facture;Date;Echeance;A payer;Client;Nom;CP\nA-1;02/11/2026;;1,00;{written};Alice;44000\n"
    [entry] = read(rows.encode(), ROUNDED)[1]
    assert entry.bill is not None
    assert entry.bill.buyer.identifiers[0].value == written


def test_a_rounded_number_in_json_and_in_xml():
    [entry] = read(b'{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":1,"buyer":{"id":1.23E+06}}')[
        1
    ]
    assert fatal_rules(entry) == ["NUMBER-ROUNDED"]
    xml = Profile(xml=XmlLayout(bills="f", columns={"number": "n", "issue_date": "d", "payable": "p", "buyer.id": "c"}))
    [entry] = read(b"<r><f><n>X-1</n><d>2026-11-02</d><p>1</p><c>1,23E+06</c></f></r>", xml)[1]
    assert fatal_rules(entry) == ["NUMBER-ROUNDED"]


def table(*accounts: str) -> bytes:
    rows = [f"A-{n};02/11/2026;;1,00;{account};Alice {n};44000" for n, account in enumerate(accounts)]
    return "\n".join(["Facture;Date;Echeance;A payer;Client;Nom;CP", *rows, ""]).encode()


def test_numbers_that_lost_their_digits_refuse_the_feed():
    reading, _ = read(table("123456789012345000", "223456789012345000", "323456789012345000"), ROUNDED)
    assert refusal(reading) == "NUMBER-ROUNDED"
    reading, _ = read(table("123456789012345000", "223456789012345678", "323456789012345000"), ROUNDED)
    assert reading.whole
    assert not reading.findings


def test_one_long_round_number_is_told_and_taken():
    reading, [entry] = read(table("123456789012345000"), ROUNDED)
    assert reading.whole
    assert entry.bill is not None
    assert [(f.rule, f.severity, f.place) for f in reading.findings] == [("NUMBER-ROUNDED", "warning", "buyer.id")]


def test_zeros_that_may_be_lost_are_told():
    reading, _ = read(table("00123", "456"), ROUNDED)
    assert [(f.rule, f.values["width"]) for f in reading.findings] == [("NUMBER-WIDTHS", 5)]
    assert not read(table("00123", "45678", "123456"), ROUNDED)[0].findings
    assert not read(table("1", "22", "333"), ROUNDED)[0].findings


def test_a_heading_that_stands_twice_is_nobodys_to_choose():
    reading, entries = read((SAMPLES / "heading-twice.csv").read_bytes(), TWICE)
    assert not entries
    assert refusal(reading) == "CSV-HEADING-TWICE"
    [finding] = reading.findings
    assert (finding.place, finding.values["column"]) == ("line 1, column Montant", "Montant")


def test_headings_that_nobody_maps_may_stand_twice_and_places_tell_them_apart():
    assert read(b"Facture;Date;Client;Nom;Montant;;\nB-1;02/11/2026;1;Alice;120,00;;\n", TWICE)[0].whole
    columns = {**TWICE.delimited.columns, "payable": 6}
    by_place = Profile(delimited=msgspec.structs.replace(TWICE.delimited, columns=columns))
    [entry] = read((SAMPLES / "heading-twice.csv").read_bytes(), by_place)[1]
    assert entry.bill is not None
    assert entry.bill.totals.payable == Decimal("100.00")
    spaced = (SAMPLES / "heading-twice.csv").read_bytes().replace(b"Montant;Montant", b"Montant; Montant ")
    assert refusal(read(spaced, TWICE)[0]) == "CSV-HEADING-TWICE"


def test_rows_of_one_bill_that_stand_apart_are_put_together():
    reading, [alice, bruno] = read(SORTED_BY_PRODUCT, APART)
    assert reading.whole
    assert (alice.number, bruno.number) == ("C-1", "C-2")
    both = [("Abonnement", Decimal("30.00")), ("Consommation", Decimal("70.00"))]
    assert lines(alice) == lines(bruno) == both
    assert alice.place == "lines 2, 4"
    assert "BR-CO-10" not in warnings(alice)
    assert [f.rule for f in reading.findings] == ["NUMBER-APART"]


def test_put_together_in_a_container_too():
    _, [alice, bruno] = read(zipped(("mars.csv", SORTED_BY_PRODUCT)), APART)
    assert (len(lines(alice)), len(lines(bruno))) == (2, 2)


def test_a_table_that_is_there_twice_is_the_same_bills_twice():
    heading, *rows = SORTED_BY_PRODUCT.splitlines(keepends=True)
    in_order = [rows[0], rows[2], rows[1], rows[3]]
    _, entries = read(heading + b"".join(in_order * 2), APART)
    assert [e.number for e in entries] == ["C-1", "C-1", "C-2", "C-2"]
    assert entries[0].body_sha == entries[1].body_sha
    assert all(len(lines(e)) == 2 for e in entries)


def test_rows_that_come_again_among_others_are_nobodys_to_choose():
    heading, *rows = SORTED_BY_PRODUCT.splitlines(keepends=True)
    _, entries = read(heading + b"".join(rows * 2), APART)
    # They stay apart; the stage refuses numbers that come with several contents.
    assert sorted(e.number or "" for e in entries) == ["C-1"] * 4 + ["C-2"] * 4


def test_a_row_without_a_number_spoils_the_bill_before_it():
    """Cells that a spreadsheet merged: the number stands in the first row alone."""
    heading, first, *_ = SORTED_BY_PRODUCT.splitlines(keepends=True)
    [entry] = read(heading + first + b";;;;;;Consommation;70,00\n", APART)[1]
    assert fatal_rules(entry) == ["CSV-NO-NUMBER"]


def test_a_large_table_is_read_as_it_stands(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ingest.custom_formats.gather_scattered_rows.LARGEST_GATHERED", 100)
    _, entries = read(SORTED_BY_PRODUCT, APART)
    assert [e.number for e in entries] == ["C-1", "C-2", "C-1", "C-2"]


MUTUAL = read_profile((SAMPLES / "mutual-records.toml").read_text())
HEAD, ALICE_1, ALICE_2, ALICE_3, ALICE_4, *REST = (
    (SAMPLES / "mutual-records.txt").read_bytes().splitlines(keepends=True)
)


def test_records_of_one_bill_that_stand_apart_are_put_together():
    apart = b"".join([HEAD, ALICE_1, ALICE_2, ALICE_3, *REST[:4], ALICE_1, ALICE_4])
    no_trailer = Profile(records=msgspec.structs.replace(MUTUAL.records, trailer=None))
    _, entries = read(apart, no_trailer)
    assert [e.number for e in entries] == ["M-2026-002", "M-2026-001"]
    assert [name for name, _ in lines(entries[1])] == ["Santé, novembre", "Dentaire"]
    assert entries[1].place == "lines 2 to 4, 9 to 10"


def test_headers_that_disagree_refuse_all_of_their_bill():
    other = ALICE_1.replace(b"0000008420", b"0000008421")
    no_trailer = Profile(records=msgspec.structs.replace(MUTUAL.records, trailer=None))
    _, entries = read(b"".join([HEAD, ALICE_1, ALICE_2, ALICE_3, *REST[:4], other, ALICE_4]), no_trailer)
    assert [(e.number, e.bill is None) for e in entries] == [("M-2026-002", False), ("M-2026-001", True)]
    assert "CSV-DIFFERS" in fatal_rules(entries[1])


def test_fields_that_overlap_in_part_are_a_mistake_of_the_profile():
    kind = RecordLayout(role="row", columns={"number": (1, 10), "issue_date": (11, 8), "payable": (17, 10)})
    reading, _ = read(
        b"F-1       20261102    120.00\n", Profile(records=RecordsLayout(kinds={"": kind}, dates="%Y%m%d"))
    )
    assert refusal(reading) == "PROFILE-OVERLAP"
    within = RecordLayout(role="row", columns={
        "number": (1, 10), "order": (1, 3), "issue_date": (11, 8), "payable": (19, 10), "gross": (19, 10),
    })  # fmt: skip
    form = RecordsLayout(kinds={"": within}, dates="%Y%m%d", decimal=".")
    assert read(b"F-1       20261102    120.00\n", Profile(records=form))[0].whole


NAMED = {"number": "n", "issue_date": "d", "payable": "p", "buyer.name": "nom", "buyer.id": "c@id", "note": "mot"}
XML = Profile(xml=XmlLayout(bills="f", columns=NAMED))
ONE = b"<f><n>X-1</n><d>2026-11-02</d><p>1</p><nom>Alice</nom><c id='7'/></f>"


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (b"<nom>Alice</nom>", b"<nom>Alice</nom><nom>Bruno</nom>", ["TERM-TWICE"]),
        (b"<nom>Alice</nom>", b"<nom>Alice</nom><nom>Alice</nom>", []),
        (b"<p>1</p>", b"<p>1</p><p>2</p>", ["TERM-TWICE", "BR-15"]),
        (b"<n>X-1</n>", b"<n>X-1</n><n>X-2</n>", ["TERM-TWICE", "BR-02"]),
        (b"<c id='7'/>", b"<c id='7'/><c id='8'/>", ["TERM-TWICE"]),
        (b"<c id='7'/>", b"<mot>Bonjour,</mot><mot>Alice</mot>", []),
    ],
    ids=short,
)
def test_an_element_that_stands_twice_is_nobodys_to_choose(old: bytes, new: bytes, rules: list[str]):
    [entry] = read(b"<r>" + ONE.replace(old, new) + b"</r>", XML)[1]
    assert fatal_rules(entry) == rules


def test_a_list_in_json_where_one_value_belongs():
    bill = '{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":1,"buyer":{"name":%s}}'
    [entry] = read((bill % '["Alice","Bruno"]').encode())[1]
    assert fatal_rules(entry) == ["TERM-TWICE"]
    [entry] = read((bill % '{"first":"Alice"}').encode())[1]
    assert entry.bill is not None
    assert "JSON-NOT-A-VALUE" in warnings(entry)
    twice = Profile(json=JsonLayout(columns={"number": "n", "issue_date": "d", "payable": "p"}))
    assert refusal(read(b'{"n":"J-1","n":"J-2","d":"2026-11-02","p":1}\n', twice)[0]) == "JSON-BROKEN"


def test_a_manifest_says_each_thing_once():
    for name, content in [
        ("MANIFEST.csv", b"file;sum;sum\nmars.csv;1,00;2,00\n"),
        ("MANIFEST.json", b'{"files":[{"file":"mars.csv","count":1,"count":2}]}'),
    ]:
        reading, _ = read(zipped((name, content), ("mars.csv", CSV)), TELECOM)
        assert refusal(reading) == "MANIFEST-BROKEN"

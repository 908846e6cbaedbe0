"""Customer files as issuers send them: CSV by their profile, in their encoding, and JSON."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from msgspec import UNSET

from bill import PostalAddress
from ingest.customer_records import CustomerFileReading, CustomerItem, is_customer_file, open_customer_file
from issuers.customer_layout import CustomerLayout
from issuers.profile import read_profile
from issuers.profile_section import ProfileError
from tests.finding_sentences import check_said

PROFILE = """
[customers]
encoding = "cp1252"
removed = "NULL"
constants = { term = "BT-12" }

[customers.columns]
number = "N° contrat"
as_of = "Modifié le"
name = "Titulaire"
"postal_address.line1" = "Rue"
"postal_address.postcode" = "CP"
"postal_address.city" = "Ville"
"postal_address.from" = "À partir du"
email = "Courriel"
paper_by_right = "Papier de droit"
"""
HEAD = "N° contrat;Modifié le;Titulaire;Rue;CP;Ville;À partir du;Courriel;Papier de droit\r\n"


def read(content: bytes, form: CustomerLayout) -> tuple[CustomerFileReading, list[CustomerItem]]:
    reading = open_customer_file(io.BytesIO(content), form)
    items = list(reading)
    check_said([*reading.findings, *(finding for item in items for finding in item.findings)])
    return reading, items


def by_profile(text: str, encoding: str = "cp1252") -> tuple[CustomerFileReading, list[CustomerItem]]:
    return read((HEAD + text).encode(encoding), read_profile(PROFILE).customers)


def test_a_row_is_a_customer() -> None:
    reading, [alice, bruno] = by_profile(
        "CL-1001;03/03/2026 09:30;Alice Guérin;3 rue du Port;44000;Nantes;01/05/2026;alice@example.org;Oui\r\n"
        'CL-1002;03/03/2026;Bruno Petit;"8, rue de Siam";29200;Brest;;NULL;\r\n'
    )
    assert (reading.whole, reading.format, reading.findings) == (True, "customers, CSV", [])
    assert (alice.seq, alice.place, alice.findings) == (1, "line 2", ())
    assert alice.record is not None
    assert alice.record.as_of == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    assert (alice.record.term, alice.record.names, alice.record.paper_by_right) == ("BT-12", ("Alice Guérin",), "yes")
    assert alice.record.postal_address
    assert alice.record.postal_address.valid_from == date(2026, 5, 1)
    assert alice.record.postal_address.address == PostalAddress(line1="3 rue du Port", postcode="44000", city="Nantes")
    assert bruno.record is not None
    assert (bruno.record.email, bruno.record.paper_by_right) == (None, UNSET)


def test_utf8_against_the_declared_encoding_is_read_and_told() -> None:
    reading, [alice] = by_profile("CL-1001;;Alice Guérin;;;;;;\r\n", "utf-8")
    assert alice.record is not None
    assert alice.record.names == ("Alice Guérin",)
    assert [each.rule for each in reading.findings] == ["TEXT-ENCODING"]


def test_an_empty_cell_may_remove() -> None:
    form = read_profile(PROFILE.replace('removed = "NULL"', 'empty = "removed"')).customers
    _, [alice] = read((HEAD + "CL-1001;;Alice;;;;;;\r\n").encode("cp1252"), form)
    assert alice.record is not None
    assert (alice.record.email, alice.record.postal_address, alice.record.as_of) == (None, None, None)


def test_days_without_end_are_none() -> None:
    """A customer system that must have a date writes 31/12/9999 for `never`."""
    form = read_profile(
        PROFILE + '"postal_address.until" = "Jusqu\'au"\nclosed_on = "Clôture"\ndied_on = "Décès"\n'
    ).customers
    head = HEAD.replace("\r\n", ";Jusqu'au;Clôture;Décès\r\n")
    rows = (
        "CL-1001;03/03/2026;Alice;3 rue du Port;44000;Nantes;01/01/0001;;;31/12/9999;31/12/9999;31/12/9999\r\n"
        "CL-1002;03/03/2026;Bruno;;;;;;;31/12/2999;;\r\n"
        "CL-1003;03/03/2026;Charlie;;;;;;;;01/01/0001;31/12/2300\r\n"
        "CL-1004;01/01/0001;Denise;;;;;;;;;\r\n"
    )
    _, [alice, bruno, charlie, denise] = read((head + rows).encode("cp1252"), form)
    assert alice.record is not None
    assert alice.record.postal_address
    assert (alice.record.postal_address.valid_from, alice.record.postal_address.valid_until) == (None, None)
    assert (alice.record.closed_on, alice.record.died_on) == (None, None)
    assert [each.rule for each in bruno.findings] == ["CUSTOMER-ADDRESS"]
    assert [each.rule for each in charlie.findings] == ["CUSTOMER-DATE", "CUSTOMER-DATE"]
    assert [(each.rule, each.place) for each in denise.findings] == [("CUSTOMER-DATE", "line 5, as_of")]


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", " "])
def test_a_customer_file_is_told_by_its_headings_whatever_parts_them(delimiter: str) -> None:
    form = read_profile(
        f'[customers]\ndelimiter = "{delimiter}"\n[customers.columns]\nnumber = "Compte"\nname = "Titulaire"'
        .replace("\t", "\\t")
    ).customers  # fmt: skip
    assert is_customer_file(delimiter.join(["Compte", '"Titulaire"', "Divers"]).encode() + b"\r\n", form)
    assert not is_customer_file(delimiter.join(["Facture", "Titulaire", "Divers"]).encode() + b"\r\n", form)


def test_a_broken_row_is_refused_with_its_place_and_the_others_are_read() -> None:
    reading, items = by_profile(
        "CL-1001;03/03/2026;Alice\r\n"
        "CL-1002;31/02/2026;Bruno;;;;;;\r\n"
        "1,23E+06;03/03/2026;Charlie;;;;;;\r\n"
        ";03/03/2026;Nobody;;;;;;\r\n"
        "CL-1005;03/03/2026;Denise;;;;;;\r\n"
    )
    assert reading.whole
    assert [(item.place, [each.rule for each in item.findings]) for item in items] == [
        ("line 2", ["CSV-COLUMNS"]),
        ("line 3", ["CUSTOMER-DATE"]),
        ("line 4", ["NUMBER-ROUNDED"]),
        ("line 5", ["CUSTOMER-NUMBER"]),
        ("line 6", []),
    ]
    assert items[1].findings[0].place == "line 3, as_of"


def test_a_file_that_was_cut_off_is_not_whole() -> None:
    reading, _ = by_profile("CL-1001;03/03/2026;Alice;;;;;;\r\nCL-1002;03/03")
    assert not reading.whole
    assert [each.rule for each in reading.findings] == ["CSV-TRUNCATED"]


@pytest.mark.parametrize(
    ("profile", "rule"),
    [("", "PROFILE-CUSTOMERS"), (PROFILE.replace("Titulaire", "Nom du client"), "PROFILE-COLUMN")],
)
def test_a_profile_that_does_not_fit_is_told(profile: str, rule: str) -> None:
    reading, _ = read((HEAD + "CL-1001;;;;;;;;\r\n").encode("cp1252"), read_profile(profile).customers)
    assert not reading.whole
    assert [each.rule for each in reading.findings] == [rule]


ALICE = {"number": "CL-1001", "names": ["Alice Guérin"], "postal_address": {"line1": "3 rue du Port", "city": "Nantes"}}
BRUNO = {"number": 1002, "email": None, "large_print": True}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ALICE, BRUNO]),
        json.dumps({"customers": [ALICE, BRUNO]}, indent=1),
        f"{json.dumps(ALICE)}\n{json.dumps(BRUNO)}\n",
    ],
    ids=["array", "object", "lines"],
)
def test_json_in_its_three_forms(content: str) -> None:
    reading, [alice, bruno] = read(content.encode(), CustomerLayout())
    assert (reading.whole, reading.format) == (True, "customers, JSON")
    assert alice.record is not None
    assert bruno.record is not None
    assert alice.record.names == ("Alice Guérin",)
    assert (bruno.record.number, bruno.record.email, bruno.record.large_print) == ("1002", None, True)


def test_an_array_without_an_end_is_not_whole() -> None:
    reading, _ = read(json.dumps([ALICE, BRUNO])[:-10].encode(), CustomerLayout())
    assert not reading.whole
    assert [each.rule for each in reading.findings] == ["JSON-TRUNCATED"]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('columns = { number = "n", shoe = "s" }', "customers.columns.shoe"),
        ('columns = { name = "n" }', "customers.columns.number"),
        ('delimiter = "||"', "customers.delimiter"),
        ('encoding = "martian"', "customers.encoding"),
        ('time_zone = "Europe/Nantes"', "customers.time_zone"),
        ('dates = "%Q"', "customers.dates"),
        ("limits = { addresses = 20 }", "customers.limits.addresses"),
    ],
)
def test_a_wrong_table_is_refused_by_its_key(table: str, key: str) -> None:
    with pytest.raises(ProfileError) as wrong:
        read_profile(f"[customers]\n{table}")
    assert wrong.value.key == key


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "mac-roman", "cp850", "utf-16"])
def test_a_customer_file_is_known_whatever_encoding_its_headings_are_in(encoding: str) -> None:
    form = read_profile(PROFILE.replace('encoding = "cp1252"\n', "")).customers
    assert is_customer_file((HEAD + "CL-1001;;Alice\r\n").encode(encoding), form)


def test_bytes_that_are_no_utf_8_are_told_as_those_of_bills_are() -> None:
    form = read_profile(PROFILE.replace('encoding = "cp1252"\n', "")).customers
    reading, items = read((HEAD + "CL-1001;;Alice Guérin;;;;;;\r\n").encode("cp1252"), form)
    assert (items, reading.whole) == ([], False)
    assert [(each.rule, each.place) for each in reading.findings] == [("CSV-ENCODING", "after line 1")]

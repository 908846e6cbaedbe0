"""What the studio finds in Claire's sample files, and what it proposes for their fields."""

import pytest

from ingest.custom_formats.field_names import TERMS
from ingest.sample_inspection.inspect_sample import inspect_sample
from ingest.sample_inspection.value_kinds import NumberMarks, number_marks
from issuers.profile import Profile, read_profile
from issuers.profile_studio.sample_report import SampleReport
from tests.sample_layouts import FIXED, JSON, TABLE, XML


def proposed(report: SampleReport) -> dict[str, str]:
    """The titles (or places) of the fields by the terms proposed for them."""
    return {field.term: field.title or str(field.place) for field in report.fields if field.term}


def test_a_table_of_lines() -> None:
    report = inspect_sample(TABLE, Profile())
    assert (report.syntax, report.rows) == ("delimited", 3)
    assert report.settings == {
        "encoding": "cp1252", "delimiter": ";", "header": True, "lines_per_bill": "many", "decimal": ",",
        "thousands": " ", "dates": "%d/%m/%Y",
    }  # fmt: skip
    assert proposed(report) == {
        "number": "N° Facture", "issue_date": "Date", "due_date": "Échéance", "buyer.id": "N° client",
        "buyer.name": "Nom", "buyer.line1": "Adresse", "buyer.postcode": "CP", "buyer.city": "Ville",
        "buyer.email": "Courriel", "line.name": "Libellé", "line.quantity": "Qté", "line.net_amount": "Montant HT",
        "line.vat_rate": "TVA", "payable": "Net à payer", "payment.iban": "IBAN",
    }  # fmt: skip
    number = report.fields[0]
    assert (number.examples, number.filled) == (("F-1", "F-2"), 100)
    assert [each.code for each in number.evidence] == ["heading", "repeats"]
    assert report.terms == tuple(TERMS)


def test_the_total_with_vat_is_what_is_to_be_paid_where_no_column_says_so() -> None:
    alone = TABLE.decode("cp1252").replace("Net à payer", "TTC").encode("cp1252")
    assert proposed(inspect_sample(alone, Profile()))["payable"] == "TTC"
    beside = TABLE.decode("cp1252").replace("Montant HT", "Total TTC").encode("cp1252")
    both = proposed(inspect_sample(beside, Profile()))
    assert (both["payable"], both["gross"]) == ("Net à payer", "Total TTC")


def test_a_table_without_headings_is_proposed_by_its_values() -> None:
    content = b"\n".join(line for line in TABLE.splitlines()[1:])
    report = inspect_sample(content, Profile())
    assert report.settings["header"] is False
    assert {field.term: (field.place, field.evidence[0].code) for field in report.fields if field.term} == {
        "issue_date": (2, "date"), "due_date": (3, "date"), "buyer.postcode": (7, "postcode"),
        "buyer.email": (9, "email"), "payment.iban": (15, "iban"),
    }  # fmt: skip


def test_the_present_profile_comes_first() -> None:
    profile = read_profile(
        '[delimited]\n[delimited.columns]\nnumber = "N° client"\nissue_date = "Date"\npayable = "TVA"'
    )
    report = inspect_sample(TABLE, profile)
    assert proposed(report)["number"] == "N° client"
    assert report.fields[3].evidence[0].code == "present"


def test_records_of_fixed_width() -> None:
    report = inspect_sample(FIXED, Profile())
    assert (report.syntax, report.tag) == ("records", (1, 1))
    assert [(kind.tag, kind.count, kind.role) for kind in report.kinds] == [
        ("E", 1, "skip"), ("F", 2, "bill"), ("L", 3, "part"), ("T", 1, "skip"),
    ]  # fmt: skip
    assert report.settings == {
        "encoding": "cp1252", "decimal": ".", "thousands": "", "dates": "%Y%m%d", "decimals": 2,
    }  # fmt: skip
    assert {field.term: field.place for field in report.fields if field.term} == {
        "number": (2, 8), "issue_date": (10, 8), "buyer.postcode": (50, 5), "payable": (65, 10),
    }  # fmt: skip
    assert (18, 16) in [field.place for field in report.fields], "a name and its first name stay together"


def test_keys_of_json() -> None:
    report = inspect_sample(JSON, Profile())
    assert (report.syntax, report.settings["bills"], report.arrays) == (
        "json", "factures", {"line": "lignes", "vat": "tva"},
    )  # fmt: skip
    assert proposed(report) == {
        "number": "numero", "issue_date": "dateEmission", "buyer.name": "client.nom",
        "buyer.postcode": "client.codePostal", "payable": "netAPayer", "line.name": "libelle",
        "line.net_amount": "montantHT", "vat.rate": "taux", "vat.amount": "montant",
    }  # fmt: skip


def test_elements_of_xml() -> None:
    report = inspect_sample(XML, Profile())
    assert (report.syntax, report.settings["bills"], report.arrays) == ("xml", "facture", {"line": "lignes.ligne"})
    assert proposed(report) == {
        "number": "@numero", "issue_date": "date", "buyer.name": "client.nom", "buyer.postcode": "client.cp",
        "currency": "aPayer@devise", "payable": "aPayer", "line.name": "libelle", "line.net_amount": "montantHT",
    }  # fmt: skip


def test_a_standard_format_needs_no_layout() -> None:
    ubl = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    for content, name in ((ubl, "UBL"), (b"PK\x03\x04", "ZIP")):
        report = inspect_sample(content, Profile())
        assert (report.syntax, report.format) == ("standard", name)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\x01\x02abc", b"\xd0\xcf\x11\xe0\x00", b'{"a":', b"<a><b>", b"<!DOCTYPE a><a/>", b";\n;\n", b"[]",
        b"[1]", b"[" * 100_000, b"\xff\xfe", b"<a/>", b'{"a": ' * 50_000, b"\n\n \n",
        b"a;b;c\n" + b'"' + b"x" * 200_000,
    ],
)  # fmt: skip
def test_whatever_comes_is_told_and_never_raises(content: bytes) -> None:
    report = inspect_sample(content, Profile())
    assert report.syntax in ("unknown", "records", "delimited")
    assert (report.problem is not None) == (report.syntax == "unknown")


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        (["1 084,20", "20,00"], NumberMarks(",", " ")),
        (["1.084,20", "20,00"], NumberMarks(",", ".")),
        (["1,084.20", "3"], NumberMarks(".", ",")),
        (["84.20"], NumberMarks(".", "")),
        (["8420"], NumberMarks("", "")),
    ],
)
def test_marks_of_numbers(values: list[str], marks: NumberMarks) -> None:
    assert number_marks(values) == marks

"""Zoé Œuvrard's name, in every encoding that billing programs write, whatever they call it."""

import codecs
from decimal import Decimal

import msgspec
import pytest

from bill import Bill
from issuers.file_layouts import JsonLayout, RecordLayout, RecordsLayout, XmlLayout
from issuers.profile import Profile, read_profile
from tests.ingest.sample_files import SAMPLES, batch, fatal_rules, only_bill, read, refusal

WATER = read_profile((SAMPLES / "water-table.toml").read_text())
TABLE = (SAMPLES / "utf8-called-windows.csv").read_bytes().decode()
XML = (SAMPLES / "windows-letters-called-latin1.ubl.xml").read_bytes().decode("cp1252")
EDI = (SAMPLES / "utf8-in-unoc.edi").read_bytes().decode()
NAME = "Zoé Œuvrard"


def table(encoding: str) -> Profile:
    """The water company's profile, with another encoding."""
    assert WATER.delimited is not None
    return msgspec.structs.replace(WATER, delimited=msgspec.structs.replace(WATER.delimited, encoding=encoding))


def rules(content: bytes, profile: Profile | None = None) -> list[tuple[str, str]]:
    """What is said of the whole feed, but for the currency that some profiles here leave out."""
    return [(each.severity, each.rule) for each in read(content, profile)[0].findings if each.rule != "BR-05"]


def named(content: bytes, profile: Profile | None = None) -> str:
    return only_bill(content, profile).buyer.name


def declared(encoding: str, text: str = XML) -> str:
    return text.replace("ISO-8859-1", encoding)


# --- tables


def test_the_tables_as_they_were_found():
    def found(name: str, encoding: str) -> Bill:
        return only_bill((SAMPLES / f"{name}.csv").read_bytes(), table(encoding))

    for name, encoding in (
        ("utf8-called-windows", "cp1252"), ("utf16-with-mark", "utf-8"), ("end-of-file-mark", "utf-8"),
    ):  # fmt: skip
        bill = found(name, encoding)
        assert (bill.buyer.name, bill.buyer.address.line1) == (NAME, "3 allée des Chênes")
    assert found("windows-letters-called-latin1", "iso-8859-1").buyer.name == f"{NAME} 10 €"


@pytest.mark.parametrize("said", ["latin-1", "iso-8859-1", "ascii", "cp1252"])
@pytest.mark.parametrize("letters", ["Œ œ Š š Ž ž Ÿ ƒ", "€ ‚ „ … † ‡ ˆ ‰ ‹", "‘ ’ “ ” • – — ˜ ™ ›"])
def test_every_letter_of_windows_is_read(said: str, letters: str):
    assert named(TABLE.replace("Œuvrard", letters).encode("cp1252"), table(said)) == f"Zoé {letters}"


@pytest.mark.parametrize("said", ["iso-8859-1", "cp1252"])
def test_a_byte_that_is_no_letter_is_not_lost(said: str):
    assert refusal(read(TABLE.encode("cp1252").replace(b"\x8c", b"\x81"), table(said))[0]) == "CSV-ENCODING"


@pytest.mark.parametrize(
    "encoding", ["mac-roman", "iso-8859-15", "cp850", "cp858", "cp437", "cp1252", "utf-16", "cp500"]
)
def test_what_is_declared_is_read(encoding: str):
    text = TABLE.replace("Œuvrard", "Günther d’Été l’école À Â Ã" if encoding == "mac-roman" else "Günther d'Été")
    content = text.encode(encoding)
    assert rules(content, table(encoding)) == []
    assert named(content, table(encoding)) in ("Zoé Günther d'Été", "Zoé Günther d’Été l’école À Â Ã")


@pytest.mark.parametrize("said", ["cp1252", "latin-1", "iso-8859-15", "mac-roman", "cp850", "ascii"])
@pytest.mark.parametrize(
    "name", [NAME, "Łukasz Żak", "Đorđe Šarić", "Αλίκη Μ", "Алиса", "L’Haÿ–les “Roses”", "10 €", "東京"]
)
def test_utf8_under_a_one_byte_name_is_read_as_utf8_and_told(said: str, name: str):
    content = TABLE.replace(NAME, name).replace("é", "e").replace("ê", "e").encode()
    name = name.replace("é", "e")
    assert named(content, table(said)) == name
    assert rules(content, table(said)) == [("warning", "TEXT-ENCODING")]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("cp1250", "RĂŞINARI"), ("iso-8859-2", "CĂŞTI"), ("cp1251", "Вікторія Її"), ("koi8-r", "Алиса"),
        ("iso-8859-7", "Αλίκη"), ("cp1252", "IRMÃO ÂGÉ Ãé"), ("cp1252", "Åse Ängel"), ("mac-roman", "3 rue de l’école"),
        ("cp850", "Müller ÃÂ"),
    ],
)  # fmt: skip
def test_letters_of_the_declared_encoding_stay_what_they_are(said: str, name: str):
    content = TABLE.replace(NAME, name).replace("é", "e").replace("ê", "e").encode(said)
    assert rules(content, table(said)) == []
    assert named(content, table(said)) == name.replace("é", "e")


def test_rows_of_two_programs_are_each_read_as_written():
    heading, row = TABLE.encode("cp1252").splitlines(keepends=True)
    other = row.decode("cp1252").replace("K-3", "K-4").encode()
    mixed = row.replace(b"K-3", b"K-5").replace(b"Zo\xe9", "Zoé".encode())
    reading, entries = read(heading + row + other + mixed, table("cp1252"))
    assert [entry.bill.buyer.name for entry in entries] == [NAME] * 3
    [told] = reading.findings
    assert (told.place, told.values["count"], told.values["encoding"]) == ("line 3", 2, "cp1252")


def test_rows_far_apart_and_lines_across_blocks():
    heading, row = TABLE.encode().splitlines(keepends=True)
    many = heading + b"".join(row.replace(b"K-3", b"K-%d" % n) for n in range(3000))
    reading, entries = read(many, table("cp1252"))
    assert {entry.bill.buyer.name for entry in entries} == {NAME}
    assert reading.findings[0].values["count"] == 3000


MARKED = [
    ("utf-8-sig", b""), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE), ("utf-16-le", b""),
    ("utf-16-be", b""), ("utf-32-le", codecs.BOM_UTF32_LE), ("utf-32-be", codecs.BOM_UTF32_BE),
]  # fmt: skip


@pytest.mark.parametrize(("codec", "mark"), MARKED)
@pytest.mark.parametrize("said", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["", "\x1a", "\x1a\x1a\r\n", "\r\n\x1a"])
def test_a_byte_order_mark_wins_and_an_end_mark_is_passed_over(codec: str, mark: bytes, said: str, end: str):
    content = mark + (TABLE + end).encode(codec)
    assert rules(content, table(said)) == []
    assert named(content, table(said)) == NAME


def test_one_byte_ends_a_file_of_two_byte_characters():
    assert named(TABLE.encode("utf-16") + b"\x1a", table("utf-8")) == NAME


# --- records, JSON, the issuer's own XML

FIXED = Profile(
    records=RecordsLayout(
        kinds={"": RecordLayout("bill", {
            "number": (1, 8), "issue_date": (9, 10), "payable": (19, 8), "buyer.name": (27, 20),
        })}
    )
)  # fmt: skip
RECORD = f"F-1     02/11/2026  120,50{NAME:20}"


def test_records_of_fixed_width():
    def form(encoding: str, **more: int) -> Profile:
        assert FIXED.records is not None
        return Profile(records=msgspec.structs.replace(FIXED.records, encoding=encoding, **more))

    assert named(RECORD.encode("cp1252"), form("latin-1")) == NAME
    assert named(f"{RECORD}\r\n\x1a".encode(), form("cp1252")) == NAME
    assert rules(f"{RECORD}\r\n\x1a".encode(), form("cp1252")) == [("warning", "TEXT-ENCODING")]
    assert named(RECORD.encode(), form("cp1252", length=46)) == NAME
    for codec, mark in MARKED:
        assert named(mark + f"{RECORD}\x1a".encode(codec), form("utf-8", length=46)) == NAME
    own = RECORD.replace("Œ", "O").encode("cp500")
    _, entries = read(
        own + b"\x15" + own.replace("F-1".encode("cp500"), "F-2".encode("cp500")) + b"\x15", form("cp500")
    )
    assert [entry.number for entry in entries] == ["F-1", "F-2"]  # EBCDIC ends lines with NEL


def test_fields_of_fixed_width_that_utf8_may_have_moved_are_refused():
    """A program that counts bytes pads a name with accents with fewer blanks: whatever follows it would be cut."""
    assert FIXED.records is not None
    kind = RecordLayout("bill", {"number": (1, 8), "buyer.name": (9, 20), "issue_date": (29, 10), "payable": (39, 8)})
    form = Profile(records=msgspec.structs.replace(FIXED.records, encoding="cp1252", kinds={"": kind}))
    padded = NAME.encode() + b" " * (20 - len(NAME.encode()))
    records = b"F-1     %b02/11/2026  120,50\r\nF-2     Bob                 02/11/2026  120,50\r\n"
    reading, _ = read(records % padded, form)
    assert refusal(reading) == "CSV-ENCODING"
    reading, entries = read(records % f"{NAME:20}".encode(), form)
    assert reading.whole
    assert [(entry.bill.buyer.name, entry.bill.totals.payable) for entry in entries] == [
        (NAME, Decimal("120.50")), ("Bob", Decimal("120.50")),
    ]  # fmt: skip


JSON = f'{{"number": "J-1", "issue_date": "2026-11-02", "payable": 12.5, "buyer": {{"name": "{NAME}"}}}}'


@pytest.mark.parametrize("text", [JSON, f"[{JSON}]", f'{{"bills": [{JSON}]}}', f"{JSON}\n"])
def test_json(text: str):
    for codec, mark in MARKED:
        for end in ("", "\x1a", "\r\n\x1a\x1a"):
            assert named(mark + (text + end).encode(codec)) == NAME
    cp1252 = Profile(json=JsonLayout(encoding="cp1252"))
    latin = Profile(json=JsonLayout(encoding="latin-1"))
    assert named(text.encode("cp1252"), latin) == NAME
    assert named(text.encode(), cp1252) == NAME
    assert rules(text.encode(), cp1252) == [("warning", "TEXT-ENCODING")]
    assert named(text.replace("Œ", "\\u008c").encode()) == NAME


OWN = f'<?xml version="1.0" encoding="ISO-8859-1"?><x><f n="X-1"><d>2026-11-02</d><m>12.50</m><c>{NAME}</c></f></x>'
OWN_PROFILE = Profile(
    xml=XmlLayout(bills="f", columns={"number": "@n", "issue_date": "d", "payable": "m", "buyer.name": "c"})
)


def test_an_issuers_own_xml():
    check_xml(OWN, OWN_PROFILE)


# --- XML


def check_xml(xml: str, profile: Profile | None = None) -> None:
    """The name is there, whatever the declaration and the bytes say of the encoding."""
    for said, codec in (
        ("ISO-8859-1", "cp1252"), ("US-ASCII", "cp1252"), ("windows-1252", "cp1252"), ("latin1", "cp1252"),
        ("UTF-16", "utf-8"), ("UTF-16LE", "utf-8"), ("UTF-8", "utf-16"), ("UTF-8", "utf-16-le"), ("UTF-8", "utf-16-be"),
        ("UTF-16", "utf-16"), ("UTF-16", "utf-16-be"), ("ISO-8859-1", "utf-16"), ("UTF-8", "utf-8-sig"),
        ("ISO-8859-1", "utf-8-sig"), ("utf8", "utf-8"), ("unicode", "utf-16"), ("UTF-8", "utf-8"),
        ("ISO-8859-15", "iso-8859-15"), ("UTF-8", "utf-32"),
    ):  # fmt: skip
        for end in ("", "\x1a", "\n\x1a\x1a\r\n"):
            content = (declared(said, xml) + end).encode(codec)
            assert named(content, profile) == NAME, (said, codec, end)
            reading, [entry] = read(content, profile)
            assert "TEXT-ENCODING" not in [finding.rule for finding in (*reading.findings, *entry.findings)]
    for said in ("ISO-8859-1", "windows-1252", "ISO-8859-15", "macintosh"):
        reading, [entry] = read(declared(said, xml).encode(), profile)
        assert entry.bill.buyer.name == NAME
        assert [f.rule for f in (*reading.findings, *entry.findings)].count("TEXT-ENCODING") == 1
    macintosh = xml.replace("Œuvrard", "d’Été").replace("€", "")
    assert named(declared("macintosh", macintosh).encode("mac-roman"), profile) == "Zoé d’Été"
    assert named(declared("IBM850", macintosh.replace("’", "'")).encode("cp850"), profile) == "Zoé d'Été"


def test_xml_as_it_was_found():
    bill = only_bill((SAMPLES / "windows-letters-called-latin1.ubl.xml").read_bytes())
    assert (bill.buyer.name, bill.lines[0].name) == (NAME, "Prime 12 €")
    assert named((SAMPLES / "windows-letters-as-references.ubl.xml").read_bytes()) == "Alice€Martin – Co"


def test_xml_of_one_bill():
    check_xml(XML)


def test_xml_of_many_bills():
    def in_a_batch(text: str) -> str:
        prolog, _, body = text.partition("?>")
        return f"{prolog}?><factures>{body}</factures>"

    check_xml(in_a_batch(XML))
    both = in_a_batch(
        XML + XML.replace("E-10", "E-11").partition("?>")[2] + XML.replace("E-10", "E-12").partition("?>")[2]
    )
    _, entries = read(both.encode("cp1252"))
    assert [entry.bill.buyer.name for entry in entries] == [NAME] * 3


@pytest.mark.parametrize("before", ["\n", " \r\n\t", "\ufeff", "\ufeff\n", "\ufeff\ufeff"])
def test_what_stands_before_a_declaration_is_passed_over(before: str):
    """Scripts that join files, and templates with an empty first line, leave such things."""
    for content in (XML, XML.replace("<Invoice ", "<factures><Invoice ") + "</factures>"):
        assert named((before + declared("UTF-8", content)).encode()) == NAME
        assert named((before + declared("UTF-16", content)).encode("utf-16")) == NAME
    assert named((before + declared("UTF-8", OWN)).encode(), OWN_PROFILE) == NAME


@pytest.mark.parametrize("reference", ["&#140;", "&#x8C;", "\x8c"])
def test_a_control_character_is_the_letter_of_windows(reference: str):
    xml = declared("UTF-8").replace("Œ", reference)
    assert named(xml.encode()) == NAME
    assert [e.bill.buyer.name for e in read(batch(xml.encode(), xml.replace("E-10", "E-11").encode()))[1]] == [
        NAME,
        NAME,
    ]
    assert named(declared("UTF-8").replace("Œuvrard", "a&#133;z&#129;").encode()) == "Zoé a…z\N{REPLACEMENT CHARACTER}"


def test_a_byte_of_xml_that_is_no_letter_is_told():
    xml = XML.encode("cp1252").replace(b"\x8c", b"\x81")
    assert refusal(read(xml)[0]) == "TEXT-ENCODING"
    assert refusal(read(xml.replace(b'encoding="ISO-8859-1"', b'encoding="UTF-8"'))[0]) == "XML-MALFORMED"


# --- EDIFACT


def test_edifact_as_it_was_found():
    for name in ("windows-letters-in-unoc", "utf8-in-unoc"):
        bill = only_bill((SAMPLES / f"{name}.edi").read_bytes())
        assert (bill.buyer.name, bill.lines[0].name) == (NAME, "Electricité")
        assert rules((SAMPLES / f"{name}.edi").read_bytes()) == [("warning", "EDI-CHARSET")]
    assert named((SAMPLES / "byte-order-mark.edi").read_bytes()) == "Zoé Ouvrard"
    assert rules((SAMPLES / "byte-order-mark.edi").read_bytes()) == []


@pytest.mark.parametrize("said", ["UNOA", "UNOB", "UNOC", "UNOL", "UNOK"])
@pytest.mark.parametrize("codec", ["cp1252", "utf-8"])
def test_edifact_is_read_as_it_looks(said: str, codec: str):
    content = EDI.replace("UNOC", said).encode(codec)
    assert named(content) == NAME
    assert rules(content) == [("warning", "EDI-CHARSET")]


def test_edifact_with_marks():
    for codec, mark in MARKED:
        for text in (EDI, EDI.removeprefix("UNA:+.? '").lstrip()):
            for end in ("", "\x1a", "\r\n\x1a\x1a"):
                assert named(mark + (text + end).encode(codec)) == NAME
                assert rules(mark + (text + end).encode(codec)) == []


def test_joined_interchanges():
    one, two = EDI.replace("UNOC", "UNOY"), EDI.replace("UNOC", "UNOY").replace("E-3", "E-4")
    for joint in ("", "\r\n", "\ufeff", "\x1a", "\r\n\x1a\ufeff"):
        reading, entries = read((one + joint + two).encode("utf-8-sig"))
        assert reading.whole, reading.findings
        assert [entry.number for entry in entries] == ["E-3", "E-4"]


def test_letters_of_iso_8859_15_stay():
    assert named(EDI.replace("UNOC", "UNOL").encode("iso-8859-15")) == NAME
    assert rules(EDI.replace("UNOC", "UNOL").encode("iso-8859-15")) == []


def test_a_line_that_is_cut_is_still_refused():
    _, [entry] = read(TABLE.encode("utf-16")[:-60], table("utf-8"))
    assert fatal_rules(entry)

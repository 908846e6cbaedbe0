"""What a finding is about, as it stands in the sender's file: found by its place, marked by its values, cut."""

import gzip
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest

from tests.sample_feeds import batch, ubl
from untrusted.source_excerpt import ExcerptLine, source_excerpt

TABLE = "Facture;Client;Courriel\nF-1;Alice;alice@exemple.fr\nF-2;Bob;bob(at)exemple.fr\nF-3;Charlie;\n"
BATCH = batch([ubl("A-1"), ubl("A-2", gross=Decimal("99.00"))])


def marked(lines: list[ExcerptLine]) -> list[tuple[int, str]]:
    return [(line.number, line.marked) for line in lines if line.marked]


def test_a_line_of_a_table_stands_between_its_neighbours() -> None:
    lines = source_excerpt(TABLE.encode(), "line 3", ["bob(at)exemple.fr"])
    assert [line.number for line in lines] == [2, 3, 4]
    assert lines[1] == ExcerptLine(3, "F-2;Bob;", "bob(at)exemple.fr", "")
    assert lines[0].before == "F-1;Alice;alice@exemple.fr"


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ends: str) -> None:
    assert marked(source_excerpt(TABLE.replace("\n", ends).encode(), "line 3", ["Bob"])) == [(3, "Bob")]


@pytest.mark.parametrize("written", ["99.00", "99", "99,00"])
def test_an_amount_is_found_however_it_is_written(written: str) -> None:
    text = f"F-1;199.00;9900;{written};84.00\n".encode()
    assert marked(source_excerpt(text, "line 1", [Decimal(99)])) == [(1, written)]


def test_an_invoice_of_a_batch_in_one_line_is_found_by_its_number() -> None:
    one_line = BATCH.replace(b"\n", b"")
    [line] = [each for each in source_excerpt(one_line, "invoice 2, line 1", [Decimal(99)]) if each.marked]
    assert line.marked == "99.00"
    assert len(line.before) <= 91, "not the whole batch"
    assert "TaxInclusiveAmount" in line.before


def test_what_stands_in_another_invoice_is_not_marked() -> None:
    assert marked(source_excerpt(BATCH, "invoice 1, line 2", ["A-2"])) == []


def test_a_byte_that_is_no_character_is_shown_by_its_number() -> None:
    lines = source_excerpt("F-1;André\n".encode("cp1252"), "line 1", [])
    assert lines[0].after == "F-1;Andr\\xe9"


def test_what_is_packed_is_unpacked_a_little() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("autre.csv", "rien")
        archive.writestr("mars/a.csv", TABLE)
    assert marked(source_excerpt(packed.getvalue(), "mars/a.csv: line 3", ["Bob"])) == [(3, "Bob")]
    assert marked(source_excerpt(gzip.compress(TABLE.encode()), "line 3", ["Bob"])) == [(3, "Bob")]
    assert source_excerpt(gzip.compress(TABLE.encode())[:-30], "line 900", []) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "line 1"),
        (b"%PDF-1.7\x00\x01\x02\x03\x04\x05\x06\x07\x08", "line 1"),
        (TABLE.encode(), "line 5000"),
        (TABLE.encode(), "page 3"),
        (b"PK\x03\x04 and no archive", "a.csv: line 1"),
        (b"\x1f\x8b and no gzip", "line 1"),
    ],
)
def test_where_nothing_can_be_shown_nothing_is(content: bytes, place: str) -> None:
    assert source_excerpt(content, place, ["x"]) == []


def test_a_column_is_marked_where_the_parser_stopped() -> None:
    [line] = source_excerpt(b"<Invoice><a</Invoice>", "line 1, column 12", [])
    assert (line.before, line.marked) == ("<Invoice><a", "<")


def test_a_long_entry_is_looked_through_in_a_moment() -> None:
    """What a sender writes is a text to find, never a pattern; and a line of 16 MB is cut."""
    content = b"a" * (16 << 20)
    [line] = source_excerpt(content, "line 1", ["(a+)+$", "b" * 200, Decimal("1e3")])
    assert len(line.after) == 91

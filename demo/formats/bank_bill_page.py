"""Draws the bank's own PDF page as content stream operators (ISO 32000-1, 9.4); Factur-X is made of it."""

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
import reportlab
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name

from bill import ZERO, Bill, envelope_lines, spell_money, spell_number
from bill.money import NARROW, NBSP

ENCODING: Final = "cp1252"  # WinAnsiEncoding
_CODES: Final = range(32, 256)
_TYPEFACE: Final = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
#: A4 in points, and the margins, from the left and from the bottom.
PAPER: Final = (595, 842)
LEFT, MIDDLE, RIGHT, TOP = 57, 320, 538, 780


def draw(bill: Bill) -> bytes:
    """Return the content stream of a bill's page."""
    return b"\n".join([*_heads(bill), *_table(bill)])


def _heads(bill: Bill) -> Iterator[bytes]:
    seller, buyer, totals = bill.seller, bill.buyer, bill.totals
    yield _text(LEFT, TOP, 16, seller.name)
    yield from _column(LEFT, TOP - 18, [seller.address.line1, f"{seller.address.postcode} {seller.address.city}"])
    yield from _column(MIDDLE, TOP - 100, envelope_lines(buyer.name, buyer.address))
    yield _text(LEFT, TOP - 200, 16, spell_money(totals.payable, bill.currency))
    account = buyer.identifiers[0].value if buyer.identifiers else bill.contract
    yield from _column(LEFT, TOP - 220, [
        f"Facture {bill.number} du {bill.issue_date:%d/%m/%Y}, client {account}",
        f"Prélevé le {bill.due_date:%d/%m/%Y}" if totals.payable and bill.due_date else bill.terms,
    ])  # fmt: skip


def _table(bill: Bill) -> Iterator[bytes]:
    """Yield the operators of lines, totals and the reason for the VAT exemption."""
    height, totals = TOP - 280, bill.totals
    rows = [(f"{spell_number(line.quantity or ZERO)} × {line.name}", line.net_amount) for line in bill.lines]
    rows += [("Total hors TVA", totals.net), ("TVA", totals.vat), ("Total", totals.gross)]
    for words, amount in rows:
        yield _text(LEFT, height, 9, words)
        if amount is not None:
            yield _text(RIGHT, height, 9, spell_money(amount, bill.currency), from_right=True)
        height -= 15
    yield from _column(LEFT, height - 15, [each.exemption_reason for each in bill.vat])


def _column(x: float, y: float, lines: Sequence[str]) -> Iterator[bytes]:
    return (_text(x, y - 12 * place, 9, words) for place, words in enumerate(lines))


def _text(x: float, y: float, size: float, words: str, *, from_right: bool = False) -> bytes:
    code = words.replace(NARROW, NBSP).encode(ENCODING, "replace")
    if from_right:
        x -= sum(_widths()[each] for each in code) * size / 1000
    return b"BT /F1 %g Tf %.2f %.2f Td <%s> Tj ET" % (size, x, y, code.hex().encode())


@cache
def _widths() -> dict[int, int]:
    """Return the advance of each character code, in thousandths of the type size."""
    font = TTFont(_TYPEFACE)
    glyphs, scale = font.getBestCmap(), 1000 / font["head"].unitsPerEm
    names = {code: glyphs.get(ord(bytes([code]).decode(ENCODING, "replace")), ".notdef") for code in _CODES}
    return {code: round(font["hmtx"][name][0] * scale) for code, name in names.items()}


def typeface(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Embed a simple TrueType font with the Western European characters in *pdf*. Returns its object."""
    font = TTFont(_TYPEFACE, recalcTimestamp=False)
    subsetter = Subsetter(Options(hinting=False))
    subsetter.populate(text=bytes(_CODES).decode(ENCODING, "ignore"))
    subsetter.subset(font)
    content = BytesIO()
    font.save(content)
    scale = 1000 / font["head"].unitsPerEm
    head, name = font["head"], Name("/FCTEUR+Vera")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=32, ItalicAngle=0, StemV=80, CapHeight=730,
        FontBBox=[round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)],
        Ascent=round(font["hhea"].ascent * scale), Descent=round(font["hhea"].descent * scale),
        FontFile2=pdf.make_stream(content.getvalue()),
    )  # fmt: skip
    return pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=name, Encoding=Name.WinAnsiEncoding, FirstChar=_CODES.start,
        LastChar=_CODES.stop - 1, Widths=list(_widths().values()), FontDescriptor=pdf.make_indirect(descriptor),
    ))  # fmt: skip

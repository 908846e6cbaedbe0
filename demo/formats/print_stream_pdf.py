"""Writes the water service's print stream: one PDF of all bills of a day, a bookmark with the number on each."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import reportlab
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bill import ZERO, Bill, envelope_lines, spell_money, spell_number
from bill.money import NARROW, NBSP
from bill.payment.payment_instructions import is_collected

_FOLDER: Final = Path(reportlab.__file__).parent / "fonts"
_PLAIN, _BOLD = "Vera", "VeraBd"
_WATER, _SHALLOW, _INK, _QUIET = (HexColor(each) for each in ("#02669e", "#cfe6f2", "#18242b", "#5a6b75"))
_UNITS: Final = {"MTQ": "m³", "MON": "mois"}
#: A4 in points, and the margins.
_WIDTH, _HEIGHT, _LEFT, _RIGHT = 595, 842, 57, 538


def stream(bills: Sequence[Bill]) -> bytes:
    """Return one PDF, a page for each bill. Equal bills give equal bytes."""
    for face in (_PLAIN, _BOLD):
        pdfmetrics.registerFont(TTFont(face, _FOLDER / f"{face}.ttf"))
    content = BytesIO()
    canvas = Canvas(content, pagesize=(_WIDTH, _HEIGHT), pageCompression=1, invariant=1)
    canvas.setTitle("Factures")
    for bill in bills:
        canvas.bookmarkPage(bill.number)
        canvas.addOutlineEntry(f"Facture {bill.number}", bill.number)
        _head(canvas, bill)
        _table(canvas, bill)
        _foot(canvas, bill)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _head(canvas: Canvas, bill: Bill) -> None:
    """Draw sender, recipient, amount and due date."""
    canvas.setFillColor(_SHALLOW)
    canvas.rect(0, 742, _WIDTH, 100, stroke=0, fill=1)
    canvas.setFillColor(_WATER)
    wave = canvas.beginPath()
    wave.moveTo(0, 742)
    wave.curveTo(150, 790, 260, 720, 400, 752)
    wave.curveTo(480, 770, 540, 760, _WIDTH, 742)
    wave.close()
    canvas.drawPath(wave, stroke=0, fill=1)
    _write(canvas, _LEFT, 795, bill.seller.name, 20, _BOLD, _WATER)
    seller = bill.seller.address
    _write(canvas, _LEFT, 778, f"{seller.line1}, {seller.postcode} {seller.city}", 8, colour=_QUIET)
    for place, line in enumerate(envelope_lines(bill.buyer.name, bill.buyer.address)):
        _write(canvas, 320, 690 - 13 * place, line, 10)
    _write(canvas, _LEFT, 690, "À payer", 10, colour=_QUIET)
    _write(canvas, _LEFT, 660, spell_money(bill.totals.payable, bill.currency), 24, _BOLD)
    _write(canvas, _LEFT, 640, _when(bill), 10)
    _write(canvas, _LEFT, 590, f"Facture n° {bill.number} du {bill.issue_date:%d/%m/%Y}", 10, _BOLD)
    period = bill.period
    if period and period.start and period.end:
        span = f"Du {period.start:%d/%m/%Y} au {period.end:%d/%m/%Y}, abonné {bill.contract}"
        _write(canvas, _LEFT, 576, span, 9, colour=_QUIET)


def _when(bill: Bill) -> str:
    if not bill.due_date:
        return bill.terms
    if is_collected(bill):
        return f"Prélevé le {bill.due_date:%d/%m/%Y}, mandat {bill.payment.mandate}"
    return f"Avant le {bill.due_date:%d/%m/%Y}, référence {bill.payment.remittance}"


def _table(canvas: Canvas, bill: Bill) -> None:
    y = 540.0
    canvas.setStrokeColor(_WATER)
    canvas.line(_LEFT, y + 14, _RIGHT, y + 14)
    for words, amount, is_sum in _rows(bill):
        face = _BOLD if is_sum else _PLAIN
        _write(canvas, _LEFT, y, words, 9, face)
        _write(canvas, _RIGHT, y, amount, 9, face, from_right=True)
        y -= 18
    canvas.line(_LEFT, y + 10, _RIGHT, y + 10)


def _rows(bill: Bill) -> Iterator[tuple[str, str, bool]]:
    for line in bill.lines:
        unit = _UNITS.get(line.unit, line.unit)
        quantity = f"{spell_number(line.quantity or ZERO)} {unit}"
        yield f"{line.name}, {quantity}", spell_money(line.net_amount or ZERO, bill.currency), False
    for vat in bill.vat:
        yield f"TVA {spell_number(vat.rate or ZERO)} %", spell_money(vat.vat or ZERO, bill.currency), False
    yield "Total à payer", spell_money(bill.totals.payable, bill.currency), True


def _foot(canvas: Canvas, bill: Bill) -> None:
    contact = bill.seller.contact
    _write(canvas, _LEFT, 60, "Fuite ? Fermez le robinet d’arrêt, puis appelez, jour et nuit.", 8, colour=_QUIET)
    if contact:
        _write(canvas, _LEFT, 48, f"{contact.name} : {contact.phone}, {contact.email}", 8, colour=_QUIET)


def _write(
    canvas: Canvas, x: float, y: float, words: str, size: float, face: str = _PLAIN, colour: Color = _INK,
    *, from_right: bool = False,
) -> None:  # fmt: skip
    canvas.setFont(face, size)
    canvas.setFillColor(colour)
    words = words.replace(NARROW, NBSP)
    if from_right:
        canvas.drawRightString(x, y, words)
    else:
        canvas.drawString(x, y, words)

"""A peer of `bench.render`: the same bill with reportlab's platypus, embedded fonts and a QR code by segno.

Nothing is made slow on purpose: fonts, logo and styles are prepared once. It is a plain PDF, without PDF/A and XML.
"""

import io
from decimal import Decimal
from pathlib import Path
from typing import Final

import segno
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from bill import Bill, Brand, CreditTransfer, envelope_lines, spell_money, spell_number

FONTS: Final = Path(__file__).parents[2] / "render" / "type" / "fonts"
rl_config.useA85 = 0


class Platypus:
    """A brand's styles, fonts and logo, made once; `pdf_of` then makes one document for each bill."""

    def __init__(self, brand: Brand) -> None:
        for name, file in (("Text", "SourceSans3-Regular.ttf"), ("Strong", "SourceSans3-SemiBold.ttf")):
            pdfmetrics.registerFont(TTFont(name, FONTS / file))
        self.brand = brand
        self.colour = HexColor(brand.colour)
        self.logo = ImageReader(io.BytesIO(brand.logo or b""))
        self.text = ParagraphStyle("text", fontName="Text", fontSize=9, leading=11)
        self.strong = ParagraphStyle("strong", parent=self.text, fontName="Strong")
        self.title = ParagraphStyle("title", parent=self.strong, fontSize=15, leading=19, textColor=self.colour)
        self.figure = ParagraphStyle("figure", parent=self.strong, fontSize=28, leading=34)
        self.fine = ParagraphStyle("fine", parent=self.text, fontSize=6.5, leading=8)
        self.right = ParagraphStyle("right", parent=self.text, alignment=2)
        self.lines = TableStyle([
            ("FONT", (0, 0), (-1, 0), "Strong", 8.5), ("FONT", (0, 1), (-1, -1), "Text", 9),
            ("TEXTCOLOR", (0, 0), (-1, 0), self.colour), ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, self.colour), ("LINEBELOW", (0, 1), (-1, -1), 0.3, HexColor("#ccd3d6")),
            ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ])  # fmt: skip

    def pdf_of(self, bill: Bill, *, qr: bool = True) -> bytes:
        """Return a bill as a PDF. *qr* false leaves the QR code out, which costs about half as much as the rest."""
        out = io.BytesIO()
        window = Frame(100 * mm, 218 * mm, 90 * mm, 26 * mm, id="window", showBoundary=0)
        answer = Frame(20 * mm, 205 * mm, 70 * mm, 50 * mm, id="answer", showBoundary=0)
        body = Frame(20 * mm, 16 * mm, 170 * mm, 188 * mm, id="body", showBoundary=0)
        page = PageTemplate("page", [window, answer, body], onPage=self._draw_head)
        document = BaseDocTemplate(out, pagesize=A4, pageTemplates=[page], title=bill.number, author=self.brand.name,
                                   invariant=1)  # fmt: skip
        document.build([*self._head(bill), *self._table(bill), *self._sums(bill), *self._slip(bill, qr)])
        return out.getvalue()

    def _draw_head(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.drawImage(self.logo, 20 * mm, 269 * mm, 56 * mm, 16 * mm, preserveAspectRatio=True, anchor="sw")
        canvas.setFont("Text", 6.5)
        canvas.drawRightString(190 * mm, 10 * mm, f"page {document.page}")
        sender = self.brand.sender
        canvas.drawString(20 * mm, 265 * mm, self.brand.tagline)
        if sender is not None:
            place = f"{sender.address.line1} · {sender.address.postcode} {sender.address.city}"
            canvas.drawString(100 * mm, 246 * mm, f"{sender.name} · {place}")
            canvas.drawString(20 * mm, 10 * mm, f"{sender.name} · {sender.vat_id} · {place}")

    def _head(self, bill: Bill) -> list[Flowable]:
        day = f"{bill.due_date:%d/%m/%Y}" if bill.due_date else ""
        said = [
            ("Facture", bill.number),
            ("Date", f"{bill.issue_date:%d/%m/%Y}"),
            ("Numéro de client", bill.buyer.identifiers[0].value),
            ("Numéro de contrat", bill.contract),
        ]
        return [
            *(Paragraph(line, self.text) for line in envelope_lines(bill.buyer.name, bill.buyer.address)),
            FrameBreak(),
            Paragraph("À payer", self.text),
            Paragraph(spell_money(bill.totals.payable, bill.currency), self.figure),
            Paragraph(f"avant le {day}, par virement", self.strong),
            FrameBreak(),
            Table([[Paragraph(f"{label}<br/>{value}", self.text) for label, value in said]]),
            Paragraph(self.brand.message, self.text),
            Spacer(1, 4 * mm),
        ]

    def _table(self, bill: Bill) -> list[Flowable]:
        rows: list[list[object]] = [["Désignation", "Quantité", "Prix unitaire HT", "TVA", "Montant HT"]]
        rows += [
            [Paragraph(line.name, self.text), f"{_number(line.quantity)} kWh", _number(line.net_price),
             f"{_number(line.vat_rate)} %", _number(line.net_amount, 2)]
            for line in bill.lines
        ]  # fmt: skip
        widths = [80 * mm, 25 * mm, 26 * mm, 14 * mm, 25 * mm]
        return [Table(rows, colWidths=widths, style=self.lines, repeatRows=1), Spacer(1, 3 * mm)]

    def _sums(self, bill: Bill) -> list[Flowable]:
        rows = [["TVA", "Base HT", "TVA"]]
        rows += [[f"{_number(part.rate)} %", _number(part.taxable, 2), _number(part.vat, 2)] for part in bill.vat]
        totals = [["Total", ""], ["Total HT", _number(bill.totals.net, 2)], ["TVA", _number(bill.totals.vat, 2)],
                  ["Total TTC", spell_money(bill.totals.payable, bill.currency)],
                  ["À payer", spell_money(bill.totals.payable, bill.currency)]]  # fmt: skip
        sides = [Table(rows, style=self.lines), Table(totals, style=self.lines)]
        return [KeepTogether([Table([sides], colWidths=[85 * mm, 85 * mm])]), Spacer(1, 5 * mm)]

    def _slip(self, bill: Bill, qr: bool) -> list[Flowable]:
        transfer = bill.payment.transfers[0]
        said = [
            ("Bénéficiaire", bill.seller.name),
            ("Montant", spell_money(bill.totals.payable, bill.currency)),
            ("IBAN", transfer.iban),
            ("Référence", bill.payment.remittance),
        ]
        values = [Paragraph(f"{label}<br/>{value}", self.text) for label, value in said]
        code = Code(bill, transfer) if qr else ""
        help_lines = [Paragraph(line, self.text) for line in self.brand.help_lines]
        return [
            KeepTogether([
                Paragraph("Payer cette facture", self.title),
                Table([[code, values, help_lines]], colWidths=[45 * mm, 85 * mm, 40 * mm]),
                Paragraph("Scannez avec l’application de votre banque", self.fine),
                Paragraph(self.brand.legal_text, self.fine),
            ])
        ]  # fmt: skip


class Code(Flowable):
    """The payment QR code by segno, which takes a quarter of the time of reportlab's own."""

    side = 32 * mm

    def __init__(self, bill: Bill, transfer: CreditTransfer) -> None:
        super().__init__()
        payload = ["BCD", "002", "1", "SCT", "", bill.seller.name, transfer.iban, f"EUR{bill.totals.payable:.2f}", "",
                   "", bill.payment.remittance]  # fmt: skip
        self.matrix = segno.make("\n".join(payload), error="m", micro=False).matrix

    def wrap(self, *_: float) -> tuple[float, float]:
        """Return the size of the code (reportlab's interface)."""
        return self.side, self.side

    def draw(self) -> None:
        """Draw the code (reportlab's interface)."""
        module = self.side / len(self.matrix)
        dark = self.canv.beginPath()
        for row, modules in enumerate(self.matrix, 1):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    dark.rect(column * module, self.side - row * module, module, module)
        self.canv.drawPath(dark, stroke=0, fill=1)


def _number(value: Decimal | None, places: int | None = None) -> str:
    return "" if value is None else spell_number(value, "fr", places)

"""A peer of `bench.render`: the same bill as a web page, printed by WeasyPrint to PDF/A-3b with XML.

Style sheet, fonts and logo are read once.
"""

import base64
from html import escape
from pathlib import Path

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from bench.peers.bill_text import HEADS, content_of
from bill import Bill, Brand

FONTS = Path(__file__).parents[2] / "render" / "type" / "fonts"


class WebPage:
    """A brand's style sheet, made once; `pdf_of` makes one document for each bill."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        self.fonts = FontConfiguration()
        self.style = CSS(string=_STYLE % {"colour": brand.colour, "fonts": FONTS.as_uri()}, font_config=self.fonts)
        self.logo = f"data:image/png;base64,{base64.b64encode(brand.logo or b'').decode()}"

    def pdf_of(self, bill: Bill) -> bytes:
        """Return a bill as a PDF."""
        said = content_of(bill)
        page = _PAGE.format(
            title=said.number, logo=self.logo, window="<br>".join(map(escape, said.window)), amount=said.amount,
            due=said.due, facts=_pairs(said.facts), message=escape(self.brand.message),
            heads=_row(HEADS, "th"), lines="".join(map(_row, said.lines)), vat="".join(map(_row, said.vat)),
            totals="".join(map(_row, said.totals)), code=said.code.decode(), slip=_pairs(said.slip),
            help="<br>".join(map(escape, self.brand.help_lines)), legal=escape(self.brand.legal_text),
            tagline=escape(self.brand.tagline), sender=said.sender, identity=said.identity, scan=said.scan,
        )  # fmt: skip
        xml = Attachment(string=said.xml.decode(), name="factur-x.xml", relationship="Alternative")
        made = HTML(string=page).write_pdf(
            stylesheets=[self.style], font_config=self.fonts, pdf_variant="pdf/a-3b", attachments=[xml]
        )
        return bytes(made)


def _row(cells: tuple[str, ...], kind: str = "td") -> str:
    return f"<tr>{''.join(f'<{kind}>{escape(cell)}</{kind}>' for cell in cells)}</tr>"


def _pairs(pairs: list[tuple[str, str]]) -> str:
    return "".join(f"<p><small>{label}</small><br>{escape(value)}</p>" for label, value in pairs)


_PAGE = """<html lang="fr"><title>{title}</title><img src="{logo}" alt=""><p class="fine">{tagline}</p>
<address><span class="fine">{sender}</span><br>{window}</address><section class="answer"><p>À payer</p><b>{amount}</b><p>{due}</p></section>
<section class="facts">{facts}</section><p class="message">{message}</p>
<table class="lines"><thead>{heads}</thead>{lines}</table>
<section class="sums"><table><tr><th>TVA</th><th>Base HT</th><th>TVA</th></tr>{vat}</table><table>{totals}</table></section>
<h2>Payer cette facture</h2><section class="slip"><div class="code">{code}</div><div>{slip}</div><p>{help}</p></section>
<p class="fine">{scan}</p><p class="legal">{legal}</p><p class="fine">{identity}</p></html>"""
_STYLE = """
@font-face {font-family: Text; src: url(%(fonts)s/SourceSans3-Regular.ttf)}
@font-face {font-family: Text; font-weight: bold; src: url(%(fonts)s/SourceSans3-SemiBold.ttf)}
@page {size: A4; margin: 12mm 20mm 16mm; @bottom-right {content: "page " counter(page); font: 6.5pt Text}}
body {font: 9pt/11pt Text; margin: 0} img {width: 56mm} p {margin: 0}
address {position: absolute; left: 80mm; top: 43mm; font-style: normal}
.answer {position: absolute; top: 34mm; border-left: 1mm solid %(colour)s; padding-left: 4mm; font-size: 14pt}
.answer b {font-size: 28pt; line-height: 34pt} .facts {margin-top: 75mm; display: flex; gap: 20mm}
.message {border-left: 1mm solid %(colour)s; padding-left: 3mm; margin: 4mm 0} small {font-size: 7.5pt}
table {border-collapse: collapse; width: 100%%} th, td {text-align: right; padding: 1pt 0; border-bottom: .3pt solid #ccd3d6}
th:first-child, td:first-child {text-align: left} th {color: %(colour)s} .sums {margin-top: 3mm} .sums table {width: 48%%; float: left; margin-right: 2%%}
h2 {clear: both; padding-top: 6mm; color: %(colour)s; font-size: 15pt; margin: 8mm 0 2mm} .slip {display: flex; gap: 8mm} .code {width: 32mm}
.fine {font-size: 6.5pt} .legal {font-size: 6.5pt; line-height: 8pt; margin-top: 4mm}
"""

"""A peer of `bench.render`: the same bill as a typst document, PDF/A-3b with XML, by one compiler with warm caches."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from bench.peers.bill_text import HEADS, content_of
from bill import Bill, Brand

FONTS = Path(__file__).parents[2] / "render" / "type" / "fonts"


class TypstPage:
    """A brand's document, compiled with each bill's texts as its input."""

    def __init__(self, brand: Brand) -> None:
        self._folder = TemporaryDirectory()
        root = Path(self._folder.name)
        (root / "logo.png").write_bytes(brand.logo or b"")
        (root / "bill.typ").write_text(_DOCUMENT, encoding="utf-8")
        self.compiler = typst.Compiler(
            str(root / "bill.typ"), root=str(root), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
        self.brand = {
            "colour": brand.colour, "tagline": brand.tagline, "message": brand.message, "help": brand.help_lines, "legal": brand.legal_text,
        }  # fmt: skip

    def pdf_of(self, bill: Bill) -> bytes:
        """Return a bill as a PDF."""
        said = content_of(bill)._asdict()
        words = said | self.brand | {"heads": HEADS, "code": said["code"].decode(), "xml": said["xml"].decode()}
        made = self.compiler.compile(format="pdf", sys_inputs={"bill": json.dumps(words)}, pdf_standards="a-3b")
        assert isinstance(made, bytes)
        return made


_DOCUMENT = """
#let b = json(bytes(sys.inputs.bill))
#let own = rgb(b.colour)
#set document(title: b.number, date: datetime(year: 2026, month: 11, day: 4))
#set page(paper: "a4", margin: (x: 20mm, top: 12mm, bottom: 16mm),
  footer: text(6.5pt)[#b.identity #h(1fr) #context [page #counter(page).display()]])
#set text(font: "Source Sans 3", size: 9pt, lang: "fr")
#pdf.attach("factur-x.xml", bytes(b.xml), relationship: "alternative", mime-type: "text/xml", description: "Factur-X")
#let pairs(list) = list.map(pair => [#text(7.5pt, pair.at(0)) \\ #pair.at(1)])
#let rows(list) = list.flatten().map(cell => [#cell])
#image("logo.png", width: 56mm, alt: "logo")
#text(7.5pt, b.tagline)
#place(top + left, dx: 80mm, dy: 39mm, text(6.5pt, b.sender))
#place(top + left, dx: 80mm, dy: 43mm, b.window.join(linebreak()))
#place(top + left, dy: 34mm, block(stroke: (left: 1mm + own), inset: (left: 4mm))[
  #text(14pt)[À payer] \\ #text(28pt, weight: 600, b.amount) \\ #text(14pt, b.due)])
#v(66mm)
#grid(columns: 4, column-gutter: 12mm, ..pairs(b.facts))
#block(stroke: (left: 1mm + own), inset: (left: 3mm), b.message)
#table(columns: (1fr, 25mm, 26mm, 14mm, 25mm), align: (x, y) => if x == 0 { left } else { right },
  stroke: (x, y) => (bottom: .3pt + rgb("#ccd3d6")), inset: (x: 0pt, y: 2pt),
  table.header(..b.heads.map(head => text(own, weight: 600, head))), ..rows(b.lines))
#grid(columns: (1fr, 1fr), column-gutter: 8mm,
  table(columns: (1fr, 1fr, 1fr), align: right, stroke: none, [TVA], [Base HT], [TVA], ..rows(b.vat)),
  table(columns: (1fr, 1fr), align: (left, right), stroke: none, ..rows(b.totals)))
#text(15pt, own, weight: 600)[Payer cette facture]
#grid(columns: (32mm, 1fr, 40mm), column-gutter: 8mm, image(bytes(b.code), format: "svg", width: 32mm, alt: "QR"),
  stack(spacing: 3mm, ..pairs(b.slip)), b.help.join(linebreak()))
#text(7.5pt, b.scan)

#text(6.5pt, b.legal)
"""

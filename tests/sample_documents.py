"""Documents that people bring in: foreign invoices, and plain ones of our own making."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

SAMPLES: Final = Path(__file__).parent / "imported_documents"

#: A plumber's bill that says everything twice and in so many words.
PLUMBER: Final = (
    "Martin Plomberie SARL", "4 rue du Puits, 44000 Nantes", "SIRET 303 265 045 00012", "Facture n° 2026-117",
    "Date de facture : 02/03/2026", "Date d'échéance : 01/04/2026", "Remplacement du mitigeur 1 150,00 €",
    "Total HT 150,00 €", "TVA 20 % 30,00 €", "Total TTC 180,00 €", "Net à payer 180,00 €",
    "IBAN FR76 3000 6000 0112 3456 7890 189",
)  # fmt: skip


def document(name: str) -> bytes:
    """A foreign document by its file name."""
    return (SAMPLES / name).read_bytes()


def plain_pdf(lines: Sequence[str] = PLUMBER) -> bytes:
    """A PDF of these lines, which is no electronic invoice."""
    out = io.BytesIO()
    pen = canvas.Canvas(out, pagesize=A4, invariant=1)
    for n, line in enumerate(lines):
        pen.drawString(60, 780 - 18 * n, line)
    pen.showPage()
    pen.save()
    return out.getvalue()


def with_script(pdf: bytes) -> bytes:
    """The same document with a script that runs when it is opened."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        opened.save(out, deterministic_id=True)
    return out.getvalue()

"""Rasterises the first and last page of a PDF to PNG, for brand previews on screen.

Nothing that is archived or printed is made from these images.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image

from render.canvas.page_geometry import WIDTH, mm

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_INCH: Final = mm(25.4)


def page_images(pdf: bytes, width: int) -> list[bytes]:
    """Return PNGs, *width* pixels wide, of a PDF's first page and, where there are several, its last."""
    import pypdfium2  # PDFium is 8 MB, and only previews need it

    with pypdfium2.PdfDocument(pdf) as document:
        return [_picture(document[number], width) for number in sorted({0, len(document) - 1})]


def _picture(page: "PdfPage", width: int) -> bytes:
    dots = width * _INCH / WIDTH
    out = BytesIO()
    page.render(scale=dots / 72).to_pil().quantize(256, Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()

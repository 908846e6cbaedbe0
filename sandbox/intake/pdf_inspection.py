"""Inspects the PDF of one bill: whether it may be shown as it is, its page count, text and archival defects."""

import json

from sandbox.intake.active_content import is_active
from sandbox.intake.page_text import page_text
from sandbox.intake.pdfa_pdfua_defects import archival_defects
from sandbox.intake.refusal import Refused


def look(path: str) -> bytes:
    """Return JSON with `pages`, `text` and `lacks`; raises Refused when it is encrypted, active or has no pages."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        if pdf.is_encrypted:
            raise Refused("e")
        if any(is_active(each) for each in pdf.objects):
            raise Refused("a")
        pages = len(pdf.pages)
        if not pages:
            raise Refused("b")
        lacks = archival_defects(pdf)
    with open(path, "rb") as file:  # noqa: PTH123 - one module less in every child
        return json.dumps({"pages": pages, "text": page_text(file)[0], "lacks": lacks}).encode()

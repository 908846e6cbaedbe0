"""Joins PDFs with pikepdf: several bills in one file."""

import io
from collections.abc import Iterable

import pikepdf


def join_pdfs(pdfs: Iterable[bytes]) -> bytes:
    """Return one PDF with the pages of all *pdfs*, in order."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for pdf in pdfs:
            with pikepdf.open(io.BytesIO(pdf)) as source:
                made.pages.extend(source.pages)
        made.save(out, deterministic_id=True)
    return out.getvalue()

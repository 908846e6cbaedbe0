"""Finds the XML invoices attached to a PDF (Factur-X, ZUGFeRD, XRechnung)."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from sandbox.intake.refusal import Refused

#: How Factur-X, ZUGFeRD and XRechnung name the invoice inside the PDF.
INVOICE_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml", "ubl.xml")
#: The most bytes of all XML files of one PDF.
MOST_XML: Final = 48_000_000


def invoices(path: str) -> bytes:
    """Return the length of a JSON part in four bytes, the JSON, and the XML invoices attached to the PDF at *path*, one
    after the other; raises Refused `n` when there is none.

    The JSON is a list of [file name, length, whether the name is one of an invoice], the best name first. Files of
    equal content are given once.
    """
    import pikepdf

    with pikepdf.open(path) as pdf:
        files = [(name, file) for name, file in (*_attached(pdf), *_associated(pdf)) if name.lower().endswith(".xml")]
        files.sort(key=lambda each: _rank(each[0]))
        found: dict[bytes, str] = {}
        for name, file in files:
            content = file()
            if _rank(name) < len(INVOICE_NAMES) or b"Invoice" in content or b"CrossIndustry" in content:
                found.setdefault(content, name)
            if sum(map(len, found)) > MOST_XML:
                raise Refused("b")
    if not found:
        raise Refused("n")
    said = json.dumps([[name, len(content), _rank(name) < len(INVOICE_NAMES)] for content, name in found.items()])
    return len(said.encode()).to_bytes(4, "big") + said.encode() + b"".join(found)


def _rank(name: str) -> int:
    lower = name.lower()
    return INVOICE_NAMES.index(lower) if lower in INVOICE_NAMES else len(INVOICE_NAMES)


def _attached(pdf: Any) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the files embedded in the document by name, each with a call that gives its bytes."""
    for name, spec in pdf.attachments.items():
        yield spec.filename or name, spec.get_file().read_bytes


def _associated(pdf: Any) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the associated files (/AF) of the document by name, each with a call that gives its bytes."""
    for spec in pdf.Root.get("/AF", []):
        for key in ("/UF", "/F"):
            if key in spec and key in spec.get("/EF", {}):
                yield str(spec[key]), spec["/EF"][key].read_bytes

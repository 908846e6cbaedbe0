"""Finds the XML invoice attached to a PDF (Factur-X, ZUGFeRD, XRechnung)."""

from collections.abc import Callable
from typing import Any, Final

from sandbox.intake.refusal import Refused

#: How Factur-X, ZUGFeRD and XRechnung name the invoice inside the PDF.
INVOICE_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml", "ubl.xml")


def invoice(path: str) -> bytes:
    """Return the bytes of the XML invoice attached to the PDF at *path*; raises Refused `n` when there is none."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        files = {**_attached(pdf), **_associated(pdf)}
        for known in INVOICE_NAMES:
            for name, file in files.items():
                if name.lower() == known:
                    return file()
        for name, file in files.items():
            if name.lower().endswith(".xml") and (b"Invoice" in (content := file()) or b"CrossIndustry" in content):
                return content
    raise Refused("n")


def _attached(pdf: Any) -> dict[str, Callable[[], bytes]]:
    """Return the files embedded in the document by name, each with a call that gives its bytes."""
    return {name: spec.get_file().read_bytes for name, spec in pdf.attachments.items()}


def _associated(pdf: Any) -> dict[str, Callable[[], bytes]]:
    """Return the associated files (/AF) of the document by name, each with a call that gives its bytes."""
    found = {}
    for spec in pdf.Root.get("/AF", []):
        for key in ("/UF", "/F"):
            if key in spec and key in spec.get("/EF", {}):
                found[str(spec[key])] = spec["/EF"][key].read_bytes
    return found

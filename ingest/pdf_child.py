"""Opens PDFs in a process of its own, under limits: `python -I pdf_child.py`, a path a line on stdin.

A hostile PDF can loop, or unpack to gigabytes; then this process dies and the feed goes on. Each answer on stdout is
one letter (`x` XML found, `n` none, `e` encrypted, `b` broken), the length in eight bytes, and the XML.
"""

import resource
import sys
from collections.abc import Callable
from typing import Any, Final

MOST_MEMORY: Final = 512 * 1024 * 1024
MOST_CPU_SECONDS: Final = 5
#: How Factur-X, ZUGFeRD and XRechnung name the invoice inside the PDF.
INVOICE_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml", "ubl.xml")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        allowed = int(used.ru_utime + used.ru_stime) + MOST_CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        kind, content = invoice_in(line.rstrip("\n"))
        sys.stdout.buffer.write(kind + len(content).to_bytes(8, "big") + content)
        sys.stdout.buffer.flush()


def invoice_in(path: str) -> tuple[bytes, bytes]:
    """The letter of the answer, and the invoice's XML."""
    import pikepdf  # after the limits are set, so that they hold for all it does

    try:
        with pikepdf.open(path) as pdf:
            files = {**attached(pdf), **associated(pdf)}
            for known in INVOICE_NAMES:
                for name, file in files.items():
                    if name.lower() == known:
                        return b"x", file()
            for name, file in files.items():
                if name.lower().endswith(".xml") and (b"Invoice" in (content := file()) or b"CrossIndustry" in content):
                    return b"x", content
    except pikepdf.PasswordError:
        return b"e", b""
    except (pikepdf.PdfError, MemoryError, RecursionError, LookupError, ValueError, TypeError, AttributeError):
        return b"b", b""
    return b"n", b""


def attached(pdf: Any) -> dict[str, Callable[[], bytes]]:
    """Name -> a call that gives the bytes, of the catalogue's embedded files."""
    return {name: spec.get_file().read_bytes for name, spec in pdf.attachments.items()}


def associated(pdf: Any) -> dict[str, Callable[[], bytes]]:
    """The same of the files that the catalogue says belong to the document (/AF)."""
    found = {}
    for spec in pdf.Root.get("/AF", []):
        for key in ("/UF", "/F"):
            if key in spec and key in spec.get("/EF", {}):
                found[str(spec[key])] = spec["/EF"][key].read_bytes
    return found


if __name__ == "__main__":
    main()

"""Extracts the text of a PDF's pages, within a limit of CPU time, pages and characters."""

import signal
from typing import Any, Final

from sandbox.intake.cpu_time_limit import Enough

#: How much is read to find a bill by its text: CPU seconds, pages and characters.
READING_SECONDS: Final = 1.5
MOST_READ_PAGES: Final = 20
MOST_TEXT: Final = 20_000


def page_text(file: Any) -> tuple[str, bool]:
    """Return the text of the pages read within the limits, with form feeds between them, and whether they could be
    read."""
    import pypdf

    text, is_read = "", True
    signal.setitimer(signal.ITIMER_PROF, READING_SECONDS)
    try:
        for each in pypdf.PdfReader(file).pages[:MOST_READ_PAGES]:
            text += ("\f" if text else "") + each.extract_text() + "\n"
            if len(text) >= MOST_TEXT:
                break
    except (Exception, Enough):  # noqa: BLE001 - pypdf raises what it pleases at a page that is odd
        is_read = False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return text[:MOST_TEXT].encode("utf-8", "ignore").decode(), is_read


def text(path: str) -> bytes:
    """Return the text of the PDF at *path* as far as it can be read."""
    with open(path, "rb") as file:  # noqa: PTH123 - one module less in every child
        return page_text(file)[0].encode()

"""Marks the pages that an issuer made itself as a specimen, where they are only tried: the sandbox opens them
(`sandbox/specimen_worker.py`), within limits. Pages that go to anybody are never touched."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import sandbox
from words.printed_bill_labels import bill_labels

#: Seconds that one PDF may take.
_PATIENCE: Final = 30.0


class PagesNotMarked(ValueError):  # noqa: N818
    """The PDF's pages cannot be marked; the text is the reason."""


def marked_pages(pdf: bytes, language: str) -> bytes:
    """The PDF with the mark on each page, in this language. The same bytes are marked alike. Raises PagesNotMarked;
    sandbox.Killed where the machine had no memory."""
    words = bill_labels(language)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        try:
            kind, answer = _worker().ask((file.name, words.specimen, words.specimen_means), _PATIENCE)
        except sandbox.Died as error:
            raise PagesNotMarked(str(error)) from error
    if kind != b"p":
        raise PagesNotMarked(answer.decode(errors="replace"))
    return answer


@cache
def _worker() -> sandbox.Client:
    """Return this process's sandbox client. Each PDF is opened by a fresh copy: nothing is kept between two."""
    return sandbox.Client(Path(sandbox.__file__).with_name("specimen_worker.py"), b"pb")

"""The invoice inside a PDF, fetched by a child process that may be killed."""

import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from ingest.entry import FeedError

LARGEST_PDF: Final = 100_000_000
_LARGEST_ANSWER: Final = 50_000_000
#: Seconds one PDF may take, and seconds a feed may lose to PDFs that take longer.
_PATIENCE: Final = 5.0
_CHILD: Final = Path(__file__).with_name("pdf_child.py")
_REFUSALS: Final = {
    b"n": ("PDF-NO-INVOICE", "no invoice is attached to this PDF (factur-x.xml): send Factur-X, or the XML alone"),
    b"e": ("PDF-ENCRYPTED", "this PDF is encrypted: send it without a password"),
    b"b": ("PDF-BROKEN", "this PDF is broken and cannot be opened: make it again"),
}
_SLOW: Final = ("PDF-TOO-SLOW", "this PDF takes too long or too much memory to open: it may be built to do so")


class PdfOpener:
    """Opens the PDFs of one feed with one child, started when the first comes and again when one has died."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lost = 0.0

    def invoice_in(self, document: bytes) -> bytes:
        """The XML attached to this PDF; FeedError when there is none or it cannot be opened within the limits."""
        if self._lost >= _PATIENCE:
            raise FeedError(*_SLOW)
        began = time.monotonic()
        try:
            kind, content = self._ask(document, began + _PATIENCE)
        except (TimeoutError, OSError, EOFError) as error:
            self._lost += time.monotonic() - began
            self.close()
            raise FeedError(*(_SLOW if isinstance(error, TimeoutError) else _REFUSALS[b"b"])) from error
        if kind != b"x":
            raise FeedError(*_REFUSALS[kind])
        return content

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _ask(self, document: bytes, deadline: float) -> tuple[bytes, bytes]:
        if self._child is None:
            self._child = subprocess.Popen(  # noqa: S603 - our own program and no word of a sender
                [sys.executable, "-I", str(_CHILD)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, env={},
            )  # fmt: skip
        assert self._child.stdin is not None
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(document)
            file.flush()
            self._child.stdin.write(f"{file.name}\n".encode())
            head = self._receive(9, deadline)
            length = int.from_bytes(head[1:], "big")
            if head[:1] not in (b"x", *_REFUSALS) or length > _LARGEST_ANSWER:
                raise EOFError("the child does not speak our language any more")
            return head[:1], self._receive(length, deadline)

    def _receive(self, length: int, deadline: float) -> bytes:
        """So many bytes of the answer; TimeoutError at the deadline, EOFError when the child has died."""
        assert self._child is not None
        assert self._child.stdout is not None
        answer, poll = bytearray(), select.poll()
        poll.register(self._child.stdout, select.POLLIN)
        while len(answer) < length:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError("the PDF takes too long")
            block = self._child.stdout.read(length - len(answer))
            if not block:
                raise EOFError("the child has died")
            answer += block
        return bytes(answer)

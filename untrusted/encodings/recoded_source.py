"""A text file of any encoding, read as UTF-8."""

from typing import BinaryIO

from bill import Finding
from untrusted.encodings.text_decoder import TextDecoder
from untrusted.feed_error import FeedError


class RecodedSource:
    """A text file as UTF-8, read like a file, once from its beginning to its end."""

    def __init__(self, source: BinaryIO, encoding: str) -> None:
        self._source = source
        self._decoder = TextDecoder(encoding)
        self._encoding = encoding
        self._line = 1

    def read(self, size: int) -> bytes:
        """Return about *size* bytes, b"" at the end; raises FeedError at a byte that is no character."""
        while block := self._source.read(size):
            if text := self._decode(block, final=False):
                return text.encode("utf-8", "replace")
        return self._decode(b"", final=True).encode("utf-8", "replace")

    def read_all(self) -> bytes:
        """Return the whole file; raises FeedError at a byte that is no character."""
        text = self._decode(self._source.read(), final=False)
        return (text + self._decode(b"", final=True)).encode("utf-8", "replace")

    def findings(self) -> list[Finding]:
        """Return what is to be said of the encoding, at the end of the file."""
        return self._decoder.findings()

    def _decode(self, block: bytes, *, final: bool) -> str:
        try:
            text = self._decoder.decode(block, final=final)
        except UnicodeError as error:
            sentence = "a byte here is no {encoding}: declare what it is, or send UTF-8"
            place = f"after line {self._line}"
            raise FeedError("TEXT-ENCODING", sentence, place, encoding=self._encoding) from error
        self._line += text.count("\n")
        return text

"""Decodes the text of a feed piece by piece: a byte order mark wins over the declared encoding, UTF-8 under a one-byte
character set is read as UTF-8, and an end-of-file mark (0x1A) is passed over."""

import codecs
from typing import Final

from bill import Finding, warning
from untrusted.encodings.byte_order_mark import marked_encoding
from untrusted.encodings.one_byte_charset import decode_line, may_be_utf8, one_byte_charset

_END_MARKS: Final = "\x1a\r\n"
_HIGH: Final = bytes(range(0x80, 0x100))
_MOST_HELD: Final = 1 << 20
#: EBCDIC: the next-line character ends a line, other control characters keep their place in the record.
_EBCDIC_CONTROLS: Final = {**dict.fromkeys(range(0x80, 0xA0), " "), 0x85: "\n"}


class TextDecoder:
    """Decodes the pieces of one text. *utf8_lines* counts the lines that were UTF-8 against the declaration, the first
    of them at *first_utf8_line* (from 1)."""

    def __init__(self, declared: str) -> None:
        self.declared = declared
        self.utf8_lines = self.first_utf8_line = 0
        self._line = 1
        self._charset = ""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_ebcdic = False
        self._held = b""  # the beginning of a line
        self._tail = ""  # an end-of-file mark, if nothing follows
        self._began = False

    def decode(self, block: bytes, *, final: bool) -> str:
        """Return the text of the next bytes; raises UnicodeError at a byte that is no character. A line may be held
        back until its end is there."""
        if not self._began:
            block = self._begin(block)
        text = self._tail + (self._lines(block, final) if self._charset else self._stream(block, final))
        end = len(text.rstrip(_END_MARKS))
        self._tail = ""
        if "\x1a" in text[end:]:
            if final:
                return text[:end] + text[end:].partition("\x1a")[0]
            text, self._tail = text[:end], text[end:]
        return text

    def findings(self) -> list[Finding]:
        """Return the finding that lines were UTF-8 against the declaration, if any were."""
        if not self.utf8_lines:
            return []
        sentence = "{encoding} is declared, and this is UTF-8 ({count} lines): it was read as UTF-8"
        place = f"line {self.first_utf8_line}"
        return [warning("TEXT-ENCODING", sentence, place, encoding=self.declared, count=self.utf8_lines)]

    def _begin(self, block: bytes) -> bytes:
        """Choose the encoding by the first bytes; returns the bytes after a byte order mark."""
        self._began = True
        encoding, length = marked_encoding(block)
        encoding = encoding or self.declared
        self._charset = one_byte_charset(encoding)
        if not self._charset:
            self._decoder = codecs.getincrementaldecoder(encoding)()
            self._is_ebcdic = b"A".decode(encoding, "replace") != "A" and not encoding.lower().startswith("utf")
        return block[length:]

    def _stream(self, block: bytes, final: bool) -> str:
        assert self._decoder is not None
        text = self._decoder.decode(block)
        if final and self._decoder.getstate()[0].strip(b"\x1a"):
            text += self._decoder.decode(b"", final=True)
        return text.translate(_EBCDIC_CONTROLS) if self._is_ebcdic else text

    def _lines(self, block: bytes, final: bool) -> str:
        """Return the whole lines; of a longer line, what ends in ASCII."""
        raw, self._held = self._held + block, b""
        if not final and len(raw) < _MOST_HELD:
            end = raw.rfind(b"\n") + 1 or len(raw.rstrip(_HIGH))
            raw, self._held = raw[:end], raw[end:]
        if may_be_utf8(raw):
            return "".join(map(self._one_line, raw.splitlines(keepends=True)))
        self._line += raw.count(b"\n")
        return raw.decode(self._charset)

    def _one_line(self, line: bytes) -> str:
        text, is_utf8 = decode_line(line, self._charset)
        if is_utf8:
            self.utf8_lines += 1
            self.first_utf8_line = self.first_utf8_line or self._line
        self._line += line.count(b"\n")
        return text

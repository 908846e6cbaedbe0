"""The text of a sample: its encoding, its lines, and how it is delimited."""

import csv
from collections import Counter
from typing import Final, NamedTuple

from untrusted.encodings.byte_order_mark import marked_encoding
from untrusted.feed_error import FeedError

#: The signs that delimit columns, the likeliest first; and the lines that are looked at.
_DELIMITERS: Final = ";\t|,"
_LOOKED_AT: Final = 200
#: Characters of DOS code pages where they are read as Windows': more of them than letters with accents mean the former.
_DOS: Final = frozenset("‚…Š‡")


class SampleText(NamedTuple):
    """A sample's text, and the name of its encoding."""

    text: str
    encoding: str


def decoded(content: bytes) -> SampleText:
    """The text of a sample: by its byte order mark, else UTF-8, else a one-byte character set; raises FeedError where
    it is no text."""
    marked, length = marked_encoding(content)
    for encoding in (marked, "utf-8", "cp1252", "cp850"):
        if not encoding:
            continue
        try:
            text = content[length if encoding == marked else 0 :].decode(encoding)
        except UnicodeError:
            continue
        if "\x00" in text:
            break
        if encoding == "cp1252" and _is_dos(text):
            continue
        return SampleText(text.rstrip("\x1a"), "utf-8" if encoding == marked == "utf-8" else encoding)
    raise FeedError("FORMAT-UNKNOWN", "the file has bytes that are no text")


def delimiter_of(text: str) -> str:
    """The sign that parts each line into the same number of columns; "" where none does."""
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    best, most = "", 1
    for sign in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        except csv.Error:
            continue
        [(width, count)] = widths.most_common(1) or [(0, 0)]
        if width > most and count * 10 >= 8 * sum(widths.values()):
            best, most = sign, width
    return best


def _is_dos(text: str) -> bool:
    odd = sum(character in _DOS for character in text)
    accents = sum(character in "éèêàçùôîâÉÈÀ" for character in text)
    return odd > accents

"""Finds the encoding that a text's first bytes show: a byte order mark, or the zero bytes of UTF-16 without one."""

import codecs
from typing import Final

#: Byte order marks, the longer ones first: UTF-32's begins like UTF-16's.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


def marked_encoding(head: bytes) -> tuple[str, int]:
    """Return the encoding that the first bytes show, and the length of the byte order mark; ("", 0) where they show
    none."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    zeros = [byte == 0 for byte in head[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le", 0
    if zeros == [True, False, True, False]:
        return "utf-16-be", 0
    return "", 0


def as_utf8(head: bytes) -> bytes:
    """Return the beginning of a text in UTF-8 without a mark, where the first bytes show an encoding; else
    unchanged."""
    encoding, length = marked_encoding(head)
    if not encoding:
        return head
    return head[length:].decode(encoding, "ignore").lstrip("\ufeff").encode("utf-8", "ignore")

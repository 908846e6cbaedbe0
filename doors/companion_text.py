"""Decodes the small text files that senders put beside a feed: checksum files and control files."""

import codecs
from typing import Final

_MARKS: Final = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))


def companion_text(content: bytes) -> str:
    """The text, in UTF-8 or as its byte order mark says, without an end-of-file mark; raises UnicodeDecodeError."""
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    if encoding == "utf-16" and len(content) % 2:
        content = content.removesuffix(b"\x1a")
    return content.decode(encoding).rstrip("\x1a\r\n")

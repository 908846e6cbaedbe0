"""Decodes text in a one-byte character set (ISO 8859, Windows, DOS, Macintosh), and recognises UTF-8 in it.

A program that says ISO-8859-1 writes Windows-1252 (WHATWG Encoding Standard), or UTF-8. UTF-8 is told by pairs of bytes
that stand for no two letters of the character set: `Ã©`, `Å“`, `â‚¬`.
"""

import codecs
import re
from functools import lru_cache
from typing import Final

#: The character set -> the one it is read as.
_READ_AS: Final = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_WESTERN: Final = frozenset({
    "cp1252", "iso8859-15", "iso8859-9", "cp1254", "cp437", "cp850", "cp858", "mac-roman",
})  # fmt: skip
#: UTF-8 of Latin letters and of the signs that word processors set; of Greek or Cyrillic, two letters in a row.
_pair = re.compile(
    rb"[\xc2-\xc5][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|(?:[\xcd-\xd1][\x80-\xbf]){2}"
    rb"|(?:[\xe3-\xed][\x80-\xbf]{2}){2}|\xf0\x9f[\x80-\xbf]{2}"
).search
_pairs = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}").findall
#: A run of bytes that is UTF-8 of Western European text, even beside text that is not.
_western = re.compile(rb"(?:\xc2[\xa0-\xbf]|\xc3[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xe2\x80[\x90-\xbf]"
                      rb"|\xe2\x82\xac|\xe2\x84\xa2)+").fullmatch  # fmt: skip
_ASCII: Final = bytes(range(128))
_runs = re.compile(rb"([\x80-\xff]+)").split


@lru_cache(maxsize=64)
def one_byte_charset(name: str) -> str:
    """Return the codec that reads a one-byte character set in which ASCII is ASCII; "" for any other encoding."""
    try:
        codec = codecs.lookup(name).name
        read = bytes(range(256)).decode(codec, "replace")
    except (LookupError, UnicodeError):
        return ""
    if codec.startswith("utf") or len(read) != 256 or read[:128] != bytes(range(128)).decode():
        return ""
    return _READ_AS.get(codec, codec)


def may_be_utf8(content: bytes) -> bool:
    """Return whether a pair of bytes looks like UTF-8. Only the bytes that are not ASCII are looked
    at."""
    return _pair(content.translate(None, _ASCII)) is not None and _pair(content) is not None


def decode_line(line: bytes, charset: str) -> tuple[str, bool]:
    """Return the text of a line, and whether it was read as UTF-8, wholly or in part; raises UnicodeDecodeError at a
    byte that is no character.

    *charset* is what `one_byte_charset` returned.
    """
    if line.isascii() or not may_be_utf8(line):
        return line.decode(charset), False
    is_western = charset in _WESTERN
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return _mixed(line, charset) if is_western else (line.decode(charset), False)
    if is_western or len({*_pairs(line)}) > 1:
        return text, True
    return line.decode(charset), False


def _mixed(line: bytes, charset: str) -> tuple[str, bool]:
    """Return a line in which some runs of letters are UTF-8 and others are not."""
    is_utf8 = False
    texts = []
    for run in _runs(line):
        if _western(run):
            texts.append(run.decode("utf-8"))
            is_utf8 = True
        else:
            texts.append(run.decode(charset))
    return "".join(texts), is_utf8

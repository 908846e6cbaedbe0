"""Recodes XML to UTF-8 where its bytes or its declaration name another encoding, or the two disagree. UTF-8 stays as it
is: the parser reads it directly. A recoded file still declares the old encoding: the parser is told to ignore that."""

import re
from codecs import BOM_UTF8
from io import BytesIO
from typing import BinaryIO, Final

from untrusted.encodings.byte_order_mark import as_utf8, marked_encoding
from untrusted.encodings.one_byte_charset import one_byte_charset
from untrusted.encodings.recoded_source import RecodedSource

_HEAD: Final = 1024
_BEFORE: Final = b" \t\r\n\x1a" + BOM_UTF8
_declared = re.compile(rb"\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"']").match
_OTHER_UTF8: Final = re.compile(r"utf_?8|cp65001|unicode", re.IGNORECASE).fullmatch
#: What nearly every invoice begins with.
_is_utf8 = re.compile(rb"<\?xml version=[\"']1\.0[\"'] encoding=[\"'](?:UTF|utf)-8[\"']").match
#: Encodings of more than one byte that a declaration may name while the bytes are UTF-8.
_WIDE: Final = re.compile(r"(?:utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs-[24]).*", re.IGNORECASE).fullmatch


def from_first_tag(start: bytes) -> bytes:
    """Return the beginning of a UTF-8 file without the blanks and marks before its first tag, where no declaration may
    stand."""
    return start if start[:1] == b"<" else start.lstrip(_BEFORE)


def recoded_xml(source: BinaryIO) -> RecodedSource | None:
    """Return the file as UTF-8; None when the parser can read it as it is. *source* is left at its beginning."""
    encoding = xml_encoding(source.read(_HEAD))
    source.seek(0)
    return RecodedSource(source, encoding) if encoding else None


def recoded_document(document: bytes) -> RecodedSource | None:
    """Return a whole document as UTF-8; None when the parser can read it as it is."""
    encoding = xml_encoding(document[:_HEAD])
    return RecodedSource(BytesIO(document), encoding) if encoding else None


def xml_encoding(head: bytes) -> str:
    """Return the encoding of an XML file by its first bytes; "" when the parser can read it as it is, or must refuse
    it."""
    if _is_utf8(head):
        return ""
    marked, _ = marked_encoding(head)
    declaration = _declared(as_utf8(head))
    declared = declaration[1].decode() if declaration else ""
    if marked:
        is_told = not declared or declared.upper() == "UTF-8"
        return "" if marked == "utf-8" and is_told else marked
    if _WIDE(declared) or _OTHER_UTF8(declared):
        return "utf-8"
    return declared if one_byte_charset(declared) else ""

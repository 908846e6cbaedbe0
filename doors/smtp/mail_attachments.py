"""Finds the files of a mail under limits: parts, depth, files. Nothing of a file is read but its first bytes.

A PDF or XML is known by its content, whatever the mail calls it. Mails that were forwarded inside another (RFC 2046
5.2.1) are looked into; archives are not opened.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import Final, NamedTuple

#: The largest mail, in bytes as it comes.
LARGEST_MAIL: Final = 20 << 20
#: Lines that may begin a part, and boundaries that may be declared; a mail with more is not opened.
_MOST_PART_LINES: Final = 2_000
_MOST_BOUNDARIES: Final = 40
#: Lines that look like headers, each of which takes some hundred bytes of memory.
_MOST_HEADERS: Final = 200_000
#: Parts that are looked at, and how deep one may lie in others.
MOST_PARTS: Final = 200
DEEPEST: Final = 12
#: Files of one mail.
MOST_FILES: Final = 20
_LONGEST_HEADER: Final = 1_000
_HEADER: Final = re.compile(rb"\n[!-9;-~]+:")
_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)
_XML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|[A-Za-z_][\w.-]*:?[\w.-]*[\s>/])", re.ASCII)
_HTML: Final = re.compile(rb"\s*<(?:!doctype|html|head|body)", re.IGNORECASE)


class NotOpened(Exception):  # noqa: N818
    """The mail has more parts, or deeper ones, than any mail program writes."""


class MailFile(NamedTuple):
    """A file of a mail: its name (data from outside), its bytes, and whether it may be a bill."""

    name: str
    content: bytes
    may_be_bill: bool


def open_mail(raw: bytes) -> Message:
    """Parse a mail. Raises NotOpened."""
    if raw.count(b"\n--") > _MOST_PART_LINES or len(_BOUNDARY.findall(raw)) > _MOST_BOUNDARIES:
        raise NotOpened
    if raw.count(b":") > _MOST_HEADERS and sum(1 for _ in _HEADER.finditer(raw)) > _MOST_HEADERS:
        raise NotOpened
    try:
        return message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError) as error:
        raise NotOpened from error


def files_of(mail: Message) -> list[MailFile]:
    """The files of a mail in their order. Raises NotOpened where there are too many parts or files."""
    files = []
    for n, part in enumerate(_parts(mail, 0)):
        if n >= MOST_PARTS:
            raise NotOpened
        file = _file(part)
        if file is not None:
            files.append(file)
        if len(files) > MOST_FILES:
            raise NotOpened
    return files


def _parts(part: Message, depth: int) -> Iterator[Message]:
    """The parts that have content of their own."""
    if depth > DEEPEST:
        raise NotOpened
    payload = part.get_payload()
    if isinstance(payload, list):
        for each in payload:
            if isinstance(each, Message):
                yield from _parts(each, depth + 1)
    else:
        yield part


def _file(part: Message) -> MailFile | None:
    """The file that a part is; None for a text, or a picture within one."""
    content = _octets(part)
    kind = _kind(content)
    name = _name(part)
    disposition = str(part.get("Content-Disposition", ""))[:_LONGEST_HEADER].strip().lower()
    is_text = part.get_content_maintype() == "text" and not name
    is_picture = part.get_content_maintype() == "image" and kind == "xml"  # SVG: a logo is no bill
    if is_picture:
        kind = ""
    if is_text or (not kind and not disposition.startswith("attachment")):
        return None
    return MailFile(name or f"document.{kind or 'bin'}", content, may_be_bill=bool(kind))


def _kind(content: bytes) -> str:
    """`pdf`, `xml`, or "" for anything else."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    head = content[:1024].replace(b"\x00", b"")  # UTF-16 too
    return "xml" if _XML.match(head.lstrip(b"\xff\xfe")) and not _HTML.match(head) else ""


def _octets(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (LookupError, ValueError, TypeError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _name(part: Message) -> str:
    """The file's name as the mail gives it, on one line; "" where there is none that can be read."""
    if any(len(str(part.get(header, ""))) > _LONGEST_HEADER for header in ("Content-Disposition", "Content-Type")):
        return ""
    try:
        name = str(make_header(decode_header(part.get_filename() or "")))
    except (HeaderParseError, LookupError, ValueError, TypeError):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:255]

"""Reads a payment file as a stream: packed or not, of any of the messages that we know."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import msgspec

from bill import fatal
from payments.files.camt.statement_reader import read_statements
from payments.files.pain.direct_debit_reader import read_direct_debits
from payments.files.pain.status_report_reader import read_status_report
from payments.files.payment_file import PaymentFile, PaymentItem
from payments.files.payment_file_format import HEAD, detect_payment_format
from untrusted.archives.archive_member import Member
from untrusted.archives.gzip import GZIP, unpacked
from untrusted.archives.zip import ZIP, ZipMembers
from untrusted.encodings.byte_order_mark import as_utf8
from untrusted.feed_error import FeedError
from untrusted.value_parsing import NotAValueError
from untrusted.xml import safe_parser

#: The reader of each message.
_READERS: Final[dict[str, Callable[[BinaryIO, PaymentFile], Iterator[PaymentItem]]]] = {
    "camt.052": read_statements, "camt.053": read_statements, "camt.054": read_statements,
    "pain.002": read_status_report, "pain.008": read_direct_debits,
}  # fmt: skip


def read_payment_file(stream: BinaryIO) -> PaymentFile:
    """The payment file in *stream*, which is at its beginning and is read as the result is iterated. Never raises for
    what the file says.

    A ZIP of several messages, as banks give by EBICS (C53), is one file: its format is that of the first.
    """
    head = stream.read(HEAD)
    stream.seek(0)
    return PaymentFile(detect_payment_format(head) or "", stream, _read)


def _read(stream: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    try:
        yield from _read_packed(stream, file)
        file.is_whole = True
    except FeedError as refused:
        yield refused.finding
    except NotAValueError as wrong:
        yield fatal(wrong.rule, wrong.sentence, "line 1", **wrong.values)


def _read_packed(stream: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    begin = stream.read(len(ZIP[0]))
    stream.seek(0)
    if begin.startswith(GZIP):
        with unpacked(stream) as content:
            yield from _read_message(content, file)
    elif begin in ZIP:
        for member in ZipMembers(stream):
            yield from _read_member(member, file)
    else:
        yield from _read_message(stream, file)


def _read_member(member: Member, file: PaymentFile) -> Iterator[PaymentItem]:
    """Yield what one message of a ZIP gives, with its name in every place."""
    try:
        with member.unpacked() as content:
            for item in _read_message(content, file):
                yield msgspec.structs.replace(item, place=f"{member.place}: {item.place}")
    except FeedError as refused:
        raise refused.at(f"{member.place}: {refused.finding.place}".rstrip(": ")) from refused


def _read_message(content: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    head = content.read(HEAD)
    content.seek(0)
    name = detect_payment_format(head) or ""
    file.format = file.format or name
    file.messages += 1
    reader = _READERS.get(name[: len("camt.053")])
    if reader is None or head.startswith((GZIP, *ZIP)):
        safe_parser.check_doctype(as_utf8(head))
        sentence = "this is no payment file: we read camt.052, camt.053, camt.054, pain.002 and pain.008"
        raise FeedError("FORMAT-UNKNOWN", sentence, "line 1")
    yield from reader(content, file)

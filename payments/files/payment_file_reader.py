"""Reads a payment file as a stream: packed or not, of any of the messages that we know."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from bill import fatal
from payments.files.camt.statement_reader import read_statements
from payments.files.pain.direct_debit_reader import read_direct_debits
from payments.files.pain.status_report_reader import read_status_report
from payments.files.payment_file import PaymentFile, PaymentItem
from payments.files.payment_file_format import detect_payment_format
from untrusted.encodings.byte_order_mark import as_utf8
from untrusted.feed_error import FeedError
from untrusted.gzip import GZIP, unpacked
from untrusted.value_parsing import NotAValueError
from untrusted.xml import safe_parser

_HEAD: Final = 1 << 14
#: The reader of each message.
_READERS: Final[dict[str, Callable[[BinaryIO, PaymentFile], Iterator[PaymentItem]]]] = {
    "camt.052": read_statements, "camt.053": read_statements, "camt.054": read_statements,
    "pain.002": read_status_report, "pain.008": read_direct_debits,
}  # fmt: skip


def read_payment_file(stream: BinaryIO) -> PaymentFile:
    """The payment file in *stream*, which is at its beginning and is read as the result is iterated. Never raises for
    what the file says."""
    head = stream.read(_HEAD)
    stream.seek(0)
    return PaymentFile(detect_payment_format(head) or "", stream, _read)


def _read(stream: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    try:
        if stream.read(len(GZIP)) == GZIP:
            stream.seek(0)
            with unpacked(stream) as content:
                yield from _read_message(content, file)
        else:
            yield from _read_message(stream, file)
    except FeedError as refused:
        yield refused.finding
    except NotAValueError as wrong:
        yield fatal(wrong.rule, wrong.sentence, "line 1", **wrong.values)


def _read_message(content: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    content.seek(0)
    head = content.read(_HEAD)
    file.format = file.format or detect_payment_format(head) or ""
    content.seek(0)
    reader = _READERS.get(file.format[: len("camt.053")])
    if reader is None:
        safe_parser.check_doctype(as_utf8(head))
        sentence = "this is no payment file: we read camt.052, camt.053, camt.054, pain.002 and pain.008"
        raise FeedError("FORMAT-UNKNOWN", sentence, "line 1")
    yield from reader(content, file)
    file.is_whole = True

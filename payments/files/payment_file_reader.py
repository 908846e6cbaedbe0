"""Reads a payment file as a stream."""

from collections.abc import Iterator
from typing import BinaryIO

from bill import fatal
from payments.files.payment_file import PaymentFile, PaymentItem
from payments.files.payment_file_format import detect_payment_format

_HEAD = 1 << 14


def read_payment_file(stream: BinaryIO) -> PaymentFile:
    """The payment file in *stream*, which is at its beginning and is read as the result is iterated. Never raises for
    what the file says."""
    head = stream.read(_HEAD)
    stream.seek(0)
    return PaymentFile(detect_payment_format(head) or "", stream, _read)


def _read(_stream: BinaryIO, _file: PaymentFile) -> Iterator[PaymentItem]:
    yield fatal(
        "FORMAT-UNKNOWN", "this is no payment file: we read camt.052, camt.053, camt.054, pain.002 and pain.008"
    )

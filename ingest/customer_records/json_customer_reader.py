"""Reads a customer file in JSON: lines, an array, or the array `customers` of an object."""

from collections.abc import Iterator
from typing import BinaryIO

from bill import Finding, fatal
from bill.customer.record_builder import BuiltRecord
from bill.customer.record_json import record_of_json
from ingest.custom_formats.json_reader import json_values
from ingest.customer_records.customer_item import CustomerItem, item_of
from issuers.customer_layout import CustomerLayout
from untrusted.json_stream_parser import BrokenError, Text


def read_json_customers(source: BinaryIO, form: CustomerLayout, findings: list[Finding]) -> Iterator[CustomerItem]:
    """Yield the customers. A line that is no JSON is one refused item; an array that breaks off raises FeedError."""
    text = Text(source, "utf-8")
    for seq, (place, value, _) in enumerate(json_values(text, "customers"), 1):
        if isinstance(value, BrokenError):
            broken = fatal("JSON-BROKEN", "this is no JSON: {reason}", place, reason=str(value))
            yield item_of(seq, place, BuiltRecord(None, (broken,), None))
        else:
            yield item_of(seq, place, record_of_json(value, place, form.zone))
    findings += text.findings()

"""One entry of a customer file, as its reader found it."""

from typing import NamedTuple

from bill import Finding
from bill.customer.customer_record import CustomerRecord
from bill.customer.record_builder import BuiltRecord


class CustomerItem(NamedTuple):
    """One entry: without a *record* it is refused, and a fatal finding says why."""

    seq: int  # 1..n, the place in the file
    place: str  # a line, or the nth object
    number: str | None  # the account's, as far as it is known
    record: CustomerRecord | None
    findings: tuple[Finding, ...] = ()


def item_of(seq: int, place: str, built: BuiltRecord) -> CustomerItem:
    """The item of a record that was built."""
    return CustomerItem(seq, place, built.number, built.record, built.findings)

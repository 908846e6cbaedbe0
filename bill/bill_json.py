"""A bill as JSON, by the names of its terms: one shape for the command line and for whoever takes a bill away."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from bill.bill import Bill


def bill_terms(bill: Bill) -> dict[str, Any]:
    """Returns the terms of the bill by the names of `bill.Bill` (docs/bill-json.md has their numbers).

    Absent terms are left out. Amounts and quantities are decimal strings, as sent and without an exponent; days are ISO
    dates; the bytes of an attachment are not in it.
    """
    terms: dict[str, Any] = _value(bill)
    return terms


def _value(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        pairs = ((field, _value(getattr(value, field))) for field in value.__struct_fields__)
        return {field: each for field, each in pairs if each not in (None, "", [], {})}
    match value:
        case tuple():
            return [_value(each) for each in value]
        case bytes():
            return None
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
    return value
